namespace SweepCluster.Graphs.Schemes;

/// <summary>How one weight is stored. Two schemes are the same if and only if their canonical texts are.</summary>
public abstract record Scheme
{
    private protected Scheme()
    {
    }

    /// <summary>Family, for grouping in tables and plots: <c>palettize</c>, <c>quantize</c>, <c>prune</c>, <c>prune+palettize</c>, <c>mindspore</c>, <c>float16</c>, <c>none</c>.</summary>
    public abstract string Family { get; }

    /// <summary>The whole scheme as one line that <see cref="SchemeText"/> reads back: <c>palettize(nbits=4, granularity=per_grouped_channel, group_size=16)</c>.
    /// Only keys that matter appear, always in the same order.</summary>
    public abstract string Canonical { get; }

    /// <summary>A label of a few characters for tables and plots: <c>pal4/g16</c>. Different schemes have different labels.</summary>
    /// <remarks>Tables of numbers of a user's are told apart by 16 bits of a hash.</remarks>
    public abstract string Label { get; }

    /// <inheritdoc cref="Canonical"/>
    public sealed override string ToString() => Canonical;
}
