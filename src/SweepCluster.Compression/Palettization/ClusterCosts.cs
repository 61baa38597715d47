using System.Buffers;
using SweepCluster.Numerics.Packing;

namespace SweepCluster.Compression.Palettization;

/// <summary>Prefix sums over sorted distinct values, from which the cost of any cluster of neighbours follows in a few operations.</summary>
/// <remarks>A cluster is the half-open range [from, to) of distinct values. Values are shifted by the weighted median and the sums grow outwards from it,
/// so that the bulk's sums stay small whatever lies far out on either side: the difference of two prefix sums then loses little.</remarks>
internal sealed class ClusterCosts : IDisposable
{
    private readonly double[] _weights;
    private readonly double[] _sums;
    private readonly double[] _squares;
    private readonly double _shift;

    internal ClusterCosts(DistinctValues distinct)
    {
        ReadOnlySpan<float> values = distinct.Values.Span;
        ReadOnlySpan<int> counts = distinct.Counts.Span;
        Count = values.Length;
        _weights = ArrayPool<double>.Shared.Rent(Count + 1);
        _sums = ArrayPool<double>.Shared.Rent(Count + 1);
        _squares = ArrayPool<double>.Shared.Rent(Count + 1);

        _weights[0] = 0;
        for (int i = 0; i < Count; i++)
        {
            _weights[i + 1] = _weights[i] + counts[i];
        }

        int median = Array.BinarySearch(_weights, 0, Count, _weights[Count] / 2);
        median = median >= 0 ? median : ~median - 1;
        _shift = values[median];
        _sums[median] = _squares[median] = 0;
        for (int i = median; i < Count; i++)
        {
            double offset = values[i] - _shift;
            _sums[i + 1] = _sums[i] + (counts[i] * offset);
            _squares[i + 1] = _squares[i] + (counts[i] * offset * offset);
        }

        for (int i = median - 1; i >= 0; i--)
        {
            double offset = values[i] - _shift;
            _sums[i] = _sums[i + 1] - (counts[i] * offset);
            _squares[i] = _squares[i + 1] - (counts[i] * offset * offset);
        }
    }

    /// <summary>Number of distinct values.</summary>
    internal int Count { get; }

    /// <summary>Number of elements before each boundary; Count + 1 entries.</summary>
    internal ReadOnlySpan<double> Weights => _weights.AsSpan(0, Count + 1);

    /// <summary>Sums of shifted values between the median and each boundary; Count + 1 entries.</summary>
    internal ReadOnlySpan<double> Sums => _sums.AsSpan(0, Count + 1);

    /// <summary>As <see cref="Sums"/>, of their squares.</summary>
    internal ReadOnlySpan<double> Squares => _squares.AsSpan(0, Count + 1);

    /// <summary>Mean of a cluster that is not empty.</summary>
    internal double Mean(int from, int to) => _shift + ((_sums[to] - _sums[from]) / (_weights[to] - _weights[from]));

    /// <summary>Sum of squared distances to the cluster's mean.</summary>
    internal double Cost(int from, int to)
    {
        double sum = _sums[to] - _sums[from];
        return Math.Max(0, _squares[to] - _squares[from] - (sum * sum / (_weights[to] - _weights[from])));
    }

    /// <summary>Sum of squared distances to any centre.</summary>
    internal double CostAround(int from, int to, double centre)
    {
        if (from == to)
        {
            return 0;
        }

        double off = Mean(from, to) - centre;
        return Cost(from, to) + ((_weights[to] - _weights[from]) * off * off);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<double>.Shared.Return(_weights);
        ArrayPool<double>.Shared.Return(_sums);
        ArrayPool<double>.Shared.Return(_squares);
    }
}
