using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SweepCluster.Compression.Quantization;

/// <summary>Float32, compared by its patterns as integers, so that NaN is found like any other large value.</summary>
internal readonly struct StoredSingles : IStored<float>
{
    /// <inheritdoc/>
    public static float Limit => float.MaxValue;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(ref float from, nuint at) => Vector512.LoadUnsafe(ref from, at);

    /// <inheritdoc/>
    public static float Value(float stored) => stored;

    /// <inheritdoc/>
    public static void Store(ReadOnlySpan<float> values, Span<float> stored) => values.CopyTo(stored);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(ReadOnlySpan<float> stored)
    {
        ref int from = ref Unsafe.As<float, int>(ref MemoryMarshal.GetReference(stored));
        int lanes = Vector512<int>.Count;
        if (stored.Length < lanes || !Vector128.IsHardwareAccelerated)
        {
            return LargestScalar(stored);
        }

        Vector512<int> mask = Vector512.Create(int.MaxValue), largest = Vector512.LoadUnsafe(ref from, (nuint)(stored.Length - lanes)) & mask, second = largest;
        int i = 0;
        for (; i + (2 * lanes) <= stored.Length; i += 2 * lanes)
        {
            largest = Vector512.Max(largest, Vector512.LoadUnsafe(ref from, (nuint)i) & mask);
            second = Vector512.Max(second, Vector512.LoadUnsafe(ref from, (nuint)(i + lanes)) & mask);
        }

        if (i + lanes <= stored.Length)
        {
            second = Vector512.Max(second, Vector512.LoadUnsafe(ref from, (nuint)i) & mask);
        }

        return Reduce(Vector512.Max(largest, second));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Largest(ReadOnlySpan<float> stored, int length, Span<float> largest)
    {
        for (int block = 0; block < largest.Length; block++)
        {
            largest[block] = Largest(stored.Slice(block * length, length));
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (float Min, float Max) Range(ReadOnlySpan<float> stored)
    {
        ref int from = ref Unsafe.As<float, int>(ref MemoryMarshal.GetReference(stored));
        int lanes = Vector512<int>.Count, i = 0, least = int.MaxValue, most = int.MinValue;
        if (stored.Length >= lanes && Vector128.IsHardwareAccelerated)
        {
            Vector512<int> smallest = Vector512.Create(least), largest = Vector512.Create(most);
            for (; i + lanes <= stored.Length; i += lanes)
            {
                Vector512<int> ordered = Ordered(Vector512.LoadUnsafe(ref from, (nuint)i));
                smallest = Vector512.Min(smallest, ordered);
                largest = Vector512.Max(largest, ordered);
            }

            for (int lane = 0; lane < lanes; lane++)
            {
                least = Math.Min(least, smallest[lane]);
                most = Math.Max(most, largest[lane]);
            }
        }

        for (; i < stored.Length; i++)
        {
            int ordered = Ordered(BitConverter.SingleToInt32Bits(stored[i]));
            least = Math.Min(least, ordered);
            most = Math.Max(most, ordered);
        }

        return (BitConverter.Int32BitsToSingle(Ordered(least)), BitConverter.Int32BitsToSingle(Ordered(most)));
    }

    // The definition of Largest: tests hold the vectors to it.
    internal static float LargestScalar(ReadOnlySpan<float> stored)
    {
        int largest = 0;
        foreach (float value in stored)
        {
            largest = Math.Max(largest, BitConverter.SingleToInt32Bits(value) & int.MaxValue);
        }

        return BitConverter.Int32BitsToSingle(largest);
    }

    // The largest of 16 that are not negative.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Reduce(Vector512<int> values)
    {
        Vector256<int> half = Vector256.Max(values.GetLower(), values.GetUpper());
        Vector128<int> quarter = Vector128.Max(half.GetLower(), half.GetUpper());
        quarter = Vector128.Max(quarter, Vector128.Shuffle(quarter, Vector128.Create(2, 3, 0, 1)));
        return BitConverter.Int32BitsToSingle(Math.Max(quarter[0], quarter[1]));
    }

    private static int Ordered(int pattern) => pattern ^ ((pattern >> 31) & int.MaxValue);

    private static Vector512<int> Ordered(Vector512<int> patterns) => patterns ^ ((patterns >> 31) & Vector512.Create(int.MaxValue));
}
