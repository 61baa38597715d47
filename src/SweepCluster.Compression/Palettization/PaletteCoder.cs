using System.Runtime.InteropServices;
using SweepCluster.Numerics.Packing;

namespace SweepCluster.Compression.Palettization;

/// <summary>Turns values into the indices of the palette entries that stand for them.</summary>
internal static class PaletteCoder
{
    private const ushort MinusZero = 0x8000;

    /// <summary>Fills in the index of every float16 value that a palette was made for; entries for other values are left as they are.</summary>
    /// <param name="palette">The palette.</param>
    /// <param name="distinct">The values that it was made for.</param>
    /// <param name="codeOfBits">65,536 indices, by the value's bits.</param>
    internal static void FillTable(Palette palette, DistinctValues distinct, Span<byte> codeOfBits)
    {
        ReadOnlySpan<float> values = distinct.Values.Span;
        for (int entry = 0; entry < palette.Entries.Length; entry++)
        {
            for (int i = palette.Boundaries[entry]; i < palette.Boundaries[entry + 1]; i++)
            {
                codeOfBits[BitConverter.HalfToUInt16Bits((Half)values[i])] = (byte)entry;
            }
        }

        codeOfBits[MinusZero] = codeOfBits[0];
    }

    internal static void Encode(ReadOnlySpan<Half> values, ReadOnlySpan<byte> codeOfBits, Span<byte> codes)
    {
        ReadOnlySpan<ushort> bits = MemoryMarshal.Cast<Half, ushort>(values);
        codeOfBits = codeOfBits[..65536];
        codes = codes[..bits.Length];
        for (int i = 0; i < bits.Length; i++)
        {
            codes[i] = codeOfBits[bits[i]];
        }
    }

    /// <summary>The largest value of each entry's cluster, then infinity up to a power of two.</summary>
    internal static float[] UpperBounds(Palette palette, DistinctValues distinct, int size)
    {
        float[] bounds = new float[size];
        bounds.AsSpan().Fill(float.PositiveInfinity);
        for (int entry = 0; entry < palette.Entries.Length - 1; entry++)
        {
            int end = palette.Boundaries[entry + 1];
            bounds[entry] = end == 0 ? float.NegativeInfinity : distinct.Values.Span[end - 1];
        }

        return bounds;
    }

    // Halving without branches: `bounds` has a power of two of entries and the last is infinite.
    internal static void Encode(ReadOnlySpan<float> values, ReadOnlySpan<float> bounds, Span<byte> codes)
    {
        for (int i = 0; i < values.Length; i++)
        {
            float value = values[i];
            int code = 0;
            for (int half = bounds.Length >>> 1; half > 0; half >>>= 1)
            {
                code += value > bounds[code + half - 1] ? half : 0;
            }

            codes[i] = (byte)code;
        }
    }
}
