namespace SweepCluster.Graphs.Weights;

/// <summary>A pruned weight whose remaining values are stored as integer codes with a scale, and where needed a zero point, for each block. Pruned elements are 0.</summary>
public sealed class SparseQuantizedWeight : CompressedWeight
{
    /// <summary>A pruned and quantized weight. Devices decode it in the scales' type.</summary>
    /// <param name="mask">One bit an element, of the weight's shape, rank K; 1 where a code is stored.</param>
    /// <param name="codes">The stored codes in row-major order, rank 1.</param>
    /// <param name="scales">Rank K, in the weight's type; each extent divides the weight's.</param>
    /// <param name="zeroPoints">The shape of <paramref name="scales"/>, in the codes' type or a floating-point one; null where every zero point is 0.</param>
    /// <exception cref="ArgumentException">Ranks, extents, types or the number of codes do not fit each other.</exception>
    public SparseQuantizedWeight(TensorData mask, TensorData codes, TensorData scales, TensorData? zeroPoints)
        : base(scales.Type, mask.Shape)
    {
        SparseMask.Check(mask, codes);
        bool fits = codes.Type.IsInteger() && BlockRuns.Divide(mask.Shape, scales.Shape.Extents.AsSpan());
        if (!fits || (zeroPoints is not null && (zeroPoints.Shape != scales.Shape || !(zeroPoints.Type == codes.Type || zeroPoints.Type.IsFloat()))))
        {
            throw new ArgumentException($"Codes of type {codes.Type.Name()}, scales {scales.Shape} and zero points {zeroPoints?.Shape} do not fit a mask {mask.Shape}.", nameof(scales));
        }

        Mask = mask;
        Codes = codes;
        Scales = scales;
        ZeroPoints = zeroPoints;
    }

    /// <summary>The mask, packed.</summary>
    public TensorData Mask { get; }

    /// <summary>The codes where the mask is 1, packed.</summary>
    public TensorData Codes { get; }

    /// <summary>One scale a block, in weight units.</summary>
    public TensorData Scales { get; }

    /// <summary>One zero point a block, in code units; null where all are 0.</summary>
    public TensorData? ZeroPoints { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, TensorData>> Parts => ZeroPoints is null
        ? [new("mask", Mask), new("codes", Codes), new("scales", Scales)]
        : [new("mask", Mask), new("codes", Codes), new("scales", Scales), new("zero_points", ZeroPoints)];
}
