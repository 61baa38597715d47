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
        return InChunks(weight.Mask, kept, static (stored, values) => TensorPrimitives.ConvertToSingle(stored, values));
    }

    internal static float[] ToFloat32(TensorData mask, ReadOnlySpan<float> kept)
    {
        float[] values = GC.AllocateUninitializedArray<float>(checked((int)mask.Shape.ElementCount));
        SparsePacking.Expand(mask.Bytes.Span, MemoryMarshal.Cast<float, uint>(kept), MemoryMarshal.Cast<float, uint>(values.AsSpan()));
        return values;
    }

    // Indices into one table.
    internal static float[] ToFloat32(TensorData mask, ReadOnlySpan<byte> indices, float[] table) => InChunks(mask, indices, (stored, values) =>
    {
        for (int i = 0; i < stored.Length; i++)
        {
            values[i] = table[stored[i]];
        }
    });

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

    // One code for every element, 0 where none is stored.
    internal static byte[] ToCodes(TensorData mask, ReadOnlySpan<byte> stored)
    {
        byte[] codes = new byte[mask.Shape.ElementCount];
        ReadOnlySpan<byte> bits = mask.Bytes.Span;
        int next = 0;
        for (int i = 0; i < codes.Length; i++)
        {
            codes[i] = (bits[i >> 3] >> (i & 7) & 1) != 0 ? stored[next++] : (byte)0;
        }

        return codes;
    }

    // Puts 0 where nothing is stored.
    internal static void Clear(TensorData mask, Span<float> values)
    {
        ReadOnlySpan<byte> bits = mask.Bytes.Span;
        Span<uint> numbers = MemoryMarshal.Cast<float, uint>(values);
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] &= (uint)-(bits[i >> 3] >> (i & 7) & 1); // no branch on a bit
        }
    }

    private static float[] InChunks<T>(TensorData mask, ReadOnlySpan<T> kept, Conversion<T> convert)
    {
        float[] values = GC.AllocateUninitializedArray<float>(checked((int)mask.Shape.ElementCount)), rented = ArrayPool<float>.Shared.Rent(Chunk);
        ReadOnlySpan<byte> bits = mask.Bytes.Span;
        int next = 0;
        for (int start = 0; start < values.Length; start += Chunk)
        {
            int length = Math.Min(Chunk, values.Length - start), ones = SparsePacking.Ones(bits[(start / 8)..], length);
            Span<float> converted = rented.AsSpan(0, ones);
            convert(kept.Slice(next, ones), converted);
            SparsePacking.Expand<uint>(bits[(start / 8)..], MemoryMarshal.Cast<float, uint>(converted), MemoryMarshal.Cast<float, uint>(values.AsSpan(start, length)));
            next += ones;
        }

        ArrayPool<float>.Shared.Return(rented);
        return values;
    }

    private delegate void Conversion<T>(ReadOnlySpan<T> stored, Span<float> values);
}
