using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using SweepCluster.Numerics.Halves;

namespace SweepCluster.Compression.Quantization;

/// <summary>Symmetric codes of 4 bits for short blocks that follow each other: sixteen blocks at a time, from their values to packed codes and stored scales while they are in the first cache.</summary>
/// <remarks>
/// For machines with AVX-512; gives the bits of <see cref="BlockFitter"/>, <see cref="LinearEncoder"/> and packing one after the other.
/// Where <see cref="BlockFitter.Plain"/> holds, no code needs clipping: the scale is at least 1 - 2^-11 of the exact one, so that the largest value comes to at most 7.004 steps.
/// Float16 is not widened with its exponent in place: the factor that is left, 2^112, is a power of two and moves into the reciprocal of the scale.
/// </remarks>
internal static class NibbleBlocks
{
    /// <summary>Blocks that are worked on together.</summary>
    internal const int Together = 16;

    // Sixteen longer blocks of float32 would not leave the first cache room for anything else.
    private const int LongestBlock = 256;
    private const int Step = 32; // values of a step: a register of float16, two of float32
    private const int LinesAhead = 4096; // bytes between what is worked on and what is asked for from memory
    private const float HalfFactor = 5.192296858534828e33f; // 2^112
    private const int HalfExponent = 112 << 23; // what float32's exponent counts more than float16's

    /// <summary>Whether this machine has what it takes, and the blocks are right for it.</summary>
    /// <param name="length">Values of one block.</param>
    /// <param name="task">What is to be done.</param>
    internal static bool Takes(int length, LinearTask task) =>
        Avx512Vbmi.IsSupported && task is { Bits: 4, Clip: false, Range.Symmetric: true } && length % Step == 0 && length <= LongestBlock;

    /// <summary>Fits and encodes blocks up to the first sixteen that the plain rule does not hold for.</summary>
    /// <param name="values">The blocks' numbers.</param>
    /// <param name="length">Values of one block, as <see cref="Takes"/> allows.</param>
    /// <param name="task">What is to be done.</param>
    /// <param name="packed">Receives half a byte for each value.</param>
    /// <param name="scales">Receives one scale for each block, as stored.</param>
    /// <returns>How many blocks are done, a multiple of sixteen.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int Encode<T>(ReadOnlySpan<T> values, int length, LinearTask task, Span<byte> packed, Span<T> scales)
        where T : unmanaged
    {
        bool halves = typeof(T) == typeof(ushort);
        int middle = task.Range.Middle;
        (float lowest, float highest) = BlockFitter.Plain(task.Range, task.Device);
        Vector512<float> least = Vector512.Create(lowest), most = Vector512.Create(highest), steps = Vector512.Create((float)task.Range.Steps);
        Span<float> factors = stackalloc float[Together];
        ref float factor = ref MemoryMarshal.GetReference(factors);
        ref T from = ref MemoryMarshal.GetReference(values);
        ref byte to = ref MemoryMarshal.GetReference(packed);
        int block = 0;
        for (; block + Together <= scales.Length; block += Together)
        {
            Vector512<float> largest = Largest(ref from, length);
            if (!Vector512.GreaterThanOrEqualAll(largest, least) || !Vector512.LessThanOrEqualAll(largest, most))
            {
                break;
            }

            Vector512<float> scale = (largest + largest) / steps;
            scale = halves ? HalfLanes.Round(scale) : scale;
            Store(scale, ref scales[block]);
            (Vector512<float>.One / scale * (halves ? HalfFactor : 1f)).StoreUnsafe(ref factor);
            for (int own = 0; own < Together; own++)
            {
                Vector512<float> reciprocal = Vector512.Create(Unsafe.Add(ref factor, own));
                for (int i = 0; i < length; i += Step)
                {
                    Vector128<byte> codes = halves ? Halves(ref Unsafe.As<T, ushort>(ref from), reciprocal) : Singles(ref Unsafe.As<T, float>(ref from), reciprocal);
                    if (middle != 0)
                    {
                        // From two's complement to codes around the middle, 7: plus 8 in every half byte without a carry, minus 1.
                        codes = (codes ^ Vector128.Create((byte)0x88)) - Vector128.Create((byte)0x11);
                    }

                    codes.StoreUnsafe(ref to);
                    from = ref Unsafe.Add(ref from, Step);
                    to = ref Unsafe.Add(ref to, Step / 2);
                }
            }
        }

        return block;
    }

    // The largest magnitudes of sixteen blocks.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Largest<T>(ref T from, int length)
        where T : unmanaged
    {
        Vector512<uint> first = Four(ref from, length), second = Four(ref Unsafe.Add(ref from, 4 * length), length);
        Vector512<uint> third = Four(ref Unsafe.Add(ref from, 8 * length), length), fourth = Four(ref Unsafe.Add(ref from, 12 * length), length);

        // Each holds four blocks in each of its four quarters: quarters are put together until every block has one lane.
        Vector512<uint> lower = Max<T>(Avx512F.Shuffle4x128(first, second, 0x44), Avx512F.Shuffle4x128(first, second, 0xEE));
        Vector512<uint> upper = Max<T>(Avx512F.Shuffle4x128(third, fourth, 0x44), Avx512F.Shuffle4x128(third, fourth, 0xEE));
        Vector512<uint> all = Max<T>(Avx512F.Shuffle4x128(lower, upper, 0x88), Avx512F.Shuffle4x128(lower, upper, 0xDD));
        return typeof(T) == typeof(ushort)
            ? (Vector512.Max(all >>> 16, all & Vector512.Create(0xFFFFu)) << 13).AsSingle() * HalfFactor
            : all.AsSingle();
    }

    // Lane i of each quarter holds magnitudes of block i of four.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Four<T>(ref T from, int length)
        where T : unmanaged
    {
        Vector512<uint> first = Magnitudes(ref from, length), second = Magnitudes(ref Unsafe.Add(ref from, length), length);
        Vector512<uint> third = Magnitudes(ref Unsafe.Add(ref from, 2 * length), length), fourth = Magnitudes(ref Unsafe.Add(ref from, 3 * length), length);
        Vector512<ulong> lower = Max<T>(Avx512F.UnpackLow(first, second), Avx512F.UnpackHigh(first, second)).AsUInt64();
        Vector512<ulong> upper = Max<T>(Avx512F.UnpackLow(third, fourth), Avx512F.UnpackHigh(third, fourth)).AsUInt64();
        return Max<T>(Avx512F.UnpackLow(lower, upper).AsUInt32(), Avx512F.UnpackHigh(lower, upper).AsUInt32());
    }

    // The largest magnitude of one block is in one of the lanes, of which a 32-bit one may hold two of float16.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Magnitudes<T>(ref T from, int length)
        where T : unmanaged
    {
        Vector512<uint> mask = typeof(T) == typeof(ushort) ? Vector512.Create(0x7FFF7FFFu) : Vector512.Create(0x7FFFFFFFu), largest = default;
        for (int i = 0; i < length; i += Step)
        {
            largest = Max<T>(largest, Vector512.LoadUnsafe(ref Unsafe.Add(ref from, i)).AsUInt32() & mask);
            if (typeof(T) == typeof(float))
            {
                largest = Max<T>(largest, Vector512.LoadUnsafe(ref Unsafe.Add(ref from, i + (Step / 2))).AsUInt32() & mask);
            }
        }

        return largest;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Max<T>(Vector512<uint> first, Vector512<uint> second) =>
        typeof(T) == typeof(ushort) ? Vector512.Max(first.AsUInt16(), second.AsUInt16()).AsUInt32() : Vector512.Max(first, second);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T>(Vector512<float> scale, ref T to)
        where T : unmanaged
    {
        if (typeof(T) == typeof(ushort))
        {
            Avx512F.ConvertToVector256UInt16((scale.AsUInt32() - Vector512.Create((uint)HalfExponent)) >>> 13).StoreUnsafe(ref Unsafe.As<T, ushort>(ref to));
            return;
        }

        scale.StoreUnsafe(ref Unsafe.As<T, float>(ref to));
    }

    // Sixteen even and sixteen odd ones of 32 float16 numbers, each moved to float32's places of sign, exponent and fraction.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Halves(ref ushort from, Vector512<float> reciprocal)
    {
        Prefetch(ref from);
        Vector512<int> pairs = Vector512.LoadUnsafe(ref from).AsInt32();
        Vector512<float> even = (((pairs << 16) >> 3) & Vector512.Create(unchecked((int)0x8FFFE000))).AsSingle();
        Vector512<float> odd = ((pairs >> 3) & Vector512.Create(unchecked((int)0x8FFFE000))).AsSingle();
        Vector512<uint> joined = Vector512.ConditionalSelect(Vector512.Create(0x0Fu), Whole(even, reciprocal).AsUInt32(), Whole(odd, reciprocal).AsUInt32() << 4);
        return Avx512F.ConvertToVector128Byte(joined);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Singles(ref float from, Vector512<float> reciprocal)
    {
        Prefetch(ref from);
        Vector512<ulong> first = Whole(Vector512.LoadUnsafe(ref from), reciprocal).AsUInt64(), second = Whole(Vector512.LoadUnsafe(ref from, Step / 2), reciprocal).AsUInt64();
        Vector512<byte> lowest = Vector512.Create(
            0, 8, 16, 24, 32, 40, 48, 56, 64, 72, 80, 88, 96, 104, 112, 120, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte)0);
        return Avx512Vbmi.PermuteVar64x8x2(Join(first).AsByte(), lowest, Join(second).AsByte()).GetLower().GetLower();
    }

    // The lowest four bits of each 32-bit half of a lane to its lowest byte.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<ulong> Join(Vector512<ulong> pairs) => Vector512.ConditionalSelect(Vector512.Create(0x0FUL), pairs, pairs >>> 28);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Whole(Vector512<float> values, Vector512<float> reciprocal) => Vector512.FusedMultiplyAdd(values, reciprocal, Vector512.Create(BlockSteps.Whole));

    // Behind the weight's end the hint does nothing.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static unsafe void Prefetch<T>(ref T from)
        where T : unmanaged
    {
        byte* ahead = (byte*)Unsafe.AsPointer(ref from) + LinesAhead;
        Sse.Prefetch0(ahead);
        if (sizeof(T) > 2)
        {
            Sse.Prefetch0(ahead + 64);
        }
    }
}
