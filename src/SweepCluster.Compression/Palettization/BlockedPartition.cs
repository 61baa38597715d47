using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SweepCluster.Compression.Palettization;

/// <summary>The cheapest cut, block by block.</summary>
/// <typeparam name="TWeights">What the values weigh.</typeparam>
internal sealed class BlockedPartition<TWeights> : PricedPartition
    where TWeights : struct, IWeightSums
{
    private const int Lanes = 8;

    // Blocks are as long as the price allows: the next one is sized by the share of the price that the last one took.
    private const double Aim = 0.85, MostShrinking = 0.25, MostGrowing = 2;

    private readonly TWeights _weights;
    private readonly double[] _sums;
    private readonly bool _isVector;
    private double _price;

    internal BlockedPartition(ClusterCosts costs, TWeights weights, bool isVector)
        : base(costs)
    {
        _weights = weights;
        _sums = costs.Sums;
        _isVector = isVector;
    }

    private protected override void Solve(double price)
    {
        _price = price;
        double width = Lanes;
        for (int left = 0; left < Costs.Count;)
        {
            int size = Rounded(Math.Min(width, Costs.Count - left));
            Try(left + size, Start[left], left);
            double share = Share(left, left + size);
            while (size > 1 && !(share <= 1))
            {
                size = Rounded(Math.Min(size * Math.Max(Aim / share, MostShrinking), size - 1));
                Try(left + size, Start[left], left);
                share = Share(left, left + size);
            }

            Fill(left, left + size);
            left += size;
            width = Math.Max(1, size * Math.Clamp(Aim / share, MostShrinking, MostGrowing));
        }
    }

    // Whole steps of eight, or a power of two below.
    private static int Rounded(double size)
    {
        int whole = Math.Max(1, (int)size);
        return whole >= Lanes ? whole / Lanes * Lanes : 1 << BitOperations.Log2((uint)whole);
    }

    // No cluster that ends at `right` or before can start behind `left` if this is at most 1: even with every value between added to the cheapest cut up to `left`, the cut up to `right`
    // costs no more than one that buys a cluster there. The squares between are at most those of their mean and of half their reach.
    private double Share(int left, int right)
    {
        double weight = _weights.At(right) - _weights.At(left), sum = _sums[right] - _sums[left], reach = Costs.Reach(left, right);
        return (Value[right] - Value[left] + (sum * sum / weight) + (weight * reach * reach / 4)) / _price;
    }

    // Both ends are final; on return so are those between.
    private void Fill(int left, int right)
    {
        int size = right - left;
        if (size < Lanes)
        {
            for (int end = left + 1; end < right; end++)
            {
                Try(end, Start[end - 1], Start[right]);
            }
        }
        else if (size == Lanes)
        {
            TryEight(left, right);
        }
        else
        {
            int middle = left + (size / (2 * Lanes) * Lanes);
            Try(middle, Start[left], Start[right]);
            Fill(left, middle);
            Fill(middle, right);
        }
    }

    // Tries every start from `from` through `to` for the cluster that ends at `end`.
    private void Try(int end, int from, int to)
    {
        from = Lower is null ? from : Math.Max(from, Lower[end]);
        to = Upper is null ? to : Math.Min(to, Upper[end]);
        from = Math.Min(from, to); // rounding may make the bounds cross
        if (_isVector && to - from >= Lanes - 1)
        {
            TryVector512(end, from, to);
        }
        else
        {
            TryScalar(end, from, to);
        }
    }

    // The definition.
    private void TryScalar(int end, int from, int to)
    {
        double weight = _weights.At(end), sum = _sums[end], best = double.PositiveInfinity;
        int bestStart = from;
        for (int start = from; start <= to; start++)
        {
            double offset = sum - _sums[start];
            double value = Value[start] - (offset * offset / (weight - _weights.At(start)));
            (best, bestStart) = value < best ? (value, start) : (best, bestStart);
        }

        Value[end] = best + _price;
        Start[end] = bestStart;
    }

    // Eight starts a step, the last step once more over some of the one before; each lane keeps its first least value. Machines without 512-bit registers split the vectors, with the same results.
    private void TryVector512(int end, int from, int to)
    {
        ref double sums = ref MemoryMarshal.GetArrayDataReference(_sums);
        ref double values = ref MemoryMarshal.GetArrayDataReference(Value);
        Vector512<double> weightAll = Vector512.Create(_weights.At(end)), sumAll = Vector512.Create(_sums[end]), least = Vector512.Create(double.PositiveInfinity);
        Vector512<long> leastPlace = Vector512.Create((long)to);
        for (int step = from; step <= to; step += Lanes)
        {
            int start = Math.Min(step, to - Lanes + 1);
            Vector512<double> offset = sumAll - Vector512.LoadUnsafe(ref sums, (nuint)start);
            Vector512<double> value = Vector512.LoadUnsafe(ref values, (nuint)start) - (offset * offset / (weightAll - _weights.EightAt(start)));
            Vector512<double> isLess = Vector512.LessThan(value, least);
            least = Vector512.ConditionalSelect(isLess, value, least);
            leastPlace = Vector512.ConditionalSelect(isLess.AsInt64(), Vector512.Create((long)start), leastPlace);
        }

        leastPlace += Vector512.Create(0L, 1, 2, 3, 4, 5, 6, 7);
        double best = Least(least);
        Vector512<long> isBest = Vector512.Equals(least, Vector512.Create(best)).AsInt64();
        Value[end] = best + _price;
        Start[end] = (int)Least(Vector512.ConditionalSelect(isBest, leastPlace, Vector512.Create((long)to)));
    }

    private static T Least<T>(Vector512<T> lanes)
    {
        Vector256<T> four = Vector256.Min(lanes.GetLower(), lanes.GetUpper());
        Vector128<T> two = Vector128.Min(four.GetLower(), four.GetUpper());
        return Vector128.Min(two, Vector128.Shuffle(two.AsInt64(), Vector128.Create(1L, 0)).As<long, T>()).ToScalar();
    }

    // The eight ends behind `left`, the last of which is `right` and final: all share the candidates between the starts of the two.
    private void TryEight(int left, int right)
    {
        int from = Start[left], to = Start[right];
        from = Lower is null ? from : Math.Max(from, Lower[left + 1]);
        to = Upper is null ? to : Math.Min(to, Upper[right]);
        from = Math.Min(from, to);
        if (_isVector)
        {
            TryEightVector512(left + 1, from, to);
            return;
        }

        for (int end = left + 1; end < right; end++)
        {
            TryScalar(end, from, to);
        }
    }

    // An end in each lane. The last one comes out as it was: its best start is among the candidates.
    private void TryEightVector512(int end, int from, int to)
    {
        Vector512<double> weights = _weights.EightAt(end), sums = Vector512.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_sums), (nuint)end);
        Vector512<double> least = Vector512.Create(double.PositiveInfinity);
        Vector512<long> leastPlace = Vector512.Create((long)from);
        for (int start = from; start <= to; start++)
        {
            Vector512<double> offset = sums - Vector512.Create(_sums[start]);
            Vector512<double> value = Vector512.Create(Value[start]) - (offset * offset / (weights - Vector512.Create(_weights.At(start))));
            Vector512<double> isLess = Vector512.LessThan(value, least);
            least = Vector512.ConditionalSelect(isLess, value, least);
            leastPlace = Vector512.ConditionalSelect(isLess.AsInt64(), Vector512.Create((long)start), leastPlace);
        }

        (least + Vector512.Create(_price)).StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(Value), (nuint)end);
        Vector512<int> starts = Vector512.Narrow(leastPlace, leastPlace);
        starts.GetLower().StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(Start), (nuint)end);
    }
}
