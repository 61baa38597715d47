using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Palettization.Tables;

/// <summary>How the output channels lie in a weight, and which of them share a palette.</summary>
internal sealed class ChannelGroups
{
    private readonly AxisView _view;

    internal ChannelGroups(Weight weight, int groupSize)
    {
        _view = AxisView.Of(weight.Shape, weight.OutputAxis);
        GroupSize = groupSize == 0 ? Channels : groupSize;
    }

    /// <summary>Output channels.</summary>
    internal int Channels => _view.Channels;

    /// <summary>Output channels that share a palette.</summary>
    internal int GroupSize { get; }

    /// <summary>Number of palettes.</summary>
    internal int Count => Channels / GroupSize;

    /// <summary>Product of the extents before the output axis.</summary>
    internal int Outer => _view.Outer;

    /// <summary>Product of the extents behind the output axis.</summary>
    internal int Inner => _view.Inner;

    /// <summary>Elements of one group.</summary>
    internal int GroupLength => Outer * GroupSize * Inner;

    /// <summary>The elements of some neighbouring channels, row-major: where they are adjacent the values themselves, otherwise a copy.</summary>
    internal ReadOnlyMemory<T> Gather<T>(ReadOnlyMemory<T> values, int first, int count)
    {
        int run = count * Inner;
        if (Outer == 1)
        {
            return values.Slice(first * Inner, run);
        }

        T[] gathered = new T[Outer * run];
        for (int outer = 0; outer < Outer; outer++)
        {
            values.Span.Slice(Start(outer, first), run).CopyTo(gathered.AsSpan(outer * run));
        }

        return gathered;
    }

    /// <summary>Puts back what <see cref="Gather"/> took.</summary>
    internal void Scatter<T>(ReadOnlySpan<T> gathered, int first, int count, Span<T> values)
    {
        int run = count * Inner;
        for (int outer = 0; outer < Outer; outer++)
        {
            gathered.Slice(outer * run, run).CopyTo(values[Start(outer, first)..]);
        }
    }

    internal int Start(int outer, int channel) => ((outer * Channels) + channel) * Inner;
}
