using System.Buffers;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Numerics.Packing;

namespace SweepCluster.Compression.Palettization;

/// <summary>The distinct values of each group of output channels of one weight, with their importances where it has any, found when first asked for.</summary>
internal sealed class WeightGroups
{
    private readonly PreparedWeight _weight;
    private readonly DistinctValues?[] _distinct;

    internal WeightGroups(PreparedWeight weight, int groupSize, bool isBinned)
    {
        Shape shape = weight.Source.Shape;
        _weight = weight;
        GroupSize = groupSize;
        IsBinned = isBinned;
        Runs = groupSize == 0 ? BlockRuns.Whole(shape) : BlockRuns.Along(shape, weight.Source.OutputAxis, groupSize);
        _distinct = new DistinctValues?[Runs.BlockCount];
    }

    internal int GroupSize { get; }

    /// <summary>Whether values are rounded into bins.</summary>
    internal bool IsBinned { get; }

    internal BlockRuns Runs { get; }

    internal int Count => _distinct.Length;

    /// <summary>Elements of one group.</summary>
    internal int Size => Runs.ElementCount / Count;

    // Two threads may find the same values twice; both find the same.
    internal DistinctValues this[int group] => _distinct[group] ??= _weight.StoredHalves is { } halves
        ? Find(halves.Span, group, DistinctValues.Of)
        : Find(_weight.Values.Span, group, IsBinned ? DistinctValues.Binned : DistinctValues.Of);

    // Groups of one axis lie at equal distances: outer index, then group, then run.
    internal IEnumerable<int> RunStarts(int group)
    {
        int stride = Count * Runs.RunLength;
        for (int start = group * Runs.RunLength; start < Runs.ElementCount; start += stride)
        {
            yield return start;
        }
    }

    /// <summary>The elements of one group side by side: where they lie if they do, otherwise copied.</summary>
    /// <param name="values">The whole weight.</param>
    /// <param name="group">The group.</param>
    /// <param name="rented">Receives the rented array that the values were copied to, or null.</param>
    internal ReadOnlySpan<T> Gather<T>(ReadOnlySpan<T> values, int group, out T[]? rented)
    {
        rented = null;
        if (Runs.RunLength == Size)
        {
            return values.Slice(group * Size, Size); // the group is one run: groups of the first axis, or the whole tensor
        }

        rented = ArrayPool<T>.Shared.Rent(Size);
        int stride = Count * Runs.RunLength, at = 0;
        for (int start = group * Runs.RunLength; start < Runs.ElementCount; start += stride, at += Runs.RunLength)
        {
            values.Slice(start, Runs.RunLength).CopyTo(rented.AsSpan(at));
        }

        return rented.AsSpan(0, Size);
    }

    /// <summary>Gives back what <see cref="Gather"/> rented.</summary>
    internal static void Return<T>(T[]? rented)
    {
        if (rented is not null)
        {
            ArrayPool<T>.Shared.Return(rented);
        }
    }

    private DistinctValues Find<T>(ReadOnlySpan<T> values, int group, Finder<T> find)
    {
        float[]? rentedImportances = null;
        ReadOnlySpan<float> importances = _weight.Importances.IsEmpty ? [] : Gather(_weight.Importances.Span, group, out rentedImportances);
        DistinctValues distinct = find(Gather(values, group, out T[]? rented), importances);
        Return(rented);
        Return(rentedImportances);
        return distinct;
    }

    private delegate DistinctValues Finder<T>(ReadOnlySpan<T> values, ReadOnlySpan<float> importances);
}
