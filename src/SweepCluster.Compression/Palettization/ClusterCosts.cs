using System.Runtime.InteropServices;
using SweepCluster.Numerics.Packing;

namespace SweepCluster.Compression.Palettization;

/// <summary>Prefix sums over sorted distinct values, from which the cost of any cluster of neighbours follows in a few operations.</summary>
/// <remarks>A cluster is the half-open range [from, to) of distinct values. Values are shifted by the weighted median and the sums grow outwards from it,
/// so that the bulk's sums stay small whatever lies far out on either side: the difference of two prefix sums then loses little.
/// Prefix sums of squares cancel out of every comparison of two cuts and are not kept: a cluster's cost is its squares less its <see cref="Saving"/>.
/// Of weighted values those are left out whose weight is 0, or vanishes in the sum of those below; where all weigh 0, each element weighs 1.</remarks>
internal sealed class ClusterCosts : IDisposable
{
    /// <summary>Boundaries at each end that <see cref="Coarsened"/> keeps.</summary>
    private const int FineEnds = 64;

    private readonly ReadOnlyMemory<float> _values;
    private readonly float[]? _rentedValues;
    private readonly int[]? _counts;
    private readonly bool _isCountsRented;
    private readonly double[]? _weights;
    private readonly double[] _sums;
    private readonly float _last;
    private readonly double _shift;

    internal ClusterCosts(DistinctValues distinct)
    {
        _values = distinct.Values;
        Count = _values.Length;
        if (!distinct.Weights.IsEmpty)
        {
            _rentedValues = ScratchArrays.Rent<float>(Count);
            _weights = ScratchArrays.Rent<double>(Count + 1);
            int heavy = TakeHeavy(distinct, _rentedValues, _weights);
            if (heavy > 0)
            {
                _values = _rentedValues.AsMemory(0, heavy);
                Count = heavy;
            }
            else
            {
                ScratchArrays.Return(_weights);
                _weights = null;
            }
        }

        if (_weights is null)
        {
            MemoryMarshal.TryGetArray(distinct.Ends, out ArraySegment<int> ends);
            _counts = ends.Array;
        }

        _last = _values.Span[Count - 1];
        _sums = ScratchArrays.Rent<double>(Count + 1);
        int median = Median();
        _shift = _values.Span[median];
        SquaresBelow = AddUp(median);
    }

    private ClusterCosts(ClusterCosts fine, int stride)
    {
        int middle = (fine.Count - (2 * FineEnds) + stride - 1) / stride;
        Count = middle + (2 * FineEnds);
        (_last, _shift, SquaresBelow) = (fine._last, fine._shift, fine.SquaresBelow);
        _rentedValues = ScratchArrays.Rent<float>(Count);
        _values = _rentedValues.AsMemory(0, Count);
        _sums = ScratchArrays.Rent<double>(Count + 1);
        _counts = fine._counts is null ? null : ScratchArrays.Rent<int>(Count + 1);
        _isCountsRented = true;
        _weights = fine._weights is null ? null : ScratchArrays.Rent<double>(Count + 1);
        ReadOnlySpan<float> values = fine._values.Span;
        for (int i = 0; i <= Count; i++)
        {
            int from = i <= FineEnds ? i
                : i <= FineEnds + middle ? Math.Min(FineEnds + ((i - FineEnds) * stride), fine.Count - FineEnds)
                : fine.Count - (Count - i);
            _sums[i] = fine._sums[from];
            if (_counts is not null)
            {
                _counts[i] = fine._counts![from];
            }
            else
            {
                _weights![i] = fine._weights![from];
            }

            if (i < Count)
            {
                _rentedValues[i] = values[from];
            }
        }
    }

    /// <summary>Number of distinct values that weigh something.</summary>
    internal int Count { get; }

    /// <summary>The values.</summary>
    internal ReadOnlySpan<float> Values => _values.Span;

    /// <summary>Elements before each boundary, Count + 1 entries; null where elements have importances.</summary>
    internal int[]? Counts => _counts;

    /// <summary>Summed importances before each boundary, Count + 1 entries; null where there are none.</summary>
    internal double[]? Weights => _weights;

    /// <summary>Sums of shifted values between the median and each boundary; Count + 1 entries.</summary>
    internal double[] Sums => _sums;

    /// <summary>Sum of squares of the shifted values below the median.</summary>
    internal double SquaresBelow { get; }

    /// <summary>Weight of a cluster.</summary>
    internal double Weight(int from, int to) => _counts is not null ? _counts[to] - _counts[from] : _weights![to] - _weights[from];

    /// <summary>Mean of a cluster that is not empty.</summary>
    internal double Mean(int from, int to) => to - from == 1 ? _values.Span[from] : _shift + ((_sums[to] - _sums[from]) / Weight(from, to));

    /// <summary>Sum of squared distances to the cluster's mean, in time of its length.</summary>
    internal double Cost(int from, int to)
    {
        double mean = Mean(from, to), cost = 0;
        for (int i = from; i < to; i++)
        {
            double offset = _values.Span[i] - mean;
            cost += Weight(i, i + 1) * offset * offset;
        }

        return cost;
    }

    /// <summary>By how much the squared distances to the cluster's mean sum to less than those to the shift.</summary>
    internal double Saving(int from, int to)
    {
        double sum = _sums[to] - _sums[from];
        return sum * sum / Weight(from, to);
    }

    /// <summary>As <see cref="Saving"/>, for any centre; 0 for no values.</summary>
    internal double SavingAround(int from, int to, double centre)
    {
        double off = centre - _shift;
        return off * ((2 * (_sums[to] - _sums[from])) - (Weight(from, to) * off));
    }

    /// <summary>At least the distance between the first and the last value of a cluster.</summary>
    internal double Reach(int from, int to) => (double)(to < Count ? _values.Span[to] : _last) - _values.Span[from];

    /// <summary>The same values, cut only at every <paramref name="stride"/>-th boundary, but at every one near the ends: what lies far out has to stay apart from the bulk.</summary>
    /// <param name="stride">1 or more; there are more values than twice <see cref="FineEnds"/>.</param>
    internal ClusterCosts Coarsened(int stride) => new(this, stride);

    /// <inheritdoc/>
    public void Dispose()
    {
        ScratchArrays.Return(_rentedValues);
        ScratchArrays.Return(_weights);
        ScratchArrays.Return(_sums);
        if (_isCountsRented)
        {
            ScratchArrays.Return(_counts);
        }
    }

    private static int TakeHeavy(DistinctValues distinct, float[] values, double[] sums)
    {
        ReadOnlySpan<float> all = distinct.Values.Span;
        ReadOnlySpan<double> weights = distinct.Weights.Span;
        int heavy = 0;
        sums[0] = 0;
        for (int i = 0; i < all.Length; i++)
        {
            double sum = sums[heavy] + weights[i];
            if (sum > sums[heavy])
            {
                values[heavy] = all[i];
                sums[++heavy] = sum;
            }
        }

        return heavy;
    }

    // The last boundary with at most half of the weight below it.
    private int Median()
    {
        double half = Weight(0, Count) / 2;
        int from = 0, to = Count;
        while (to - from > 1)
        {
            int probe = (from + to) >>> 1;
            (from, to) = Weight(0, probe) <= half ? (probe, to) : (from, probe);
        }

        return from;
    }

    // Returns the squares below the median.
    private double AddUp(int median)
    {
        ReadOnlySpan<float> values = _values.Span;
        double sum = 0, below = 0;
        _sums[median] = 0;
        for (int i = median; i < values.Length; i++)
        {
            _sums[i + 1] = sum += Weight(i, i + 1) * (values[i] - _shift);
        }

        sum = 0;
        for (int i = median - 1; i >= 0; i--)
        {
            double offset = values[i] - _shift, product = Weight(i, i + 1) * offset;
            _sums[i] = sum -= product;
            below += product * offset;
        }

        return below;
    }
}
