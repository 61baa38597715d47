using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using SweepCluster.Numerics.Halves;

namespace SweepCluster.Compression.Quantization;

/// <summary>Float16 by its patterns: magnitudes are ordered as integers, so that the largest is found without decoding.</summary>
internal readonly struct StoredHalves : IStored<ushort>
{
    private const ushort Magnitude = 0x7FFF;

    /// <inheritdoc/>
    public static float Limit => HalfRange.Largest;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(ref ushort from, nuint at) => HalfLanes.Load(ref from, at);

    /// <inheritdoc/>
    public static float Value(ushort stored) => (float)BitConverter.UInt16BitsToHalf(stored);

    /// <inheritdoc/>
    public static void Store(ReadOnlySpan<float> values, Span<ushort> stored) => TensorPrimitives.ConvertToHalf(values, MemoryMarshal.Cast<ushort, Half>(stored));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Largest(ReadOnlySpan<ushort> stored)
    {
        ref ushort from = ref MemoryMarshal.GetReference(stored);
        int lanes = Vector512<ushort>.Count;
        if (stored.Length < lanes || !Vector128.IsHardwareAccelerated)
        {
            return LargestScalar(stored);
        }

        // The last step overlaps the one before: a largest value may be seen twice.
        Vector512<ushort> mask = Vector512.Create(Magnitude), largest = Vector512.LoadUnsafe(ref from, (nuint)(stored.Length - lanes)) & mask, second = largest;
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

        return Decode(Reduce(Vector512.Max(largest, second)));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Largest(ReadOnlySpan<ushort> stored, int length, Span<float> largest)
    {
        if (length % Vector512<ushort>.Count != 0 || !Vector128.IsHardwareAccelerated)
        {
            for (int block = 0; block < largest.Length; block++)
            {
                largest[block] = Largest(stored.Slice(block * length, length));
            }

            return;
        }

        // Patterns first, decoded together.
        ref ushort from = ref MemoryMarshal.GetReference(stored[..(largest.Length * length)]);
        ref int patterns = ref Unsafe.As<float, int>(ref MemoryMarshal.GetReference(largest));
        Vector512<ushort> mask = Vector512.Create(Magnitude);
        for (int block = 0, at = 0; block < largest.Length; block++)
        {
            Vector512<ushort> most = Vector512.LoadUnsafe(ref from, (nuint)at) & mask;
            int end = at + length;
            for (at += Vector512<ushort>.Count; at < end; at += Vector512<ushort>.Count)
            {
                most = Vector512.Max(most, Vector512.LoadUnsafe(ref from, (nuint)at) & mask);
            }

            Unsafe.Add(ref patterns, block) = Reduce(most);
        }

        int i = 0;
        for (; i + Vector512<int>.Count <= largest.Length; i += Vector512<int>.Count)
        {
            ((Vector512.LoadUnsafe(ref patterns, (nuint)i) << 13).AsSingle() * Vector512.Create(5.192296858534828e33f)).StoreUnsafe(ref MemoryMarshal.GetReference(largest), (nuint)i);
        }

        for (; i < largest.Length; i++)
        {
            largest[i] = Decode((ushort)Unsafe.Add(ref patterns, i));
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static (float Min, float Max) Range(ReadOnlySpan<ushort> stored)
    {
        ref ushort from = ref MemoryMarshal.GetReference(stored);
        int lanes = Vector512<ushort>.Count, i = 0;
        short least = short.MaxValue, most = short.MinValue;
        if (stored.Length >= lanes && Vector128.IsHardwareAccelerated)
        {
            Vector512<short> smallest = Vector512.Create(least), largest = Vector512.Create(most);
            for (; i + lanes <= stored.Length; i += lanes)
            {
                Vector512<short> ordered = Ordered(Vector512.LoadUnsafe(ref from, (nuint)i).AsInt16());
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
            short ordered = Ordered((short)stored[i]);
            least = Math.Min(least, ordered);
            most = Math.Max(most, ordered);
        }

        return (Value((ushort)Ordered(least)), Value((ushort)Ordered(most)));
    }

    // The definition of Largest: tests hold the vectors to it.
    internal static float LargestScalar(ReadOnlySpan<ushort> stored)
    {
        int largest = 0;
        foreach (ushort pattern in stored)
        {
            largest = Math.Max(largest, pattern & Magnitude);
        }

        return Decode((ushort)largest);
    }

    // Not negative, normal or not: infinity and NaN come out as 65,536 and above.
    private static float Decode(ushort magnitude) => BitConverter.Int32BitsToSingle(magnitude << 13) * 5.192296858534828e33f;

    // The largest of 32.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ushort Reduce(Vector512<ushort> values)
    {
        Vector256<ushort> half = Vector256.Max(values.GetLower(), values.GetUpper());
        Vector128<ushort> quarter = Vector128.Max(half.GetLower(), half.GetUpper());
        if (Sse41.IsSupported)
        {
            return (ushort)~Sse41.MinHorizontal(~quarter).ToScalar();
        }

        ushort largest = 0;
        for (int lane = 0; lane < Vector128<ushort>.Count; lane++)
        {
            largest = Math.Max(largest, quarter[lane]);
        }

        return largest;
    }

    // Patterns of negative numbers are turned over, so that integers are ordered as the numbers are. Its own inverse.
    private static short Ordered(short pattern) => (short)(pattern ^ ((pattern >> 15) & Magnitude));

    private static Vector512<short> Ordered(Vector512<short> patterns) => patterns ^ ((patterns >> 15) & Vector512.Create((short)Magnitude));
}
