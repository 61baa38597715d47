namespace SweepCluster.Graphs.Weights.Decoding;

/// <summary>Values that are computed from codes.</summary>
internal sealed class QuantizedValues(QuantizedWeight weight, int count) : DecodedValues(weight.Type, count)
{
    private readonly TensorData _codes = Checked(weight.Codes);
    private readonly LinearArithmetic _arithmetic = LinearArithmetic.Of(weight);
    private readonly BlockRuns _blocks = new(weight.Shape, weight.Scales.Shape.Extents.AsSpan());

    /// <summary>Codes that can be decoded.</summary>
    /// <exception cref="BadInputException">They are no integers of at most 16 bits.</exception>
    internal static TensorData Checked(TensorData codes) => codes.Type.IsInteger() && codes.Type.BitWidth() <= 16
        ? codes
        : throw new BadInputException($"compressed weight {codes.Shape}: found codes of {codes.Type.Name()}, expected integers of at most 16 bits.");

    /// <inheritdoc/>
    protected override void Decode(int start, Span<float> values)
    {
        _codes.ToFloat32(start, values);
        _arithmetic.Apply(values, start, _blocks);
    }
}
