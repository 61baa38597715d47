using System.Buffers;

namespace SweepCluster.Numerics.Packing;

/// <summary>Rounds float32 numbers into at most 65,536 bins and gives each bin as one value, the weighted mean of its members.</summary>
/// <remarks>Bins of a magnitude m are (s + m) / B wide at most: s is the power of two at the median magnitude, and each doubling of 1 + m / s has B bins, as many as fit up to the largest magnitude.
/// Bins are thus about even over the bulk and ever wider towards what lies far out, which cannot take them from the bulk.
/// Sums are in double precision in the order of the elements, so every machine gives the same bits.</remarks>
internal static class BinnedSingles
{
    private const int Bins = 65536;
    private const int BinsOfSign = Bins / 2;
    private const int Exponents = 256;
    private const int SingleExponentShift = 23, SingleBias = 127, SmallestDenormal = 149;
    private const ulong One = 0x3FF0_0000_0000_0000;

    // The exponent and 32 bits of the fraction of a double-precision number are left above this.
    private const int DroppedBits = 20;

    internal static DistinctValues Count(ReadOnlySpan<float> values, ReadOnlySpan<float> importances)
    {
        int[] counts = new int[Bins];
        double[] weights = new double[Bins];
        float[] means = new float[Bins];
        ushort[] bins = ArrayPool<ushort>.Shared.Rent(values.Length);
        Number(values, bins);
        Sum(values, importances, bins, counts, weights, means);
        ArrayPool<ushort>.Shared.Return(bins);
        return Gathered(counts, means, importances.IsEmpty ? null : weights);
    }

    internal static double Rounding(ReadOnlySpan<float> values, ReadOnlySpan<float> importances)
    {
        float[] means = new float[Bins];
        ushort[] bins = new ushort[values.Length];
        Number(values, bins);
        Sum(values, importances, bins, new int[Bins], new double[Bins], means);
        double rounding = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double offset = (double)values[i] - means[bins[i]];
            rounding += (importances.IsEmpty ? 1 : importances[i]) * offset * offset;
        }

        return rounding;
    }

    private static void Number(ReadOnlySpan<float> values, ushort[] bins)
    {
        (double perScale, float largest) = Measure(values);
        ulong doublings = Doublings(largest * perScale), binsOfDoubling = ((ulong)(BinsOfSign - 1) << 32) / Math.Max(doublings, 1UL << 32);
        for (int i = 0; i < values.Length; i++)
        {
            int bin = (int)((Doublings(MathF.Abs(values[i]) * perScale) * binsOfDoubling) >> 32);
            bins[i] = (ushort)(values[i] < 0 ? BinsOfSign - 1 - bin : BinsOfSign + bin);
        }
    }

    // About the logarithm of 1 + x to the base 2, straight between powers of two, times 2^32.
    private static ulong Doublings(double x) => (BitConverter.DoubleToUInt64Bits(1 + x) - One) >> DroppedBits;

    // The reciprocal of the power of two at the median magnitude of what is not 0; of the smallest number where that is denormal.
    private static (double PerScale, float Largest) Measure(ReadOnlySpan<float> values)
    {
        Span<int> exponents = stackalloc int[Exponents];
        exponents.Clear();
        float largest = 0;
        int zeros = 0;
        foreach (float value in values)
        {
            float magnitude = MathF.Abs(value);
            largest = magnitude > largest ? magnitude : largest;
            zeros += magnitude == 0 ? 1 : 0;
            exponents[(int)(BitConverter.SingleToUInt32Bits(magnitude) >> SingleExponentShift)]++;
        }

        exponents[0] -= zeros;
        int exponent = 0;
        for (long below = exponents[0]; 2 * below < values.Length - zeros; below += exponents[exponent])
        {
            exponent++;
        }

        return (Math.ScaleB(1, exponent == 0 ? SmallestDenormal : SingleBias - exponent), largest);
    }

    private static void Sum(ReadOnlySpan<float> values, ReadOnlySpan<float> importances, ReadOnlySpan<ushort> bins, int[] counts, double[] weights, float[] means)
    {
        double[] sums = new double[Bins];
        for (int i = 0; i < values.Length; i++)
        {
            int bin = bins[i];
            double importance = importances.IsEmpty ? 1 : importances[i];
            counts[bin]++;
            sums[bin] += importance * values[i];
            weights[bin] += importance;
            means[bin] = values[i];
        }

        // Bins that weigh nothing keep their last member.
        for (int bin = 0; bin < Bins; bin++)
        {
            means[bin] = (weights[bin] > 0 ? (float)(sums[bin] / weights[bin]) : means[bin]) + 0f;
        }
    }

    private static DistinctValues Gathered(int[] counts, float[] means, double[]? weights)
    {
        int used = Bins - counts.AsSpan().Count(0), place = 0;
        float[] values = new float[used];
        int[] ends = new int[used + 1];
        double[] sums = weights is null ? [] : new double[used];
        for (int bin = 0; bin < Bins; bin++)
        {
            if (counts[bin] > 0)
            {
                values[place] = means[bin];
                ends[place + 1] = ends[place] + counts[bin];
                if (weights is not null)
                {
                    sums[place] = weights[bin];
                }

                place++;
            }
        }

        return new(values, ends, sums);
    }
}
