using System.Buffers;

namespace SweepCluster.Numerics.Packing;

/// <summary>Rounds float32 numbers into at most 65,536 bins and gives each bin as one value, the weighted mean of its members.</summary>
/// <remarks>Bins are even over the range of the values, or the upper 16 bits of the ordered key (8 bits of precision at any magnitude): whichever has the smaller bound.
/// Sums are in double precision in the order of the elements, so every machine gives the same bits.</remarks>
internal static class BinnedSingles
{
    private const int Bins = 65536;
    private const int KeyShift = 16;

    // A bin of keys is at most 2^-7 of its values wide, and a member at most half as far from the mean in the root mean square.
    private const double KeyRounding = 1.0 / 65536;

    internal static DistinctValues Count(ReadOnlySpan<float> values, ReadOnlySpan<float> importances)
    {
        (float least, float most, double weight, double norm) = Measure(values, importances);
        double width = ((double)most - least) / Bins;
        double evenRounding = weight * width * width / 4, keyRounding = norm * KeyRounding;
        bool isEven = evenRounding <= keyRounding;
        int[] bins = ArrayPool<int>.Shared.Rent(values.Length);
        Number(values, bins, least, isEven ? 1 / width : double.NaN);
        DistinctValues distinct = Sum(values, importances, bins, Math.Min(evenRounding, keyRounding));
        ArrayPool<int>.Shared.Return(bins);
        return distinct;
    }

    private static (float Least, float Most, double Weight, double Norm) Measure(ReadOnlySpan<float> values, ReadOnlySpan<float> importances)
    {
        float least = float.PositiveInfinity, most = float.NegativeInfinity;
        double weight = 0, norm = 0;
        for (int i = 0; i < values.Length; i++)
        {
            float value = values[i];
            least = value < least ? value : least;
            most = value > most ? value : most;
            double importance = importances.IsEmpty ? 1 : importances[i];
            weight += importance;
            norm += importance * value * value;
        }

        return (least, most, weight, norm);
    }

    private static void Number(ReadOnlySpan<float> values, Span<int> bins, float least, double perWidth)
    {
        for (int i = 0; i < values.Length; i++)
        {
            bins[i] = double.IsNaN(perWidth) ? (int)(OrderedKeys.Of(values[i]) >> KeyShift)
                : double.IsInfinity(perWidth) ? 0
                : Math.Min((int)(((double)values[i] - least) * perWidth), Bins - 1);
        }
    }

    private static DistinctValues Sum(ReadOnlySpan<float> values, ReadOnlySpan<float> importances, ReadOnlySpan<int> bins, double rounding)
    {
        int[] counts = new int[Bins];
        double[] sums = new double[Bins], weights = new double[Bins];
        float[] members = new float[Bins];
        for (int i = 0; i < values.Length; i++)
        {
            int bin = bins[i];
            double importance = importances.IsEmpty ? 1 : importances[i];
            counts[bin]++;
            sums[bin] += importance * values[i];
            weights[bin] += importance;
            members[bin] = values[i];
        }

        int used = Bins - counts.AsSpan().Count(0), place = 0;
        float[] means = new float[used];
        int[] ends = new int[used + 1];
        for (int bin = 0; bin < Bins; bin++)
        {
            if (counts[bin] > 0)
            {
                means[place] = (weights[bin] > 0 ? (float)(sums[bin] / weights[bin]) : members[bin]) + 0f;
                weights[place] = weights[bin];
                ends[place + 1] = ends[place] + counts[bin];
                place++;
            }
        }

        return new(means, ends, importances.IsEmpty ? default(ReadOnlyMemory<double>) : weights.AsMemory(0, used).ToArray(), rounding);
    }
}
