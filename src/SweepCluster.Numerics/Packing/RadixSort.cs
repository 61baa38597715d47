using System.Numerics;
using System.Runtime.CompilerServices;

namespace SweepCluster.Numerics.Packing;

/// <summary>Sorts unsigned integers in place, byte by byte from the least significant one.</summary>
/// <remarks>Stable from <c>lowestBit</c> up. A pass in which all keys share one byte is skipped.</remarks>
internal static class RadixSort
{
    private const int Buckets = 256;
    private const int BitsPerPass = 8;

    // Below this length the passes over the buckets cost more than a comparison sort.
    private const int ShortLength = 128;

    /// <summary>Sorts.</summary>
    /// <param name="keys">The keys.</param>
    /// <param name="spare">As long as the keys; its contents are lost.</param>
    /// <param name="lowestBit">The bits below this, a multiple of 8, are not sorted by; they must ascend already, so that a sort by all bits gives the same.</param>
    internal static void Sort<T>(Span<T> keys, Span<T> spare, int lowestBit = 0)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        if (keys.Length < ShortLength)
        {
            keys.Sort();
            return;
        }

        int passes = Unsafe.SizeOf<T>() - (lowestBit / BitsPerPass);
        Span<int> starts = stackalloc int[Buckets * sizeof(ulong)];
        starts.Clear();
        CountDigits(keys, lowestBit, passes, starts);
        Span<T> from = keys, to = spare[..keys.Length];
        for (int pass = 0; pass < passes; pass++)
        {
            Span<int> buckets = starts.Slice(pass * Buckets, Buckets);
            if (!CountsToStarts(buckets, from.Length))
            {
                continue;
            }

            int shift = lowestBit + (pass * BitsPerPass);
            foreach (T key in from)
            {
                to[buckets[Digit(key, shift)]++] = key;
            }

            Span<T> swapped = from;
            from = to;
            to = swapped;
        }

        if (from != keys)
        {
            from.CopyTo(keys);
        }
    }

    private static void CountDigits<T>(ReadOnlySpan<T> keys, int lowestBit, int passes, Span<int> counts)
        where T : unmanaged, IBinaryInteger<T>
    {
        foreach (T key in keys)
        {
            for (int pass = 0; pass < passes; pass++)
            {
                counts[(pass * Buckets) + Digit(key, lowestBit + (pass * BitsPerPass))]++;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Digit<T>(T key, int shift)
        where T : unmanaged, IBinaryInteger<T> => int.CreateTruncating(key >>> shift) & (Buckets - 1);

    // False where one bucket holds every key, so that the pass would only copy.
    private static bool CountsToStarts(Span<int> counts, int length)
    {
        int sum = 0;
        foreach (ref int count in counts)
        {
            if (count == length)
            {
                return false;
            }

            (count, sum) = (sum, sum + count);
        }

        return true;
    }
}
