using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SweepCluster.Compression.Quantization;

/// <summary>Turns weights of one block into codes.</summary>
internal static class LinearEncoder
{
    /// <summary>Computes <c>codes[i] = clip(round(values[i] / scale) + zero, min, max)</c>, one code a byte, negative ones in two's complement.</summary>
    /// <param name="values">Finite weights of one block.</param>
    /// <param name="block">Scale and zero point as stored.</param>
    /// <param name="range">The codes in use.</param>
    /// <param name="codes">Receives one code for each value.</param>
    /// <remarks>Halves round to even. Every path gives the same bits: each lane does the same operations in the same order. Allocates nothing.</remarks>
    internal static void Encode(ReadOnlySpan<float> values, BlockScale block, CodeRange range, Span<byte> codes)
    {
        int done = Vector128.IsHardwareAccelerated ? EncodeVector512(values, block, range, codes) : 0;
        EncodeScalar(values[done..], block, range, codes[done..]);
    }

    /// <summary>Sum of squared differences between values and what their codes stand for, before the device's last rounding.</summary>
    /// <remarks>Sixteen partial sums in float64 (element i into sum i mod 16) that are added in order: the same bits on every machine.</remarks>
    internal static double SquaredError(ReadOnlySpan<float> values, BlockScale block, CodeRange range)
    {
        ref float from = ref MemoryMarshal.GetReference(values);
        Vector512<float> scale = Vector512.Create(block.Scale), zero = Vector512.Create((float)block.Zero);
        Vector512<float> low = Vector512.Create((float)range.Min), high = Vector512.Create((float)range.Max);
        Vector512<double> lower = default, upper = default;
        int i = 0;
        for (; i + Vector512<float>.Count <= values.Length; i += Vector512<float>.Count)
        {
            Add(Vector512.LoadUnsafe(ref from, (nuint)i), scale, zero, low, high, ref lower, ref upper);
        }

        if (i < values.Length)
        {
            // Zeros fill up the last step: they stand for themselves and add nothing.
            Span<float> tail = stackalloc float[Vector512<float>.Count];
            values[i..].CopyTo(tail);
            Add(Vector512.Create<float>(tail), scale, zero, low, high, ref lower, ref upper);
        }

        double sum = 0;
        for (int lane = 0; lane < Vector512<double>.Count; lane++)
        {
            sum += lower[lane] + upper[lane];
        }

        return sum;
    }

    private static void Add(Vector512<float> value, Vector512<float> scale, Vector512<float> zero, Vector512<float> low, Vector512<float> high, ref Vector512<double> lower, ref Vector512<double> upper)
    {
        Vector512<float> code = Vector512.Min(Vector512.Max(Vector512.Round(value / scale) + zero, low), high);
        (Vector512<double> first, Vector512<double> second) = Vector512.Widen(value - ((code - zero) * scale));
        lower += first * first;
        upper += second * second;
    }

    // The definition: tests hold the vector path to it. It also finishes the tail.
    internal static void EncodeScalar(ReadOnlySpan<float> values, BlockScale block, CodeRange range, Span<byte> codes)
    {
        for (int i = 0; i < values.Length; i++)
        {
            codes[i] = (byte)(int)Math.Clamp(MathF.Round(values[i] / block.Scale) + block.Zero, range.Min, range.Max);
        }
    }

    // Sixty-four codes a step, then sixteen. On machines without 512-bit registers the runtime splits each vector, with the same results.
    private static int EncodeVector512(ReadOnlySpan<float> values, BlockScale block, CodeRange range, Span<byte> codes)
    {
        ref float from = ref MemoryMarshal.GetReference(values);
        ref byte to = ref MemoryMarshal.GetReference(codes);
        Vector512<float> scale = Vector512.Create(block.Scale), zero = Vector512.Create((float)block.Zero);
        Vector512<float> low = Vector512.Create((float)range.Min), high = Vector512.Create((float)range.Max);
        int i = 0;
        for (; i + Vector512<byte>.Count <= values.Length; i += Vector512<byte>.Count)
        {
            Vector512<int> a = Quarter(ref from, i, scale, zero, low, high), b = Quarter(ref from, i + 16, scale, zero, low, high);
            Vector512<int> c = Quarter(ref from, i + 32, scale, zero, low, high), d = Quarter(ref from, i + 48, scale, zero, low, high);
            Vector512.Narrow(Vector512.Narrow(a, b), Vector512.Narrow(c, d)).AsByte().StoreUnsafe(ref to, (nuint)i);
        }

        for (; i + Vector512<float>.Count <= values.Length; i += Vector512<float>.Count)
        {
            Vector512<int> rest = Quarter(ref from, i, scale, zero, low, high);
            Vector256<short> narrow = Vector256.Narrow(rest.GetLower(), rest.GetUpper());
            Vector128.Narrow(narrow.GetLower(), narrow.GetUpper()).AsByte().StoreUnsafe(ref to, (nuint)i);
        }

        return i;
    }

    private static Vector512<int> Quarter(ref float from, int at, Vector512<float> scale, Vector512<float> zero, Vector512<float> low, Vector512<float> high)
    {
        Vector512<float> code = Vector512.Round(Vector512.LoadUnsafe(ref from, (nuint)at) / scale) + zero;
        return Vector512.ConvertToInt32(Vector512.Min(Vector512.Max(code, low), high));
    }
}
