using SweepCluster.Compression.Palettization.Tables;

namespace SweepCluster.Compression.Palettization.Vectors;

/// <summary>Orders points such that neighbours in the list are neighbours in space, so that the points of a block see the same few centres.</summary>
/// <remarks>By the interleaved leading bits of the coordinates, each spread over its own range; points of one cell keep their order.</remarks>
internal static class MortonOrder
{
    private const int KeyBits = 32;
    private const int DigitBits = 11;

    /// <summary>The points' numbers in their new order.</summary>
    internal static int[] Of(VectorPoints points)
    {
        int used = Math.Min(points.Length, KeyBits), bits = KeyBits / used;
        uint[] keys = new uint[points.Count];
        for (int coordinate = 0; coordinate < used; coordinate++)
        {
            ReadOnlySpan<float> values = points.Values.AsSpan(coordinate * points.Stride, points.Count);
            ValueRange range = ValueRange.Of(values);
            double cells = ((1L << bits) - 1) / Math.Max((double)range.Max - range.Min, double.Epsilon * 1e10);
            for (int i = 0; i < values.Length; i++)
            {
                keys[i] |= Spread((uint)(((double)values[i] - range.Min) * cells), bits, used) << coordinate;
            }
        }

        int[] order = new int[points.Count], spare = new int[points.Count];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        for (int shift = 0; shift < KeyBits; shift += DigitBits)
        {
            Sort(keys, shift, order, spare);
            (order, spare) = (spare, order);
        }

        return order;
    }

    // Bit b of a cell's number comes to bit b * distance.
    private static uint Spread(uint cell, int bits, int distance)
    {
        if (distance == 2)
        {
            cell = (cell | (cell << 8)) & 0x00FF00FF;
            cell = (cell | (cell << 4)) & 0x0F0F0F0F;
            cell = (cell | (cell << 2)) & 0x33333333;
            return (cell | (cell << 1)) & 0x55555555;
        }

        uint spread = 0;
        for (int bit = 0; bit < bits; bit++)
        {
            spread |= ((cell >> bit) & 1) << (bit * distance);
        }

        return spread;
    }

    private static void Sort(uint[] keys, int shift, int[] from, int[] to)
    {
        int[] starts = new int[(1 << DigitBits) + 1];
        foreach (uint key in keys)
        {
            starts[((key >> shift) & ((1 << DigitBits) - 1)) + 1]++;
        }

        for (int i = 1; i < starts.Length; i++)
        {
            starts[i] += starts[i - 1];
        }

        foreach (int point in from)
        {
            to[starts[(keys[point] >> shift) & ((1 << DigitBits) - 1)]++] = point;
        }
    }
}
