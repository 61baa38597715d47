using SweepCluster.Numerics.Sparsity;

namespace SweepCluster.Graphs.Weights.Decoding;

/// <summary>Values that are computed from codes where a mask is 1.</summary>
internal sealed class SparseQuantizedValues : DecodedValues
{
    private readonly TensorData _codes;
    private readonly MaskRank _mask;
    private readonly LinearArithmetic _arithmetic;
    private readonly BlockRuns _blocks;
    private readonly float[] _kept;

    internal SparseQuantizedValues(SparseQuantizedWeight weight, int count)
        : base(weight.Type, count)
    {
        _codes = QuantizedValues.Checked(weight.Codes);
        _mask = new MaskRank(weight.Mask, count);
        _arithmetic = LinearArithmetic.InScaleType(weight.Codes.Type, weight.Scales, weight.ZeroPoints);
        _blocks = new BlockRuns(weight.Shape, weight.Scales.Shape.Extents.AsSpan());
        _kept = new float[RoomForChunk];
    }

    // Computed side by side, then put to their places.
    /// <inheritdoc/>
    protected override void Decode(int start, Span<float> values)
    {
        int before = _mask.Before(start), next = 0;
        Span<float> kept = _kept.AsSpan(0, _mask.Before(start + values.Length) - before);
        ReadOnlySpan<byte> bits = _mask.Bits;
        _codes.ToFloat32(before, kept);
        foreach ((int first, int length, int block) in _blocks.Part(start, values.Length))
        {
            int ones = SparsePacking.Ones(bits, first, length);
            _arithmetic.Apply(kept.Slice(next, ones), block);
            next += ones;
        }

        _arithmetic.Round(kept);
        SparseValues.Expand(bits, start, kept, values);
    }
}
