namespace SweepCluster.Graphs.Weights;

/// <summary>A weight stored as integer codes with a scale, and where needed a zero point, for each block: <c>w = (code - zero) * scale</c>; or with a bias instead: <c>w = code * scale + bias</c>.</summary>
public sealed class QuantizedWeight : CompressedWeight
{
    /// <summary>A linearly quantized weight.</summary>
    /// <param name="codes">Integers of the weight's shape, rank K.</param>
    /// <param name="scales">Rank K, in the weight's type; each extent divides the weight's, the quotient is the block's extent on that axis.</param>
    /// <param name="zeroPoints">The shape of <paramref name="scales"/>, in the codes' type, or where the device decodes in the scales' type a floating-point one; null where every zero point is 0 and none is stored.</param>
    /// <param name="arithmetic">How the device decodes it; not <see cref="DecodeArithmetic.ScaleAndBias"/>, which has no zero points.</param>
    /// <exception cref="ArgumentException">Ranks, extents or types do not fit each other, or the arithmetic is that of biases.</exception>
    public QuantizedWeight(TensorData codes, TensorData scales, TensorData? zeroPoints, DecodeArithmetic arithmetic)
        : this(codes, scales, arithmetic)
    {
        if (arithmetic == DecodeArithmetic.ScaleAndBias)
        {
            throw new ArgumentException("Codes that are decoded with a bias have no zero points.", nameof(arithmetic));
        }

        if (zeroPoints is not null && (zeroPoints.Shape != scales.Shape || !(zeroPoints.Type == codes.Type || (arithmetic == DecodeArithmetic.ScaleType && zeroPoints.Type.IsFloat()))))
        {
            throw Unfit(codes, scales, "zero points", zeroPoints);
        }

        ZeroPoints = zeroPoints;
    }

    /// <summary>A weight of codes that the device decodes with a bias: <see cref="DecodeArithmetic.ScaleAndBias"/>.</summary>
    /// <param name="codes">Integers of the weight's shape, rank K.</param>
    /// <param name="scales">Rank K, float32; each extent divides the weight's, the quotient is the block's extent on that axis.</param>
    /// <param name="biases">The shape of <paramref name="scales"/>, float32, in weight units; null where every bias is 0 and none is stored.</param>
    /// <exception cref="ArgumentException">Ranks, extents or types do not fit each other.</exception>
    public QuantizedWeight(TensorData codes, TensorData scales, TensorData? biases)
        : this(codes, scales, DecodeArithmetic.ScaleAndBias)
    {
        if (scales.Type != ElementType.Float32 || (biases is not null && (biases.Shape != scales.Shape || biases.Type != ElementType.Float32)))
        {
            throw Unfit(codes, scales, "biases", biases);
        }

        Biases = biases;
    }

    private QuantizedWeight(TensorData codes, TensorData scales, DecodeArithmetic arithmetic)
        : base(scales.Type, codes.Shape)
    {
        if (!BlockRuns.Divide(codes.Shape, scales.Shape.Extents.AsSpan()))
        {
            throw Unfit(codes, scales, "zero points", null);
        }

        Codes = codes;
        Scales = scales;
        Arithmetic = arithmetic;
    }

    /// <summary>The codes, packed where the type is narrower than a byte.</summary>
    public TensorData Codes { get; }

    /// <summary>One scale a block, in weight units.</summary>
    public TensorData Scales { get; }

    /// <summary>One zero point a block, in code units; null where all are 0.</summary>
    public TensorData? ZeroPoints { get; }

    /// <summary>One bias a block, in weight units; null where the arithmetic has none or all are 0.</summary>
    public TensorData? Biases { get; }

    /// <summary>How the device decodes it.</summary>
    public DecodeArithmetic Arithmetic { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<KeyValuePair<string, TensorData>> Parts => (ZeroPoints, Biases) switch
    {
        ({ } zeroPoints, _) => [new("codes", Codes), new("scales", Scales), new("zero_points", zeroPoints)],
        (_, { } biases) => [new("codes", Codes), new("scales", Scales), new("biases", biases)],
        _ => [new("codes", Codes), new("scales", Scales)],
    };

    private static ArgumentException Unfit(TensorData codes, TensorData scales, string what, TensorData? others) =>
        new($"Scales {scales.Shape} and {what} {others?.Shape} do not fit codes {codes.Shape}.", nameof(scales));
}
