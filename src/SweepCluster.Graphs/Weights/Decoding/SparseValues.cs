using System.Runtime.InteropServices;
using SweepCluster.Numerics.Sparsity;

namespace SweepCluster.Graphs.Weights.Decoding;

/// <summary>Values that are stored where a mask is 1.</summary>
internal sealed class SparseValues : DecodedValues
{
    private readonly TensorData _stored;
    private readonly MaskRank _mask;
    private readonly float[] _kept;

    internal SparseValues(SparseWeight weight, int count)
        : base(weight.Type, count)
    {
        _stored = weight.Values;
        _mask = new MaskRank(weight.Mask, count);
        _kept = new float[RoomForChunk];
    }

    /// <summary>Puts stored values to their places.</summary>
    internal static void Expand(ReadOnlySpan<byte> bits, int start, ReadOnlySpan<float> kept, Span<float> values) =>
        SparsePacking.Expand(bits[(start / 8)..], MemoryMarshal.Cast<float, uint>(kept), MemoryMarshal.Cast<float, uint>(values));

    // The stored bits, whatever they are: no number is made of them.
    /// <inheritdoc/>
    internal override void ReadStored(int start, int length, Span<byte> bytes)
    {
        ReadOnlySpan<byte> bits = _mask.Bits[(start / 8)..], stored = _stored.Bytes.Span;
        switch (Type)
        {
            case ElementType.Float16:
                SparsePacking.Expand(bits, MemoryMarshal.Cast<byte, ushort>(stored)[_mask.Before(start)..], MemoryMarshal.Cast<byte, ushort>(bytes)[..length]);
                break;
            case ElementType.Float32:
                SparsePacking.Expand(bits, MemoryMarshal.Cast<byte, uint>(stored)[_mask.Before(start)..], MemoryMarshal.Cast<byte, uint>(bytes)[..length]);
                break;
            default:
                base.ReadStored(start, length, bytes);
                break;
        }
    }

    /// <inheritdoc/>
    protected override void Decode(int start, Span<float> values)
    {
        if (Type == ElementType.Float32)
        {
            ReadStored(start, values.Length, MemoryMarshal.AsBytes(values));
            return;
        }

        int before = _mask.Before(start);
        Span<float> kept = _kept.AsSpan(0, _mask.Before(start + values.Length) - before);
        _stored.ToFloat32(before, kept);
        Expand(_mask.Bits, start, kept, values);
    }
}
