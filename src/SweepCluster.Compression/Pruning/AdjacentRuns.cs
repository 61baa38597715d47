using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace SweepCluster.Compression.Pruning;

/// <summary>n:m patterns of runs of 2 or 4 that follow each other in memory, a register of them at a time.</summary>
/// <remarks>Every number is compared with the others of its run by turning the runs in place. An earlier number goes before an equal later one: where the turn brings an earlier one, the own magnitude counts as one more.</remarks>
internal static class AdjacentRuns
{
    /// <summary>Whether runs of this length are done here.</summary>
    internal static bool Takes(int m) => m is 2 or 4 && Vector128.IsHardwareAccelerated && BitConverter.IsLittleEndian;

    /// <summary>Makes the mask of as many runs as fill whole registers.</summary>
    /// <param name="numbers">Finite numbers, run after run.</param>
    /// <param name="n">How many of each run go.</param>
    /// <param name="m">Length of a run, as <see cref="Takes"/> allows.</param>
    /// <param name="mask">Receives 1 where a number stays and is not 0.</param>
    /// <returns>How many numbers are done, a multiple of 8 and of <paramref name="m"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static int Choose<T>(ReadOnlySpan<T> numbers, int n, int m, Span<byte> mask)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>, IMinMaxValue<T>
    {
        int lanes = Vector512<T>.Count, i = 0;
        ref T from = ref MemoryMarshal.GetReference(numbers);
        ref byte to = ref MemoryMarshal.GetReference(mask);
        Vector512<T> noSign = Vector512.Create(T.MaxValue >>> 1), goes = Vector512.Create(T.CreateTruncating(n));
        Vector512<T> one = Wraps<T>(1, m), two = Wraps<T>(2, m), three = Wraps<T>(3, m);
        for (; i + lanes <= numbers.Length; i += lanes)
        {
            // Each comparison that holds is all ones, which is -1.
            Vector512<T> magnitude = Vector512.LoadUnsafe(ref from, (nuint)i) & noSign, before;
            if (m == 2)
            {
                before = Vector512.LessThan(TurnPairs(magnitude), magnitude + one);
            }
            else
            {
                before = Vector512.LessThan(TurnFours(magnitude, 1), magnitude + one)
                    + Vector512.LessThan(TurnFours(magnitude, 2), magnitude + two)
                    + Vector512.LessThan(TurnFours(magnitude, 3), magnitude + three);
            }

            Vector512<T> stays = Vector512.GreaterThanOrEqual(Vector512<T>.Zero - before, goes) & Vector512.GreaterThan(magnitude, Vector512<T>.Zero);
            ulong bits = stays.ExtractMostSignificantBits();
            ref byte at = ref Unsafe.Add(ref to, i >>> 3);
            if (typeof(T) == typeof(ushort))
            {
                Unsafe.WriteUnaligned(ref at, (uint)bits);
            }
            else
            {
                Unsafe.WriteUnaligned(ref at, (ushort)bits);
            }
        }

        return i;
    }

    // 1 in the places to which a turn brings an earlier number of the run.
    private static Vector512<T> Wraps<T>(int turn, int m)
        where T : unmanaged, INumber<T>
    {
        Span<T> wraps = stackalloc T[Vector512<T>.Count];
        for (int lane = 0; lane < wraps.Length; lane++)
        {
            wraps[lane] = (lane % m) + turn >= m ? T.One : T.Zero;
        }

        return Vector512.Create<T>(wraps);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> TurnPairs<T>(Vector512<T> runs)
        where T : unmanaged => typeof(T) == typeof(ushort)
            ? ((runs.AsUInt32() >>> 16) | (runs.AsUInt32() << 16)).As<uint, T>()
            : ((runs.AsUInt64() >>> 32) | (runs.AsUInt64() << 32)).As<ulong, T>();

    // Brings to place i of a run what stands at i + turn, modulo 4.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<T> TurnFours<T>(Vector512<T> runs, int turn)
        where T : unmanaged
    {
        if (typeof(T) == typeof(ushort))
        {
            return ((runs.AsUInt64() >>> (16 * turn)) | (runs.AsUInt64() << (64 - (16 * turn)))).As<ulong, T>();
        }

        Vector512<uint> fours = runs.AsUInt32();
        if (Avx512F.IsSupported)
        {
            return (turn == 1 ? Avx512F.Shuffle(fours, 0x39) : turn == 2 ? Avx512F.Shuffle(fours, 0x4E) : Avx512F.Shuffle(fours, 0x93)).As<uint, T>();
        }

        Vector256<uint> lower = fours.GetLower(), upper = fours.GetUpper();
        return Vector512.Create(
            Vector256.Create(TurnFour(lower.GetLower(), turn), TurnFour(lower.GetUpper(), turn)),
            Vector256.Create(TurnFour(upper.GetLower(), turn), TurnFour(upper.GetUpper(), turn))).As<uint, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> TurnFour(Vector128<uint> four, int turn) =>
        turn == 1 ? Vector128.Shuffle(four, Vector128.Create(1u, 2, 3, 0))
        : turn == 2 ? Vector128.Shuffle(four, Vector128.Create(2u, 3, 0, 1))
        : Vector128.Shuffle(four, Vector128.Create(3u, 0, 1, 2));
}
