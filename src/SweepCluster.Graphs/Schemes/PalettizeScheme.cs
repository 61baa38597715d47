namespace SweepCluster.Graphs.Schemes;

/// <summary>Indices into a palette (look-up table) whose entries k-means finds: optimal for scalars, over the distinct values.</summary>
/// <param name="Bits">Bits of one index: 1, 2, 3, 4, 6 or 8.</param>
/// <param name="GroupSize">Output channels that share one palette; 0 for one palette for the whole tensor.</param>
public sealed record PalettizeScheme(int Bits, int GroupSize) : Scheme
{
    /// <inheritdoc/>
    public override string Family => "palettize";

    /// <inheritdoc/>
    public override string Canonical => GroupSize == 0
        ? $"palettize(mode=kmeans, nbits={Bits}, granularity=per_tensor)"
        : $"palettize(mode=kmeans, nbits={Bits}, granularity=per_grouped_channel, group_size={GroupSize})";

    /// <inheritdoc/>
    public override string Label => GroupSize == 0 ? $"pal{Bits}" : $"pal{Bits}/g{GroupSize}";
}
