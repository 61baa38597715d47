using System.Buffers;

namespace SweepCluster.Numerics.Packing;

/// <summary>Sorts unsigned integers in place, byte by byte from the least significant one.</summary>
/// <remarks>Takes a rented buffer as long as the keys. A pass in which all keys share one byte is skipped.</remarks>
internal static class RadixSort
{
    private const int Buckets = 256;

    // Below this length the passes over the buckets cost more than a comparison sort.
    private const int ShortLength = 128;

    internal static void Sort(Span<uint> keys)
    {
        if (keys.Length < ShortLength)
        {
            keys.Sort();
            return;
        }

        uint[] rented = ArrayPool<uint>.Shared.Rent(keys.Length);
        Span<uint> from = keys, to = rented.AsSpan(0, keys.Length);
        Span<int> starts = stackalloc int[Buckets];
        for (int shift = 0; shift < 32; shift += 8)
        {
            starts.Clear();
            foreach (uint key in from)
            {
                starts[(int)(key >> shift) & 0xFF]++;
            }

            if (!CountsToStarts(starts, from.Length))
            {
                continue;
            }

            foreach (uint key in from)
            {
                to[starts[(int)(key >> shift) & 0xFF]++] = key;
            }

            Span<uint> swapped = from;
            from = to;
            to = swapped;
        }

        if (from != keys)
        {
            from.CopyTo(keys);
        }

        ArrayPool<uint>.Shared.Return(rented);
    }

    internal static void Sort(Span<ushort> keys)
    {
        if (keys.Length < ShortLength)
        {
            keys.Sort();
            return;
        }

        ushort[] rented = ArrayPool<ushort>.Shared.Rent(keys.Length);
        Span<ushort> from = keys, to = rented.AsSpan(0, keys.Length);
        Span<int> starts = stackalloc int[Buckets];
        for (int shift = 0; shift < 16; shift += 8)
        {
            starts.Clear();
            foreach (ushort key in from)
            {
                starts[(key >> shift) & 0xFF]++;
            }

            if (!CountsToStarts(starts, from.Length))
            {
                continue;
            }

            foreach (ushort key in from)
            {
                to[starts[(key >> shift) & 0xFF]++] = key;
            }

            Span<ushort> swapped = from;
            from = to;
            to = swapped;
        }

        if (from != keys)
        {
            from.CopyTo(keys);
        }

        ArrayPool<ushort>.Shared.Return(rented);
    }

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
