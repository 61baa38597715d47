using SweepCluster.Graphs;
using SweepCluster.Numerics.Packing;

namespace SweepCluster.Compression.Palettization.Tables;

/// <summary>What the rule of a table may ask of one group: its values, or where channels have scales its values divided by them.</summary>
internal sealed class GroupValues
{
    private readonly PreparedWeight _weight;
    private readonly ChannelGroups _groups;
    private readonly float[]? _quotients;

    internal GroupValues(PreparedWeight weight, ChannelGroups groups, int group, float[]? quotients)
    {
        _weight = weight;
        _groups = groups;
        Group = group;
        _quotients = quotients;
    }

    /// <summary>Number of the group.</summary>
    internal int Group { get; }

    /// <summary>Type of the weight, that entries are rounded to.</summary>
    internal ElementType Type => _weight.Source.Type;

    /// <summary>Whether the values are stored float16 numbers.</summary>
    internal bool IsHalf => _quotients is null && _weight.StoredHalves is not null;

    /// <summary>The values, row-major.</summary>
    internal ReadOnlyMemory<float> Singles => _quotients ?? _groups.Gather(_weight.Values, Group * _groups.GroupSize, _groups.GroupSize);

    /// <summary>The values sorted, with counts.</summary>
    internal DistinctValues Distinct => _quotients is not null ? DistinctValues.Of(_quotients) : _weight.Groups(_groups.Count == 1 ? 0 : _groups.GroupSize)[Group];

    /// <summary>The smallest and the largest value.</summary>
    internal ValueRange Range => _quotients is null && _weight.StoredHalves is { } halves
        ? HalfRange(halves.Span)
        : ValueRange.Of(Singles.Span);

    private ValueRange HalfRange(ReadOnlySpan<Half> halves)
    {
        int run = _groups.GroupSize * _groups.Inner;
        ValueRange range = ValueRange.Of(halves.Slice(_groups.Start(0, Group * _groups.GroupSize), run));
        for (int outer = 1; outer < _groups.Outer; outer++)
        {
            ValueRange next = ValueRange.Of(halves.Slice(_groups.Start(outer, Group * _groups.GroupSize), run));
            range = new(Math.Min(range.Min, next.Min), Math.Max(range.Max, next.Max));
        }

        return range;
    }
}
