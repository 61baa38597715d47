using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using SweepCluster.Numerics.Sparsity;

namespace SweepCluster.Graphs.Weights;

/// <summary>Puts the stored elements of sparse forms back to their places.</summary>
internal static class SparseExpansion
{
    private const int Chunk = 8192; // elements at once: what they need stays in the nearest cache; a multiple of 8, so that every chunk of a mask starts at a byte

    internal static float[] ToFloat32(SparseWeight weight)
    {
        if (weight.Type != ElementType.Float16)
        {
            return ToFloat32(weight.Mask, weight.Type == ElementType.Float32 ? MemoryMarshal.Cast<byte, float>(weight.Values.Bytes.Span) : weight.Values.ToFloat32());
        }

        ReadOnlySpan<Half> kept = MemoryMarshal.Cast<byte, Half>(weight.Values.Bytes.Span);
        float[] values = GC.AllocateUninitializedArray<float>(checked((int)weight.Shape.ElementCount)), rented = ArrayPool<float>.Shared.Rent(Chunk);
        ReadOnlySpan<byte> bits = weight.Mask.Bytes.Span;
        int next = 0;
        for (int start = 0; start < values.Length; start += Chunk)
        {
            int length = Math.Min(Chunk, values.Length - start), ones = SparsePacking.Ones(bits[(start / 8)..], length);
            Span<float> converted = rented.AsSpan(0, ones);
            TensorPrimitives.ConvertToSingle(kept.Slice(next, ones), converted);
            SparsePacking.Expand<uint>(bits[(start / 8)..], MemoryMarshal.Cast<float, uint>(converted), MemoryMarshal.Cast<float, uint>(values.AsSpan(start, length)));
            next += ones;
        }

        ArrayPool<float>.Shared.Return(rented);
        return values;
    }

    internal static float[] ToFloat32(TensorData mask, ReadOnlySpan<float> kept)
    {
        float[] values = GC.AllocateUninitializedArray<float>(checked((int)mask.Shape.ElementCount));
        SparsePacking.Expand(mask.Bytes.Span, MemoryMarshal.Cast<float, uint>(kept), MemoryMarshal.Cast<float, uint>(values.AsSpan()));
        return values;
    }

    // Indices into the table of each block: looked up side by side, then put to their places.
    internal static float[] LookUp(TensorData mask, ReadOnlySpan<byte> indices, ReadOnlySpan<float> tables, BlockRuns runs, int entries)
    {
        ReadOnlySpan<byte> bits = mask.Bytes.Span;
        float[] kept = ArrayPool<float>.Shared.Rent(indices.Length);
        int next = 0;
        foreach ((int start, int block) in runs)
        {
            int end = next + SparsePacking.Ones(bits, start, runs.RunLength);
            ReadOnlySpan<float> table = tables.Slice(block * entries, entries);
            for (; next < end; next++)
            {
                kept[next] = table[indices[next]];
            }
        }

        float[] values = ToFloat32(mask, kept.AsSpan(0, next));
        ArrayPool<float>.Shared.Return(kept);
        return values;
    }

    // In the type that the values are stored in, float16 or float32.
    internal static TensorData ToStored(SparseWeight weight)
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(checked((int)weight.Type.ByteCount(weight.Shape.ElementCount)));
        ReadOnlySpan<byte> kept = weight.Values.Bytes.Span;
        if (weight.Type == ElementType.Float16)
        {
            SparsePacking.Expand(weight.Mask.Bytes.Span, MemoryMarshal.Cast<byte, ushort>(kept), MemoryMarshal.Cast<byte, ushort>(bytes.AsSpan()));
        }
        else
        {
            SparsePacking.Expand(weight.Mask.Bytes.Span, MemoryMarshal.Cast<byte, uint>(kept), MemoryMarshal.Cast<byte, uint>(bytes.AsSpan()));
        }

        return new TensorData(weight.Type, weight.Shape, bytes);
    }
}
