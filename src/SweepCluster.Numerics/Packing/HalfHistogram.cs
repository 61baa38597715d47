using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SweepCluster.Numerics.Packing;

/// <summary>Finds the distinct values of float16 numbers by counting bit patterns.</summary>
internal static class HalfHistogram
{
    private const int Patterns = 65536;
    private const int MinusZero = 0x8000;

    // Up to here a sort of the values beats a pass over all bit patterns.
    private const int CountFrom = 2048;

    // Zero between two calls.
    [ThreadStatic]
    private static int[]? t_histogram;

    internal static DistinctValues Count(ReadOnlySpan<Half> values)
    {
        ReadOnlySpan<ushort> bits = MemoryMarshal.Cast<Half, ushort>(values);
        return bits.Length < CountFrom ? Sort(bits) : Count(bits);
    }

    internal static DistinctValues Count(ReadOnlySpan<Half> values, ReadOnlySpan<float> importances)
    {
        if (values.Length < CountFrom)
        {
            float[] singles = new float[values.Length];
            TensorPrimitives.ConvertToSingle(values, singles);
            return SortedSingles.Count(singles, importances);
        }

        ReadOnlySpan<ushort> bits = MemoryMarshal.Cast<Half, ushort>(values);
        double[] sums = ArrayPool<double>.Shared.Rent(Patterns);
        sums.AsSpan(0, Patterns).Clear();
        for (int i = 0; i < bits.Length; i++)
        {
            sums[bits[i] == MinusZero ? 0 : bits[i]] += importances[i];
        }

        DistinctValues distinct = Count(bits);
        double[] weights = new double[distinct.Values.Length];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = sums[BitConverter.HalfToUInt16Bits((Half)distinct.Values.Span[i])];
        }

        ArrayPool<double>.Shared.Return(sums);
        return new(distinct.Values, distinct.Ends, weights);
    }

    private static DistinctValues Sort(ReadOnlySpan<ushort> bits)
    {
        Span<ushort> keys = stackalloc ushort[CountFrom], spare = stackalloc ushort[CountFrom];
        keys = keys[..bits.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = OrderedKeys.Of(bits[i]);
        }

        RadixSort.Sort(keys, spare[..keys.Length]);
        Span<int> ends = stackalloc int[CountFrom];
        int distinct = 0;
        for (int i = 0; i < keys.Length; i++)
        {
            ushort key = keys[i];
            if (i + 1 == keys.Length || keys[i + 1] != key)
            {
                spare[distinct] = OrderedKeys.ToHalfBits(key);
                ends[distinct++] = i + 1;
            }
        }

        return new(ToSingles(spare[..distinct]), (int[])[0, .. ends[..distinct]]);
    }

    private static DistinctValues Count(ReadOnlySpan<ushort> bits)
    {
        int[] histogram = t_histogram ??= new int[Patterns];
        foreach (ushort pattern in bits)
        {
            histogram[pattern]++;
        }

        histogram[0] += histogram[MinusZero];
        histogram[MinusZero] = 0;
        int distinct = Patterns - histogram.AsSpan().Count(0);
        ushort[] patterns = ArrayPool<ushort>.Shared.Rent(distinct);
        int[] ends = new int[distinct + 1];
        int found = TakeNegative(histogram, patterns, ends);
        TakePositive(histogram, patterns, ends, found);
        float[] values = ToSingles(patterns.AsSpan(0, distinct));
        ArrayPool<ushort>.Shared.Return(patterns);
        return new(values, ends);
    }

    // Negative numbers ascend as their patterns descend. Counts are set to zero as they are taken. Returns how many were taken.
    private static int TakeNegative(int[] histogram, ushort[] patterns, int[] ends)
    {
        int found = 0;
        for (int start = Patterns - 16; start >= MinusZero; start -= 16)
        {
            for (uint used = Used(histogram, start); used != 0;)
            {
                int bit = BitOperations.Log2(used);
                used ^= 1u << bit;
                Take(histogram, start + bit, patterns, ends, found++);
            }
        }

        return found;
    }

    private static void TakePositive(int[] histogram, ushort[] patterns, int[] ends, int found)
    {
        for (int start = 0; start < MinusZero; start += 16)
        {
            for (uint used = Used(histogram, start); used != 0; used &= used - 1)
            {
                Take(histogram, start + BitOperations.TrailingZeroCount(used), patterns, ends, found++);
            }
        }
    }

    private static void Take(int[] histogram, int pattern, ushort[] patterns, int[] ends, int place)
    {
        patterns[place] = (ushort)pattern;
        ends[place + 1] = ends[place] + histogram[pattern];
        histogram[pattern] = 0;
    }

    // A bit for each of sixteen counts that is not zero.
    private static uint Used(int[] histogram, int start) =>
        (uint)Vector512.ExtractMostSignificantBits(~Vector512.Equals(Vector512.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(histogram), (nuint)start), Vector512<int>.Zero));

    private static float[] ToSingles(ReadOnlySpan<ushort> patterns)
    {
        float[] values = new float[patterns.Length];
        TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<ushort, Half>(patterns), values);
        return values;
    }
}
