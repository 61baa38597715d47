using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.Tests.CoreMl;

/// <summary>Stored forms with made-up contents, and the values that the format defines for them.</summary>
/// <remarks>The values are worked out from the codes here, element by element, by neither reader.</remarks>
internal static class SchemeForms
{
    public static (CompressedWeight Stored, float[] Values) Palette(Weight weight, int bits, int groups, int seed)
    {
        Random random = new(seed);
        Shape shape = weight.Shape;
        int count = (int)shape.ElementCount;
        int perGroup = count / groups;
        int[] indices = [.. Enumerable.Range(0, count).Select(_ => random.Next(1 << bits))];
        float[] table = [.. Enumerable.Range(0, groups << bits).Select(_ => Narrow(weight.Type, (random.NextSingle() - 0.5f) / 4))];
        Shape tableShape = new([groups, .. Enumerable.Repeat(1, shape.Rank - 1), 1 << bits, 1]);
        return (
            new PalettizedWeight(shape, TensorData.FromCodes(ElementTypes.UnsignedOf(bits), shape, indices), TensorData.FromFloats(weight.Type, tableShape, table)),
            [.. indices.Select((index, i) => table[(i / perGroup << bits) + index])]);
    }

    /// <summary>One scale for each output channel's runs of <paramref name="block"/> input channels; 0 for one scale a channel, -1 for one in all.</summary>
    public static (CompressedWeight Stored, float[] Values) Quantized(Weight weight, ElementType codeType, int block, bool zeroPoints, DecodeArithmetic arithmetic, int seed)
    {
        Random random = new(seed);
        Shape shape = weight.Shape;
        int count = (int)shape.ElementCount;
        int bits = codeType.BitWidth();
        bool signed = codeType is ElementType.Int8 or ElementType.Int4;
        int low = signed ? -(1 << (bits - 1)) : 0;
        int[] codes = [.. Enumerable.Range(0, count).Select(_ => low + random.Next(1 << bits))];
        int rows = block < 0 ? 1 : shape[0];
        int columns = block <= 0 ? 1 : shape[1] / block;
        Shape scaleShape = new([rows, columns, .. Enumerable.Repeat(1, shape.Rank - 2)]);
        float[] scales = [.. Enumerable.Range(0, rows * columns).Select(_ => Narrow(weight.Type, (random.NextSingle() + 0.5f) / 300))];
        int[] zeros = [.. Enumerable.Range(0, rows * columns).Select(_ => zeroPoints ? low + random.Next(1 << bits) : 0)];
        int perRow = count / shape[0];
        int perColumn = perRow / shape[1];
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            int entry = block < 0 ? 0 : (i / perRow * columns) + (block == 0 ? 0 : i % perRow / perColumn / block);
            float difference = codes[i] - zeros[entry]; // exact in float16 too
            values[i] = Narrow(weight.Type, difference * scales[entry]);
        }

        return (
            new QuantizedWeight(
                TensorData.FromCodes(codeType, shape, codes), TensorData.FromFloats(weight.Type, scaleShape, scales),
                zeroPoints ? TensorData.FromCodes(codeType, scaleShape, zeros) : null, arithmetic),
            values);
    }

    public static (CompressedWeight Stored, float[] Values) Sparse(Weight weight, double sparsity, int seed)
    {
        Random random = new(seed);
        int count = (int)weight.Shape.ElementCount;
        int[] mask = [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() < sparsity ? 0 : 1)];
        float[] values = [.. mask.Select(bit => bit == 0 ? 0 : Narrow(weight.Type, random.NextSingle() - 0.5f))];
        float[] kept = [.. values.Where((_, i) => mask[i] == 1)];
        return (
            new SparseWeight(TensorData.FromCodes(ElementType.UInt1, weight.Shape, mask), TensorData.FromFloats(weight.Type, new Shape(kept.Length), kept)),
            values);
    }

    public static (CompressedWeight Stored, float[] Values) Half(Weight weight, int seed)
    {
        Random random = new(seed);
        float[] values = [.. Enumerable.Range(0, (int)weight.Shape.ElementCount).Select(_ => (float)(System.Half)random.NextSingle())];
        return (new DenseWeight(weight.Type, TensorData.FromFloat16(weight.Shape, values)), values);
    }

    private static float Narrow(ElementType type, float value) => type == ElementType.Float16 ? (float)(System.Half)value : value;
}
