using Google.Protobuf;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks;

/// <summary>Reads the stored form of one weight of a neural network. Dense values and codes of 8 bits stay where they were read.</summary>
internal static class WeightParamsReader
{
    private const int WidestCode = 8;

    /// <summary>Whether there are any values, in whatever form.</summary>
    internal static bool HoldsAny(WeightParams? values) => values is not null
        && (values.FloatChunks.Any(part => part.Length > 0) || values.Float16Value.Length > 0 || values.RawValue.Length > 0 || values.Int8RawValue.Length > 0 || IsUnpacked(values));

    /// <summary>Whether the floats stand one by one, which keeps them among the unknown fields.</summary>
    internal static bool IsUnpacked(WeightParams values) =>
        values.FloatValue.Length == 0 && values.Float16Value.Length == 0 && values.RawValue.Length == 0 && values.Int8RawValue.Length == 0
        && values.UnpackedFloats.Count > 0;

    /// <summary>Whether the bytes tell how many values there are: codes of fewer than 8 bits may end before the last byte does.</summary>
    internal static bool IsCountable(WeightParams values) => values.RawValue.Length == 0 || values.Quantization?.NumberOfBits == WidestCode;

    /// <summary>Number of values, where nothing but they themselves says it; see <see cref="IsCountable"/>.</summary>
    internal static int CountOf(WeightParams? values) => values switch
    {
        null => 0,
        { FloatValue.Length: > 0 } => values.FloatValue.Length / sizeof(float),
        { Float16Value.Length: > 0 } => values.Float16Value.Length / 2,
        { Int8RawValue.Length: > 0 } => values.Int8RawValue.Length,
        { RawValue.Length: > 0, Quantization.NumberOfBits: >= 1 and <= WidestCode } => (int)(values.RawValue.Length * 8L / (long)values.Quantization.NumberOfBits),
        _ when IsUnpacked(values) => values.UnpackedFloats.Count,
        _ => 0,
    };

    /// <summary>The stored form.</summary>
    /// <param name="slot">The weight.</param>
    /// <param name="place">Where it stands, for messages.</param>
    /// <exception cref="BadInputException">Its values do not fit its shape, or its form is none that the format has.</exception>
    internal static CompressedWeight Read(WeightSlot slot, string place)
    {
        WeightParams values = slot.Params;
        int forms = new[] { values.FloatValue, values.Float16Value, values.RawValue, values.Int8RawValue }.Count(bytes => bytes.Length > 0);
        if (values.FloatChunks.Count > 1)
        {
            throw new BadInputException($"{place}: found a list of floats in {values.FloatChunks.Count} parts, expected one.");
        }

        if (forms > 0 && values.UnpackedFloats.Count > 0)
        {
            throw new BadInputException($"{place}: found floats that are not packed beside other values, expected values in one form.");
        }

        if (forms > 1)
        {
            throw new BadInputException($"{place}: found values in {forms} forms, expected one.");
        }

        return values switch
        {
            { FloatValue.Length: > 0 } => Dense(ElementType.Float32, values.FloatValue, slot.Shape, place),
            { Float16Value.Length: > 0 } => Dense(ElementType.Float16, values.Float16Value, slot.Shape, place),
            { RawValue.Length: > 0 } => Codes(slot, place),
            { Int8RawValue.Length: > 0 } => DynamicCodes(slot, place),
            _ => Unpacked(slot, place),
        };
    }

    private static DenseWeight Dense(ElementType type, ByteString bytes, Shape shape, string place) =>
        new(ElementType.Float32, new TensorData(type, shape, Exactly(bytes, type.ByteCount(shape.ElementCount), $"{type.Name()} {shape}", place)));

    private static DenseWeight Unpacked(WeightSlot slot, string place)
    {
        float[] values = [.. slot.Params.UnpackedFloats];
        return values.Length == slot.Shape.ElementCount
            ? new DenseWeight(ElementType.Float32, TensorData.FromFloat32(slot.Shape, values))
            : throw new BadInputException($"{place}: found {values.Length} values, expected {slot.Shape.ElementCount} for a weight {slot.Shape}.");
    }

    private static CompressedWeight Codes(WeightSlot slot, string place)
    {
        QuantizationParams? quantization = slot.Params.Quantization;
        if (quantization?.NumberOfBits is not (>= 1 and <= WidestCode and var width))
        {
            throw new BadInputException($"{place}: found codes of {quantization?.NumberOfBits ?? 0} bits, expected 1 to {WidestCode}.");
        }

        int bits = (int)width;
        ElementType type = ElementTypes.UnsignedOf(bits);
        long expected = type.ByteCount(slot.Shape.ElementCount);
        if (slot.Params.RawValue.Length < expected)
        {
            throw new BadInputException($"{place}: found {slot.Params.RawValue.Length} bytes, expected {expected} for codes of {bits} bits of a weight {slot.Shape}.");
        }

        ReadOnlyMemory<byte> stored = slot.Params.RawValue.Memory[..(int)expected];
        switch (quantization.QuantizationTypeCase)
        {
            case QuantizationParams.QuantizationTypeOneofCase.LookupTableQuantization:
                float[] table = [.. quantization.LookupTableQuantization.FloatValue];
                return table.Length == 1 << bits
                    ? new PalettizedWeight(slot.Shape, CodesOf(stored, type, slot.Shape), TensorData.FromFloat32(new Shape([.. Ones(slot.Shape.Rank), 1 << bits, 1]), table))
                    : throw new BadInputException($"{place}: found a table of {table.Length} entries, expected {1 << bits} for {bits} bits.");
            case QuantizationParams.QuantizationTypeOneofCase.LinearQuantization:
                (TensorData scales, TensorData? biases) = Linear(quantization.LinearQuantization, slot, place);
                return new QuantizedWeight(CodesOf(stored, type, slot.Shape), scales, biases);
            default:
                throw new BadInputException($"{place}: found codes of {bits} bits without scales or a table, expected one of them.");
        }
    }

    // Signed codes with one scale for integer arithmetic on the device.
    private static QuantizedWeight DynamicCodes(WeightSlot slot, string place)
    {
        if (slot.Params.Quantization?.LinearQuantization is not { Scale.Count: 1, Bias.Count: 0 } linear)
        {
            throw new BadInputException($"{place}: found signed codes without exactly one scale, expected one scale and no bias.");
        }

        ReadOnlyMemory<byte> bytes = Exactly(slot.Params.Int8RawValue, slot.Shape.ElementCount, $"int8 {slot.Shape}", place);
        return new QuantizedWeight(new TensorData(ElementType.Int8, slot.Shape, bytes), TensorData.FromFloat32(new Shape(Ones(slot.Shape.Rank)), [linear.Scale[0]]), null);
    }

    private static (TensorData Scales, TensorData? Biases) Linear(LinearQuantizationParams linear, WeightSlot slot, string place)
    {
        Shape? shape = linear.Scale.Count == 1 ? new Shape(Ones(slot.Shape.Rank))
            : slot.ScaleShapes.Select(candidate => (Shape?)candidate).FirstOrDefault(candidate => candidate!.Value.ElementCount == linear.Scale.Count);
        if (shape is not { } blocks)
        {
            string expected = string.Join(" or ", slot.ScaleShapes.Select(candidate => candidate.ElementCount).Prepend(1).Distinct());
            throw new BadInputException($"{place}: found {linear.Scale.Count} scales, expected {expected} for a weight {slot.Shape}.");
        }

        if (linear.Bias.Count != 0 && linear.Bias.Count != linear.Scale.Count)
        {
            throw new BadInputException($"{place}: found {linear.Scale.Count} scales and {linear.Bias.Count} biases, expected as many biases as scales, or none.");
        }

        return (TensorData.FromFloat32(blocks, [.. linear.Scale]), linear.Bias.Count == 0 ? null : TensorData.FromFloat32(blocks, [.. linear.Bias]));
    }

    private static TensorData CodesOf(ReadOnlyMemory<byte> stored, ElementType type, Shape shape) =>
        new(type, shape, type == ElementType.UInt8 ? stored : new LeastFirstCodes(stored, type.BitWidth(), checked((int)shape.ElementCount)).Memory);

    private static ReadOnlyMemory<byte> Exactly(ByteString bytes, long expected, string what, string place) => bytes.Length == expected
        ? bytes.Memory
        : throw new BadInputException($"{place}: found {bytes.Length} bytes, expected {expected} for {what}.");

    private static int[] Ones(int rank)
    {
        int[] ones = new int[rank];
        ones.AsSpan().Fill(1);
        return ones;
    }
}
