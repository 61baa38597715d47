using System.Globalization;

namespace SweepCluster.Graphs.Schemes;

/// <summary>The smallest magnitudes become 0 and only the others are stored.</summary>
/// <param name="TargetSparsity">Share of elements to prune, above 0 and below 1. Ties with the percentile go too, as in the reference.</param>
public sealed record PruneScheme(double TargetSparsity) : Scheme
{
    /// <inheritdoc/>
    public override string Family => "prune";

    /// <inheritdoc/>
    public override string Canonical => string.Create(CultureInfo.InvariantCulture, $"prune(target_sparsity={TargetSparsity:R})");

    /// <inheritdoc/>
    public override string Label => string.Create(CultureInfo.InvariantCulture, $"prune{TargetSparsity * 100:0.##}");
}
