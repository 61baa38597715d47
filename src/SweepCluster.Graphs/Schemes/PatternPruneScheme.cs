namespace SweepCluster.Graphs.Schemes;

/// <summary>n:m sparsity: of every <paramref name="M"/> consecutive channels the <paramref name="N"/> smallest magnitudes become 0.</summary>
/// <param name="N">How many go, 1 to <paramref name="M"/> - 1.</param>
/// <param name="M">Consecutive channels, 2 or more.</param>
/// <param name="Dim">The axis: 0 for output channels, 1 for input channels.</param>
public sealed record PatternPruneScheme(int N, int M, int Dim) : PruneScheme
{
    /// <inheritdoc/>
    public override string Canonical => $"prune(n_m_ratio={N}:{M}, dim={Dim})";

    /// <inheritdoc/>
    public override string Label => $"prune{N}:{M}{(Dim == 1 ? "" : $"/d{Dim}")}";
}
