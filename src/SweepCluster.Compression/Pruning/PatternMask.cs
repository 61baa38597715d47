using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SweepCluster.Numerics.Packing;
using SweepCluster.Numerics.Sparsity;

namespace SweepCluster.Compression.Pruning;

/// <summary>n:m patterns: of every m consecutive channels, each position of the other axes on its own, the n smallest magnitudes go.</summary>
/// <remarks>Where m does not divide the channels the last run is filled up with zeros, which count as smallest. Among equals the lowest channel goes first.</remarks>
internal static class PatternMask
{
    // Up to here every pair is compared, sixteen runs at once; above that each run is sorted.
    private const int ShortRun = 32;
    private const int Lanes = 16;

    /// <summary>Makes the mask: 1 where an element stays and is not 0.</summary>
    internal static byte[] Of<T>(ReadOnlySpan<T> numbers, AxisView view, int n, int m)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>, IMinMaxValue<T>
    {
        if (view.Inner > 1 || view.Channels % m != 0 || !AdjacentRuns.Takes(m))
        {
            return OfRuns(numbers, view, n, m);
        }

        // All runs are full ones and follow each other; what does not fill a register is left over.
        byte[] mask = GC.AllocateUninitializedArray<byte>(SparsePacking.MaskLength(numbers.Length));
        int done = AdjacentRuns.Choose(numbers, n, m, mask);
        OfRuns(numbers[done..], new AxisView(1, numbers.Length - done, 1), n, m).CopyTo(mask, done / 8);
        return mask;
    }

    // The definition: tests hold the other path to it.
    internal static byte[] OfRuns<T>(ReadOnlySpan<T> numbers, AxisView view, int n, int m)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>, IMinMaxValue<T>
    {
        byte[] stays = GC.AllocateUninitializedArray<byte>(numbers.Length);
        int[] starts = new int[Lanes];
        uint[] keys = new uint[Lanes * m];
        uint[] smaller = new uint[Lanes * m];
        ulong[] order = m > ShortRun ? new ulong[m] : [];
        for (int outer = 0; outer < view.Outer; outer++)
        {
            for (int channel = 0; channel < view.Channels; channel += m)
            {
                // Positions side by side in memory, up to sixteen; where the channels are the last axis, one.
                for (int inner = 0; inner < view.Inner; inner += Lanes)
                {
                    int runs = Math.Min(Lanes, view.Inner - inner), length = Math.Min(m, view.Channels - channel);
                    int start = (((outer * view.Channels) + channel) * view.Inner) + inner;
                    if (view.Inner == 1)
                    {
                        // Instead, runs one behind the other, as long as they are full ones.
                        runs = Math.Clamp((view.Channels - channel) / m, 1, Lanes);
                        channel += (runs - 1) * m;
                    }

                    for (int run = 0; run < runs; run++)
                    {
                        starts[run] = view.Inner == 1 ? start + (run * m) : start + run;
                    }

                    Choose(numbers, starts.AsSpan(0, runs), view.Inner, length, n, m, keys, smaller, order, stays);
                }
            }
        }

        return Packed(stays);
    }

    // Decides on several runs, whose channels lie `step` apart.
    private static void Choose<T>(
        ReadOnlySpan<T> numbers, ReadOnlySpan<int> starts, int step, int length, int n, int m, Span<uint> keys, Span<uint> smaller, ulong[] order, Span<byte> stays)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>, IMinMaxValue<T>
    {
        T noSign = T.MaxValue >>> 1;
        keys[(length * Lanes)..].Clear();
        for (int i = 0; i < length; i++)
        {
            for (int run = 0; run < starts.Length; run++)
            {
                keys[(i * Lanes) + run] = uint.CreateTruncating(numbers[starts[run] + (i * step)] & noSign);
            }
        }

        if (order.Length > 0)
        {
            Sort(keys, smaller, starts.Length, order);
        }
        else
        {
            Compare(keys, smaller, m);
        }

        for (int i = 0; i < length; i++)
        {
            for (int run = 0; run < starts.Length; run++)
            {
                int at = (i * Lanes) + run;
                stays[starts[run] + (i * step)] = smaller[at] >= (uint)n && keys[at] != 0 ? (byte)1 : (byte)0;
            }
        }
    }

    // For every channel of sixteen runs, how many channels go before it. Of a pair the later one goes first only where it is smaller. Machines without 512-bit registers split the vectors, with the same results.
    private static void Compare(ReadOnlySpan<uint> keys, Span<uint> smaller, int m)
    {
        smaller.Clear();
        ref uint from = ref MemoryMarshal.GetReference(keys), to = ref MemoryMarshal.GetReference(smaller);
        for (nuint later = Lanes; later < (nuint)(m * Lanes); later += Lanes)
        {
            Vector512<uint> key = Vector512.LoadUnsafe(ref from, later), count = default;
            for (nuint earlier = 0; earlier < later; earlier += Lanes)
            {
                Vector512<uint> laterFirst = Vector512.LessThan(key, Vector512.LoadUnsafe(ref from, earlier));
                (Vector512.LoadUnsafe(ref to, earlier) - laterFirst).StoreUnsafe(ref to, earlier); // all ones is -1
                count -= ~laterFirst;
            }

            count.StoreUnsafe(ref to, later);
        }
    }

    private static void Sort(ReadOnlySpan<uint> keys, Span<uint> smaller, int runs, ulong[] order)
    {
        for (int run = 0; run < runs; run++)
        {
            for (int i = 0; i < order.Length; i++)
            {
                order[i] = ((ulong)keys[(i * Lanes) + run] << 32) | (uint)i;
            }

            Array.Sort(order);
            for (int i = 0; i < order.Length; i++)
            {
                smaller[((int)(uint)order[i] * Lanes) + run] = (uint)i;
            }
        }
    }

    // Bytes of 0 and 1 to bits.
    private static byte[] Packed(ReadOnlySpan<byte> stays)
    {
        byte[] mask = new byte[SparsePacking.MaskLength(stays.Length)];
        BitPacking.Pack(stays, 1, mask);
        return mask;
    }
}
