using System.Numerics;
using System.Runtime.InteropServices;

namespace SweepCluster.Numerics.Packing;

/// <summary>The distinct values of a sequence in ascending order, with how often each occurs. The two zeros count as one.</summary>
public sealed class DistinctValues
{
    // Up to here a sort of the values beats a pass over all 65,536 bit patterns.
    private const int HistogramFrom = 8192;

    private DistinctValues(float[] values, int[] counts)
    {
        Values = values;
        Counts = counts;
    }

    /// <summary>The values, strictly ascending.</summary>
    public ReadOnlyMemory<float> Values { get; }

    /// <summary>How often each value occurs, 1 or more.</summary>
    public ReadOnlyMemory<int> Counts { get; }

    /// <summary>Finds the distinct values of float16 numbers. Time grows with the length alone, not with its logarithm.</summary>
    /// <param name="values">Finite values.</param>
    public static DistinctValues Of(ReadOnlySpan<Half> values)
    {
        ReadOnlySpan<ushort> bits = MemoryMarshal.Cast<Half, ushort>(values);
        return bits.Length < HistogramFrom ? OfFew(bits) : OfMany(bits);
    }

    /// <summary>Finds the distinct values of float32 numbers by an exact sort, in memory of two copies of the values.</summary>
    /// <param name="values">Finite values.</param>
    public static DistinctValues Of(ReadOnlySpan<float> values)
    {
        uint[] keys = new uint[values.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = OrderedKeys.Of(values[i]);
        }

        int[] counts = SortAndCount<uint>(keys);
        float[] found = new float[counts.Length];
        for (int i = 0; i < found.Length; i++)
        {
            found[i] = OrderedKeys.ToSingle(keys[i]);
        }

        return new(found, counts);
    }

    private static DistinctValues OfFew(ReadOnlySpan<ushort> bits)
    {
        ushort[] keys = new ushort[bits.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = OrderedKeys.Of(bits[i]);
        }

        int[] counts = SortAndCount<ushort>(keys);
        float[] found = new float[counts.Length];
        for (int i = 0; i < found.Length; i++)
        {
            found[i] = OrderedKeys.ToHalf(keys[i]);
        }

        return new(found, counts);
    }

    // Sorts the keys and moves one of each to the front; returns how often each occurs.
    private static int[] SortAndCount<T>(Span<T> keys)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>
    {
        RadixSort.Sort(keys);
        int[] counts = new int[CountRuns<T>(keys)];
        int at = -1;
        for (int i = 0; i < keys.Length; i++)
        {
            T key = keys[i];
            if (at < 0 || key != keys[at])
            {
                keys[++at] = key;
            }

            counts[at]++;
        }

        return counts;
    }

    private static DistinctValues OfMany(ReadOnlySpan<ushort> bits)
    {
        int[] histogram = new int[65536];
        foreach (ushort pattern in bits)
        {
            histogram[pattern]++;
        }

        histogram[0] += histogram[0x8000];
        histogram[0x8000] = 0;
        int distinct = 65536 - histogram.AsSpan().Count(0);
        float[] found = new float[distinct];
        int[] counts = new int[distinct];
        int at = 0;
        for (int pattern = 0xFFFF; pattern > 0x8000; pattern--)
        {
            if (histogram[pattern] != 0)
            {
                found[at] = (float)BitConverter.UInt16BitsToHalf((ushort)pattern);
                counts[at++] = histogram[pattern];
            }
        }

        for (int pattern = 0; pattern < 0x8000; pattern++)
        {
            if (histogram[pattern] != 0)
            {
                found[at] = (float)BitConverter.UInt16BitsToHalf((ushort)pattern);
                counts[at++] = histogram[pattern];
            }
        }

        return new(found, counts);
    }

    private static int CountRuns<T>(ReadOnlySpan<T> sorted)
        where T : IEquatable<T>
    {
        int runs = sorted.IsEmpty ? 0 : 1;
        for (int i = 1; i < sorted.Length; i++)
        {
            runs += sorted[i].Equals(sorted[i - 1]) ? 0 : 1;
        }

        return runs;
    }
}
