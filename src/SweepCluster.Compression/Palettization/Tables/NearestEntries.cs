using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SweepCluster.Compression.Palettization.Tables;

/// <summary>Finds the nearest of up to 256 entries for each value. Between two equally near entries the lower value wins, among equal entries the first.</summary>
/// <remarks>Immutable. Every path gives the same codes: all compare a value with the same bounds.</remarks>
internal sealed class NearestEntries
{
    // Up to here counting the bounds below sixteen values at once beats halving.
    private const int MostCounted = 16;

    // From here one pass over all patterns pays for itself.
    private const int HalfTableFrom = 32768;

    private const int HalfPatterns = 65536;
    private const int LargestHalf = 0x7BFF;

    private readonly float[] _bounds; // a power of two; the value belongs to the first bound that it does not exceed
    private readonly byte[] _codes;
    private readonly bool _isAscending;

    /// <summary>Prepares a search.</summary>
    /// <param name="entries">1 to 256 finite entries, in any order.</param>
    internal NearestEntries(ReadOnlySpan<float> entries)
    {
        (float Value, byte Code)[] sorted = new (float, byte)[entries.Length];
        bool isSorted = true;
        for (int i = 0; i < entries.Length; i++)
        {
            sorted[i] = (entries[i], (byte)i);
            isSorted &= i == 0 || entries[i] >= entries[i - 1];
        }

        if (!isSorted)
        {
            Array.Sort(sorted, (left, right) => left.Value == right.Value ? left.Code.CompareTo(right.Code) : left.Value.CompareTo(right.Value));
        }

        int count = 1;
        for (int i = 1; i < sorted.Length; i++)
        {
            if (sorted[i].Value != sorted[count - 1].Value)
            {
                sorted[count++] = sorted[i];
            }
        }

        Count = count;
        _codes = new byte[count];
        _bounds = new float[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)count)];
        _bounds.AsSpan().Fill(float.PositiveInfinity);
        _isAscending = true;
        for (int i = 0; i < count; i++)
        {
            _codes[i] = sorted[i].Code;
            _isAscending &= sorted[i].Code == i;
            if (i + 1 < count)
            {
                _bounds[i] = FloatAtMost(((double)sorted[i].Value + sorted[i + 1].Value) / 2);
            }
        }
    }

    /// <summary>Number of different entries.</summary>
    internal int Count { get; }

    /// <summary>Writes the code of each value.</summary>
    /// <param name="values">Finite values.</param>
    /// <param name="codes">Receives as many codes.</param>
    internal void Encode(ReadOnlySpan<float> values, Span<byte> codes)
    {
        codes = codes[..values.Length];
        int done = Count <= MostCounted && Vector128.IsHardwareAccelerated ? Count512(values, codes) : 0;
        Halve(values[done..], codes[done..]);
        if (!_isAscending)
        {
            foreach (ref byte code in codes)
            {
                code = _codes[code];
            }
        }
    }

    /// <summary>As above for float16.</summary>
    /// <param name="values">Finite values.</param>
    /// <param name="codes">Receives as many codes.</param>
    internal void Encode(ReadOnlySpan<Half> values, Span<byte> codes)
    {
        if (values.Length < HalfTableFrom)
        {
            float[] singles = ArrayPool<float>.Shared.Rent(values.Length);
            System.Numerics.Tensors.TensorPrimitives.ConvertToSingle(values, singles);
            Encode(singles.AsSpan(0, values.Length), codes);
            ArrayPool<float>.Shared.Return(singles);
            return;
        }

        byte[] codeOfBits = ArrayPool<byte>.Shared.Rent(HalfPatterns);
        FillTable(codeOfBits);
        ReadOnlySpan<ushort> bits = MemoryMarshal.Cast<Half, ushort>(values);
        ReadOnlySpan<byte> table = codeOfBits.AsSpan(0, HalfPatterns);
        codes = codes[..bits.Length];
        for (int i = 0; i < bits.Length; i++)
        {
            codes[i] = table[bits[i]];
        }

        ArrayPool<byte>.Shared.Return(codeOfBits);
    }

    // The definition: the number of bounds below a value, by halving without branches.
    internal void Halve(ReadOnlySpan<float> values, Span<byte> codes)
    {
        ReadOnlySpan<float> bounds = _bounds;
        for (int i = 0; i < values.Length; i++)
        {
            float value = values[i];
            int rank = 0;
            for (int half = bounds.Length >>> 1; half > 0; half >>>= 1)
            {
                rank += value > bounds[rank + half - 1] ? half : 0;
            }

            codes[i] = (byte)rank;
        }
    }

    // Sixty-four values a step. Returns how many were done.
    private int Count512(ReadOnlySpan<float> values, Span<byte> codes)
    {
        ref float from = ref MemoryMarshal.GetReference(values);
        ref byte to = ref MemoryMarshal.GetReference(codes);
        ReadOnlySpan<float> bounds = _bounds.AsSpan(0, Count - 1);
        int i = 0;
        for (; i + 64 <= values.Length; i += 64)
        {
            Vector512<float> first = Vector512.LoadUnsafe(ref from, (nuint)i), second = Vector512.LoadUnsafe(ref from, (nuint)(i + 16));
            Vector512<float> third = Vector512.LoadUnsafe(ref from, (nuint)(i + 32)), fourth = Vector512.LoadUnsafe(ref from, (nuint)(i + 48));
            Vector512<int> a = default, b = default, c = default, d = default;
            foreach (float bound in bounds)
            {
                Vector512<float> all = Vector512.Create(bound);
                a -= Vector512.GreaterThan(first, all).AsInt32();
                b -= Vector512.GreaterThan(second, all).AsInt32();
                c -= Vector512.GreaterThan(third, all).AsInt32();
                d -= Vector512.GreaterThan(fourth, all).AsInt32();
            }

            Vector512.Narrow(Vector512.Narrow(a, b), Vector512.Narrow(c, d)).AsByte().StoreUnsafe(ref to, (nuint)i);
        }

        return i;
    }

    private void FillTable(byte[] codeOfBits)
    {
        int rank = 0;
        for (int magnitude = LargestHalf; magnitude >= 0; magnitude--)
        {
            Put(0x8000 | magnitude);
        }

        for (int magnitude = 0; magnitude <= LargestHalf; magnitude++)
        {
            Put(magnitude);
        }

        void Put(int pattern)
        {
            float value = (float)BitConverter.UInt16BitsToHalf((ushort)pattern);
            while (value > _bounds[rank])
            {
                rank++;
            }

            codeOfBits[pattern] = _codes[rank];
        }
    }

    // For a float32 v: v > x where v is greater than this.
    private static float FloatAtMost(double x)
    {
        float rounded = (float)x;
        return rounded > x ? MathF.BitDecrement(rounded) : rounded;
    }
}
