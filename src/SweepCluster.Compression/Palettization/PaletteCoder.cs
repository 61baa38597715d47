using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SweepCluster.Compression.Palettization;

/// <summary>Turns values into the indices of the palette entries that stand for them: the number of bounds (<see cref="PaletteBounds"/>) below a value.</summary>
internal static class PaletteCoder
{
    /// <summary>Indices that <see cref="FillTable"/> makes.</summary>
    internal const int TableLength = 65536;

    // Entries that one vector register holds, so that a permutation looks up a bound for each lane.
    private const int VectorEntries = 16;

    /// <summary>Whether <see cref="Encode(ReadOnlySpan{Half}, ReadOnlySpan{short}, Span{byte})"/> has vectors for a table of so many entries.</summary>
    internal static bool HasVectors(int size) => Vector512.IsHardwareAccelerated && size <= VectorEntries;

    /// <summary>Encodes float16 values by halving.</summary>
    /// <param name="values">Finite values.</param>
    /// <param name="bounds">A power of two of keys.</param>
    /// <param name="codes">Receives an index for each value.</param>
    internal static void Encode(ReadOnlySpan<Half> values, ReadOnlySpan<short> bounds, Span<byte> codes)
    {
        ReadOnlySpan<ushort> bits = MemoryMarshal.Cast<Half, ushort>(values);
        int done = HasVectors(bounds.Length) ? EncodeVector512(bits, bounds, codes) : 0;
        EncodeScalar(bits[done..], bounds, codes[done..]);
    }

    /// <summary>Encodes float32 values by halving.</summary>
    /// <param name="values">Finite values.</param>
    /// <param name="bounds">A power of two of numbers.</param>
    /// <param name="codes">Receives an index for each value.</param>
    internal static void Encode(ReadOnlySpan<float> values, ReadOnlySpan<float> bounds, Span<byte> codes)
    {
        int done = HasVectors(bounds.Length) ? EncodeVector512(values, bounds, codes) : 0;
        EncodeScalar(values[done..], bounds, codes[done..]);
    }

    /// <summary>Encodes float16 values by a table of all of them.</summary>
    internal static void Encode(ReadOnlySpan<Half> values, ReadOnlySpan<byte> codeOfBits, Span<byte> codes)
    {
        ReadOnlySpan<ushort> bits = MemoryMarshal.Cast<Half, ushort>(values);
        codeOfBits = codeOfBits[..TableLength];
        codes = codes[..bits.Length];
        for (int i = 0; i < bits.Length; i++)
        {
            codes[i] = codeOfBits[bits[i]];
        }
    }

    /// <summary>Fills in the index of every float16 value, by its bits.</summary>
    internal static void FillTable(ReadOnlySpan<short> bounds, Span<byte> codeOfBits)
    {
        int from = short.MinValue;
        for (int entry = 0; entry < bounds.Length && from <= short.MaxValue; entry++)
        {
            int to = bounds[entry] + 1, lastBelow = Math.Min(to, 0) - 1; // keys from `from` up to `to`; those below 0 descend by bits
            if (from <= lastBelow)
            {
                codeOfBits[HalfKeys.ToBits((short)lastBelow)..(HalfKeys.ToBits((short)from) + 1)].Fill((byte)entry);
            }

            if (to > 0)
            {
                codeOfBits[Math.Max(from, 0)..to].Fill((byte)entry);
            }

            from = Math.Max(from, to);
        }
    }

    // The definitions: halving, the last bound is above every value. A comparison is added as a number, because a branch would be foreseen half of the time.
    internal static void EncodeScalar(ReadOnlySpan<ushort> bits, ReadOnlySpan<short> bounds, Span<byte> codes)
    {
        int levels = BitOperations.Log2((uint)bounds.Length);
        for (int i = 0; i < bits.Length; i++)
        {
            short key = HalfKeys.Of(bits[i]);
            int code = 0;
            for (int level = levels - 1; level >= 0; level--)
            {
                code += (key > bounds[code + (1 << level) - 1] ? 1 : 0) << level;
            }

            codes[i] = (byte)code;
        }
    }

    internal static void EncodeScalar(ReadOnlySpan<float> values, ReadOnlySpan<float> bounds, Span<byte> codes)
    {
        int levels = BitOperations.Log2((uint)bounds.Length);
        for (int i = 0; i < values.Length; i++)
        {
            float value = values[i];
            int code = 0;
            for (int level = levels - 1; level >= 0; level--)
            {
                code += (value > bounds[code + (1 << level) - 1] ? 1 : 0) << level;
            }

            codes[i] = (byte)code;
        }
    }

    // Sixty-four values a step, a bound for each lane by permutation. Returns how many were done.
    internal static int EncodeVector512(ReadOnlySpan<ushort> bits, ReadOnlySpan<short> bounds, Span<byte> codes)
    {
        Span<short> padded = stackalloc short[Vector512<short>.Count];
        padded.Fill(short.MaxValue);
        bounds.CopyTo(padded);
        Vector512<short> table = Vector512.Create<short>(padded);
        ref short from = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<ushort, short>(bits));
        int i = 0, lanes = Vector512<short>.Count;
        for (; i <= bits.Length - (2 * lanes); i += 2 * lanes)
        {
            Vector512<short> lower = Search(Vector512.LoadUnsafe(ref from, (nuint)i), table, bounds.Length);
            Vector512<short> upper = Search(Vector512.LoadUnsafe(ref from, (nuint)(i + lanes)), table, bounds.Length);
            Vector512.Narrow(lower, upper).AsByte().CopyTo(codes[i..]);
        }

        return i;
    }

    internal static int EncodeVector512(ReadOnlySpan<float> values, ReadOnlySpan<float> bounds, Span<byte> codes)
    {
        Span<float> padded = stackalloc float[VectorEntries];
        padded.Fill(float.PositiveInfinity);
        bounds.CopyTo(padded);
        Vector512<float> table = Vector512.Create<float>(padded);
        ref float from = ref MemoryMarshal.GetReference(values);
        int i = 0, lanes = Vector512<float>.Count;
        for (; i <= values.Length - (4 * lanes); i += 4 * lanes)
        {
            Vector512<int> first = Search(Vector512.LoadUnsafe(ref from, (nuint)i), table, bounds.Length);
            Vector512<int> second = Search(Vector512.LoadUnsafe(ref from, (nuint)(i + lanes)), table, bounds.Length);
            Vector512<int> third = Search(Vector512.LoadUnsafe(ref from, (nuint)(i + (2 * lanes))), table, bounds.Length);
            Vector512<int> fourth = Search(Vector512.LoadUnsafe(ref from, (nuint)(i + (3 * lanes))), table, bounds.Length);
            Vector512.Narrow(Vector512.Narrow(first, second), Vector512.Narrow(third, fourth)).AsByte().CopyTo(codes[i..]);
        }

        return i;
    }

    private static Vector512<short> Search(Vector512<short> bits, Vector512<short> table, int size)
    {
        Vector512<short> keys = bits ^ (Vector512.ShiftRightArithmetic(bits, 15) & Vector512.Create((short)0x7FFF)), code = default;
        for (int half = size >>> 1; half > 0; half >>>= 1)
        {
            Vector512<short> bound = Vector512.ShuffleNative(table, code + Vector512.Create((short)(half - 1)));
            code += Vector512.GreaterThan(keys, bound) & Vector512.Create((short)half);
        }

        return code;
    }

    private static Vector512<int> Search(Vector512<float> values, Vector512<float> table, int size)
    {
        Vector512<int> code = default;
        for (int half = size >>> 1; half > 0; half >>>= 1)
        {
            Vector512<float> bound = Vector512.ShuffleNative(table, code + Vector512.Create(half - 1));
            code += Vector512.GreaterThan(values, bound).AsInt32() & Vector512.Create(half);
        }

        return code;
    }
}
