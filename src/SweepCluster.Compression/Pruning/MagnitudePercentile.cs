using SweepCluster.Graphs;
using SweepCluster.Numerics.Sparsity;

namespace SweepCluster.Compression.Pruning;

/// <summary>The threshold of a target sparsity: a percentile of magnitudes.</summary>
/// <param name="Threshold">Magnitudes up to and including this go; in the weight's type. NaN where the two nearest magnitudes are infinite.</param>
/// <param name="MostKept">As many elements or fewer are above it.</param>
internal readonly record struct MagnitudePercentile(float Threshold, int MostKept)
{
    /// <summary>The percentile with linear interpolation between the two nearest ranks: rank <c>fraction * (n - 1)</c>, counted from 0.</summary>
    /// <param name="numbers">Little-endian float16 or float32, at least one.</param>
    /// <param name="stored">Type of <paramref name="numbers"/>.</param>
    /// <param name="type">Type that the percentile is rounded to, and in which the difference of the two neighbours is taken.</param>
    /// <param name="fraction">Above 0, below 1.</param>
    /// <param name="threads">Threads to use.</param>
    /// <remarks>Bit for bit what the reference prunes by: <c>numpy.percentile</c> of NumPy 1, which interpolates in float64 from whichever neighbour is nearer, compared in the weight's type.
    /// NumPy 2 rounds rank and weight to the weight's type first, where a float16 rank is off by whole elements beyond 2,048 of them; the fixtures do not.</remarks>
    internal static MagnitudePercentile Of(ReadOnlyMemory<byte> numbers, ElementType stored, ElementType type, double fraction, int threads)
    {
        int count = numbers.Length / (stored.BitWidth() / 8);
        double percentile = fraction * 100 / 100; // as the reference takes it: through 100 and back
        double rank = percentile * (count - 1);
        int below = (int)Math.Min(Math.Floor(rank), count - 1);
        float low, high;
        if (stored == ElementType.Float16)
        {
            (ushort first, ushort second) = MagnitudeSelection.AtRank<ushort>(numbers, below, threads);
            (low, high) = ((float)BitConverter.UInt16BitsToHalf(first), (float)BitConverter.UInt16BitsToHalf(second));
        }
        else
        {
            (uint first, uint second) = MagnitudeSelection.AtRank<uint>(numbers, below, threads);
            (low, high) = (BitConverter.UInt32BitsToSingle(first), BitConverter.UInt32BitsToSingle(second));
        }

        double weight = rank - below, difference = StoredValue.Cast(type, high - low);
        double between = weight >= 0.5 ? high - (difference * (1 - weight)) : low + (difference * weight);
        return new(StoredValue.Cast(type, between), count - below - 1);
    }

    // The reference's count of what goes: floor(count * share), in decimal, so that 0.29 of 100 is 29.
    internal static int FloorOf(double share, int count) => (int)decimal.Floor((decimal)share * count);
}
