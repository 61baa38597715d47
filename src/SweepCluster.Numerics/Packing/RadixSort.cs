using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace SweepCluster.Numerics.Packing;

/// <summary>Sorts unsigned integers in place, byte by byte from the least significant one.</summary>
/// <remarks>Takes a rented buffer as long as the keys. A pass in which all keys share one byte is skipped.</remarks>
internal static class RadixSort
{
    private const int Buckets = 256;
    private const int BitsPerPass = 8;

    // Below this length the passes over the buckets cost more than a comparison sort.
    private const int ShortLength = 128;

    internal static void Sort<T>(Span<T> keys)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        if (keys.Length < ShortLength)
        {
            keys.Sort();
            return;
        }

        T[] rented = ArrayPool<T>.Shared.Rent(keys.Length);
        Span<T> from = keys, to = rented.AsSpan(0, keys.Length);
        Span<int> starts = stackalloc int[Buckets];
        for (int shift = 0; shift < BitsPerPass * Unsafe.SizeOf<T>(); shift += BitsPerPass)
        {
            starts.Clear();
            foreach (T key in from)
            {
                starts[Digit(key, shift)]++;
            }

            if (!CountsToStarts(starts, from.Length))
            {
                continue;
            }

            foreach (T key in from)
            {
                to[starts[Digit(key, shift)]++] = key;
            }

            Span<T> swapped = from;
            from = to;
            to = swapped;
        }

        if (from != keys)
        {
            from.CopyTo(keys);
        }

        ArrayPool<T>.Shared.Return(rented);
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
