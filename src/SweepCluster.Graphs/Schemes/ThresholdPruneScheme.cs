using System.Globalization;

namespace SweepCluster.Graphs.Schemes;

/// <summary>Magnitudes up to and including a threshold become 0.</summary>
/// <param name="Threshold">In weight units, 0 or more; compared in the weight's type.</param>
/// <param name="MinimumSparsity">A weight whose share of zeros comes out below this (<c>minimum_sparsity_percentile</c>, 0 to 1) is left alone.</param>
public sealed record ThresholdPruneScheme(double Threshold, double MinimumSparsity) : PruneScheme
{
    private const double UsualMinimum = 0.5;

    /// <summary>In weight units, 0 or more; compared in the weight's type. -0 is 0.</summary>
    public double Threshold { get; init => field = value + 0.0; } = Threshold + 0.0;

    /// <summary>A weight whose share of zeros comes out below this (<c>minimum_sparsity_percentile</c>, 0 to 1) is left alone. -0 is 0.</summary>
    public double MinimumSparsity { get; init => field = value + 0.0; } = MinimumSparsity + 0.0;

    /// <inheritdoc/>
    public override string Canonical
    {
        get
        {
            SchemeWriter text = new(Family);
            text.Add("threshold", Threshold.ToString("R", CultureInfo.InvariantCulture));
            text.Add("minimum_sparsity_percentile", MinimumSparsity.ToString("R", CultureInfo.InvariantCulture));
            return text.ToString();
        }
    }

    /// <inheritdoc/>
    public override string Label => string.Create(CultureInfo.InvariantCulture, $"prune<={Threshold:R}")
        + (MinimumSparsity == UsualMinimum ? "" : string.Create(CultureInfo.InvariantCulture, $"/min{MinimumSparsity:R}"));
}
