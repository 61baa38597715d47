using System.Globalization;

namespace SweepCluster.Graphs.Schemes;

/// <summary>The smallest magnitudes become 0: of elements, of blocks of channels, or of whole output channels.</summary>
/// <param name="TargetSparsity">Share to prune, above 0 and below 1.</param>
public sealed record MagnitudePruneScheme(double TargetSparsity) : PruneScheme
{
    /// <summary>Consecutive channels along <see cref="Dim"/> that go or stay together, judged by their L2 norm; 0 for single elements.</summary>
    public int BlockSize { get; init; }

    /// <summary>The axis of blocks: 0 for output channels, 1 for input channels. 0 without blocks.</summary>
    public int Dim { get; init; }

    /// <summary>Whether exactly floor(n times sparsity) elements go, the lowest index first among equals (<c>ties=exact</c>); otherwise every tie with the percentile goes, as in the reference.</summary>
    public bool ExactTies { get; init; }

    /// <summary>Whether whole output channels go, those of the smallest L2 norm (<c>granularity=per_channel</c>).</summary>
    public bool Channels { get; init; }

    /// <summary>Whose arithmetic is used; that of coremltools squares blocks in the weight's own type.</summary>
    public SchemeProfile Profile { get; init; }

    /// <inheritdoc/>
    public override string Canonical
    {
        get
        {
            SchemeWriter text = new(Family);
            text.Add("target_sparsity", TargetSparsity.ToString("R", CultureInfo.InvariantCulture));
            text.AddIf(Channels, "granularity", "per_channel");
            text.AddIf(BlockSize != 0, "block_size", BlockSize);
            text.AddIf(BlockSize != 0 || Dim != 0, "dim", Dim);
            text.AddIf(ExactTies, "ties", "exact");
            text.AddIf(Profile == SchemeProfile.CoreMlTools, "compat", "coremltools");
            return text.ToString();
        }
    }

    /// <inheritdoc/>
    public override string Label => "prune" + Share + (Channels ? "/ch" : "") + (BlockSize > 0 ? $"/b{BlockSize}d{Dim}" : "") + (ExactTies ? "/x" : "") + (Profile == SchemeProfile.CoreMlTools ? "'" : "");

    // Percent where two decimals say it exactly, otherwise the share itself.
    private string Share
    {
        get
        {
            string percent = (TargetSparsity * 100).ToString("0.##", CultureInfo.InvariantCulture);
            return double.TryParse(percent + "E-2", CultureInfo.InvariantCulture, out double share) && share == TargetSparsity
                ? percent
                : ":" + TargetSparsity.ToString("R", CultureInfo.InvariantCulture);
        }
    }
}
