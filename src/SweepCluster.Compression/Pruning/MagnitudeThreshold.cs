using System.Buffers;

namespace SweepCluster.Compression.Pruning;

/// <summary>Finds the magnitude at a percentile.</summary>
internal static class MagnitudeThreshold
{
    private const int Buckets = 32768; // the upper 16 bits of a magnitude; the sign bit is gone

    /// <summary>The percentile of the magnitudes with linear interpolation between the two nearest ranks: rank <c>fraction * (n - 1)</c>, counted from 0.</summary>
    /// <param name="values">Finite values, at least one.</param>
    /// <param name="fraction">0 to 1.</param>
    internal static double AtFraction(ReadOnlySpan<float> values, double fraction)
    {
        double rank = fraction * (values.Length - 1);
        int below = (int)Math.Floor(rank);
        (float low, float high) = AtRanks(values, below, Math.Min(below + 1, values.Length - 1));
        return low + ((rank - below) * ((double)high - low));
    }

    // Both ranks from one histogram over the upper half of the bits; only the buckets that hold them are sorted.
    private static (float Low, float High) AtRanks(ReadOnlySpan<float> values, int lowRank, int highRank)
    {
        int[] histogram = new int[Buckets];
        foreach (float value in values)
        {
            histogram[Magnitude(value) >> 16]++;
        }

        int bucket = 0, before = 0;
        while (before + histogram[bucket] <= lowRank)
        {
            before += histogram[bucket++];
        }

        int last = bucket, end = before + histogram[bucket];
        while (end <= highRank)
        {
            end += histogram[++last];
        }

        int[] rented = ArrayPool<int>.Shared.Rent(end - before);
        int found = 0;
        foreach (float value in values)
        {
            int magnitude = Magnitude(value);
            if (magnitude >> 16 >= bucket && magnitude >> 16 <= last)
            {
                rented[found++] = magnitude;
            }
        }

        rented.AsSpan(0, found).Sort();
        (int low, int high) = (rented[lowRank - before], rented[highRank - before]);
        ArrayPool<int>.Shared.Return(rented);
        return (BitConverter.Int32BitsToSingle(low), BitConverter.Int32BitsToSingle(high));
    }

    private static int Magnitude(float value) => BitConverter.SingleToInt32Bits(value) & int.MaxValue;
}
