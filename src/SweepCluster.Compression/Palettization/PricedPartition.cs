using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SweepCluster.Compression.Palettization;

/// <summary>Cuts sorted values into any number of clusters such that squared distances plus a price for each cluster are least.</summary>
/// <remarks>
/// With b(i) the best start of the last cluster that ends at boundary i, b never falls as i grows, and for a fixed i never rises with the price. The first bounds the candidates while boundaries are
/// halved (an online form of divide and conquer, n log n evaluations); the second bounds them by the answers at two earlier prices, after which an evaluation or two a boundary is left.
/// The squares' prefix sums cancel out of the recurrence: E(i) = price + min over j of E(j) - (S(i) - S(j))^2 / (W(i) - W(j)). Ties go to the lowest j on every path, so every instruction set gives the same cut.
/// </remarks>
internal sealed class PricedPartition : IDisposable
{
    private readonly ClusterCosts _costs;
    private readonly int _count;
    private readonly double[] _value;
    private int[] _start;
    private int[] _lower;
    private int[] _upper;
    private bool _hasLower;
    private bool _hasUpper;
    private double _price;

    internal PricedPartition(ClusterCosts costs)
    {
        _costs = costs;
        _count = costs.Count;
        _value = ArrayPool<double>.Shared.Rent(_count + 1);
        _start = ArrayPool<int>.Shared.Rent(_count + 1);
        _lower = ArrayPool<int>.Shared.Rent(_count + 1);
        _upper = ArrayPool<int>.Shared.Rent(_count + 1);
    }

    /// <summary>Finds the cheapest cut at a price above 0.</summary>
    /// <returns>Ascending boundaries, from 0 to the number of values.</returns>
    internal int[] Find(double price)
    {
        _price = price;
        _value.AsSpan(1, _count).Fill(double.PositiveInfinity);
        _value[0] = -_costs.Squares[0];
        _start.AsSpan(1, _count).Fill(-1);
        _start[0] = 0;
        Improve(_count, 0, 0);
        Solve(0, _count);
        return Boundaries();
    }

    /// <summary>Later prices will be higher than the last one: its starts bound theirs from above.</summary>
    internal void KeepAsUpperWindow()
    {
        (_start, _upper) = (_upper, _start);
        _hasUpper = true;
    }

    /// <summary>Later prices will be lower than the last one: its starts bound theirs from below.</summary>
    internal void KeepAsLowerWindow()
    {
        (_start, _lower) = (_lower, _start);
        _hasLower = true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<double>.Shared.Return(_value);
        ArrayPool<int>.Shared.Return(_start);
        ArrayPool<int>.Shared.Return(_lower);
        ArrayPool<int>.Shared.Return(_upper);
    }

    // On entry boundary `left` is final and `right` has seen every start up to `left`; on return all boundaries between are final and `right` has seen every start before itself.
    private void Solve(int left, int right)
    {
        if (right - left == 1)
        {
            return;
        }

        int middle = (left + right) >>> 1;
        Improve(middle, _start[left], _start[right] < 0 ? left : _start[right]);
        Solve(left, middle);
        Improve(right, left + 1, middle);
        Solve(middle, right);
    }

    // Tries every start from `from` through `to` for the cluster that ends at `end`.
    private void Improve(int end, int from, int to)
    {
        if (_hasLower)
        {
            from = Math.Max(from, _lower[end]);
        }

        if (_hasUpper)
        {
            to = Math.Min(to, _upper[end]);
        }

        if (from > to)
        {
            return;
        }

        ReadOnlySpan<double> weights = _costs.Weights, sums = _costs.Sums;
        double weight = weights[end], sum = sums[end], best = _value[end] - _price;
        int bestStart = _start[end];
        int start = from;
        if (Vector128.IsHardwareAccelerated && to - from >= 2 * Vector512<double>.Count)
        {
            start = ImproveVector512(weight, sum, from, to, ref best, ref bestStart);
        }

        for (; start <= to; start++)
        {
            double offset = sum - sums[start];
            double value = _value[start] - (offset * offset / (weight - weights[start]));
            if (value < best)
            {
                best = value;
                bestStart = start;
            }
        }

        _value[end] = best + _price;
        _start[end] = bestStart;
    }

    // Eight starts a step; each lane keeps its first least value. Machines without 512-bit registers split the vectors, with the same results.
    private int ImproveVector512(double weight, double sum, int from, int to, ref double best, ref int bestStart)
    {
        ref double weights = ref MemoryMarshal.GetReference(_costs.Weights);
        ref double sums = ref MemoryMarshal.GetReference(_costs.Sums);
        ref double values = ref MemoryMarshal.GetArrayDataReference(_value);
        Vector512<double> weightAll = Vector512.Create(weight), sumAll = Vector512.Create(sum), least = Vector512.Create(double.PositiveInfinity);
        Vector512<double> place = Vector512.Create(0.0, 1, 2, 3, 4, 5, 6, 7) + Vector512.Create((double)from), leastPlace = place;
        Vector512<double> step = Vector512.Create(8.0);
        int start = from;
        for (; start + Vector512<double>.Count <= to + 1; start += Vector512<double>.Count)
        {
            Vector512<double> offset = sumAll - Vector512.LoadUnsafe(ref sums, (nuint)start);
            Vector512<double> value = Vector512.LoadUnsafe(ref values, (nuint)start) - (offset * offset / (weightAll - Vector512.LoadUnsafe(ref weights, (nuint)start)));
            Vector512<double> isLess = Vector512.LessThan(value, least);
            least = Vector512.ConditionalSelect(isLess, value, least);
            leastPlace = Vector512.ConditionalSelect(isLess, place, leastPlace);
            place += step;
        }

        for (int lane = 0; lane < Vector512<double>.Count; lane++)
        {
            int candidate = (int)leastPlace[lane];
            if (least[lane] < best || (least[lane] == best && candidate < bestStart))
            {
                best = least[lane];
                bestStart = candidate;
            }
        }

        return start;
    }

    private int[] Boundaries()
    {
        int clusters = 0;
        for (int end = _count; end > 0; end = _start[end])
        {
            clusters++;
        }

        int[] boundaries = new int[clusters + 1];
        for (int end = _count; end > 0; end = _start[end])
        {
            boundaries[clusters--] = end;
        }

        return boundaries;
    }
}
