namespace SweepCluster.Compression.Palettization;

/// <summary>The largest value of a type that goes to each entry of a palette: an element's index is the number of bounds below it.</summary>
internal static class PaletteBounds
{
    /// <summary>Bounds of float32 values: the last entry's, and those up to a whole table, are infinite.</summary>
    /// <param name="entries">Ascending entries, at least one.</param>
    /// <param name="size">Entries of the table, a power of two.</param>
    internal static float[] OfSingles(ReadOnlySpan<float> entries, int size)
    {
        float[] bounds = new float[size];
        bounds.AsSpan().Fill(float.PositiveInfinity);
        for (int entry = 0; entry < entries.Length - 1; entry++)
        {
            double middle = ((double)entries[entry] + entries[entry + 1]) / 2;
            float bound = (float)middle;
            bounds[entry] = bound > middle ? MathF.BitDecrement(bound) : bound;
        }

        return bounds;
    }

    /// <summary>Bounds of float16 values as <see cref="HalfKeys"/>: the last entry's, and those up to a whole table, are the largest key.</summary>
    /// <param name="entries">Ascending entries that float16 holds, at least one.</param>
    /// <param name="size">Entries of the table, a power of two.</param>
    internal static short[] OfHalves(ReadOnlySpan<float> entries, int size)
    {
        short[] bounds = new short[size];
        bounds.AsSpan().Fill(short.MaxValue);
        for (int entry = 0; entry < entries.Length - 1; entry++)
        {
            double middle = ((double)entries[entry] + entries[entry + 1]) / 2;
            Half bound = (Half)middle;
            bounds[entry] = HalfKeys.Of(BitConverter.HalfToUInt16Bits((double)bound > middle ? Half.BitDecrement(bound) : bound));
        }

        return bounds;
    }
}
