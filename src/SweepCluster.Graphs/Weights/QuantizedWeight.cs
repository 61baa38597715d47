namespace SweepCluster.Graphs.Weights;

/// <summary>A weight stored as integer codes with a scale, and where needed a zero point, for each block: <c>w = (code - zero) * scale</c>.</summary>
public sealed class QuantizedWeight : CompressedWeight
{
    /// <summary>A linearly quantized weight.</summary>
    /// <param name="codes">Integers of the weight's shape, rank K.</param>
    /// <param name="scales">Rank K, in the weight's type; each extent divides the weight's, the quotient is the block's extent on that axis.</param>
    /// <param name="zeroPoints">The shape of <paramref name="scales"/>, in the codes' type; null where every zero point is 0 and none is stored.</param>
    /// <param name="arithmetic">How the device decodes it.</param>
    /// <exception cref="ArgumentException">Ranks, extents or types do not fit each other.</exception>
    public QuantizedWeight(TensorData codes, TensorData scales, TensorData? zeroPoints, DecodeArithmetic arithmetic)
        : base(scales.Type, codes.Shape)
    {
        bool fits = scales.Shape.Rank == codes.Shape.Rank;
        for (int axis = 0; fits && axis < codes.Shape.Rank; axis++)
        {
            fits = scales.Shape[axis] >= 1 && codes.Shape[axis] % scales.Shape[axis] == 0;
        }

        if (!fits || (zeroPoints is not null && (zeroPoints.Shape != scales.Shape || zeroPoints.Type != codes.Type)))
        {
            throw new ArgumentException($"Scales {scales.Shape} and zero points {zeroPoints?.Shape} do not fit codes {codes.Shape}.", nameof(scales));
        }

        Codes = codes;
        Scales = scales;
        ZeroPoints = zeroPoints;
        Arithmetic = arithmetic;
    }

    /// <summary>The codes, packed where the type is narrower than a byte.</summary>
    public TensorData Codes { get; }

    /// <summary>One scale a block, in weight units.</summary>
    public TensorData Scales { get; }

    /// <summary>One zero point a block, in code units; null where all are 0.</summary>
    public TensorData? ZeroPoints { get; }

    /// <summary>How the device decodes it.</summary>
    public DecodeArithmetic Arithmetic { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, TensorData>> Parts => ZeroPoints is null
        ? [new("codes", Codes), new("scales", Scales)]
        : [new("codes", Codes), new("scales", Scales), new("zero_points", ZeroPoints)];
}
