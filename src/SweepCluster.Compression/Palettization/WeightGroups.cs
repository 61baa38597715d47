using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Numerics.Packing;

namespace SweepCluster.Compression.Palettization;

/// <summary>The distinct values of each group of output channels of one weight, found when first asked for.</summary>
internal sealed class WeightGroups
{
    private readonly PreparedWeight _weight;
    private readonly DistinctValues?[] _distinct;

    internal WeightGroups(PreparedWeight weight, int groupSize)
    {
        Shape shape = weight.Source.Shape;
        _weight = weight;
        GroupSize = groupSize;
        Runs = groupSize == 0 ? BlockRuns.Whole(shape) : BlockRuns.Along(shape, weight.Source.OutputAxis, groupSize);
        _distinct = new DistinctValues?[Runs.BlockCount];
    }

    internal int GroupSize { get; }

    internal BlockRuns Runs { get; }

    internal int Count => _distinct.Length;

    // Two threads may find the same values twice; both find the same.
    internal DistinctValues this[int group] => _distinct[group] ??= _weight.Source is { Type: ElementType.Float16, Stored: DenseWeight }
        ? DistinctValues.Of(Gather(_weight.Halves, group))
        : DistinctValues.Of(Gather(_weight.Values.Span, group));

    // Groups of one axis lie at equal distances: outer index, then group, then run.
    internal IEnumerable<int> RunStarts(int group)
    {
        int stride = Count * Runs.RunLength;
        for (int start = group * Runs.RunLength; start < Runs.ElementCount; start += stride)
        {
            yield return start;
        }
    }

    private ReadOnlySpan<T> Gather<T>(ReadOnlySpan<T> values, int group)
    {
        int size = values.Length / Count;
        if (Runs.RunLength == size)
        {
            return values.Slice(group * size, size); // the group is one run: groups of the first axis, or the whole tensor
        }

        T[] gathered = new T[size];
        int at = 0;
        foreach (int start in RunStarts(group))
        {
            values.Slice(start, Runs.RunLength).CopyTo(gathered.AsSpan(at));
            at += Runs.RunLength;
        }

        return gathered;
    }
}
