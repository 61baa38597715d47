using System.Runtime.InteropServices;

namespace SweepCluster.Numerics.Packing;

/// <summary>Finds the distinct values of float32 numbers by sorting them.</summary>
internal static class SortedSingles
{
    // The keys become the values where they lie, and the sort's second buffer becomes the ends: nothing else is allocated.
    internal static DistinctValues Count(ReadOnlySpan<float> values)
    {
        float[] found = GC.AllocateUninitializedArray<float>(values.Length);
        int[] ends = GC.AllocateUninitializedArray<int>(values.Length + 1);
        Span<uint> keys = MemoryMarshal.Cast<float, uint>(found.AsSpan());
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = OrderedKeys.Of(values[i]);
        }

        RadixSort.Sort(keys, MemoryMarshal.Cast<int, uint>(ends.AsSpan())[..keys.Length]);
        ends[0] = 0;
        int distinct = 0;
        for (int i = 0; i < keys.Length; i++)
        {
            uint key = keys[i];
            if (i + 1 == keys.Length || keys[i + 1] != key)
            {
                found[distinct] = OrderedKeys.ToSingle(key);
                ends[++distinct] = i + 1;
            }
        }

        return new(Trimmed(found, distinct), Trimmed(ends, distinct + 1));
    }

    // The element's number lies under its key, so that equal keys keep the order of the elements.
    internal static DistinctValues Count(ReadOnlySpan<float> values, ReadOnlySpan<float> importances)
    {
        ulong[] keys = GC.AllocateUninitializedArray<ulong>(values.Length);
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = ((ulong)OrderedKeys.Of(values[i]) << 32) | (uint)i;
        }

        RadixSort.Sort(keys, GC.AllocateUninitializedArray<ulong>(keys.Length), lowestBit: 32);
        float[] found = new float[keys.Length];
        int[] ends = new int[keys.Length + 1];
        double[] weights = new double[keys.Length];
        int distinct = 0;
        for (int i = 0; i < keys.Length; i++)
        {
            weights[distinct] += importances[(int)(uint)keys[i]];
            if (i + 1 == keys.Length || keys[i + 1] >> 32 != keys[i] >> 32)
            {
                found[distinct] = OrderedKeys.ToSingle((uint)(keys[i] >> 32));
                ends[++distinct] = i + 1;
            }
        }

        return new(Trimmed(found, distinct), Trimmed(ends, distinct + 1), Trimmed(weights, distinct));
    }

    // Keeps the array where little of it is unused.
    private static ReadOnlyMemory<T> Trimmed<T>(T[] array, int length) => length >= array.Length - (array.Length / 8) ? array.AsMemory(0, length) : array.AsSpan(0, length).ToArray();
}
