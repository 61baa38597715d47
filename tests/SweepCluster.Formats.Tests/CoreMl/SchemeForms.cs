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

    /// <summary>Vectors of <paramref name="length"/> along an axis, one table.</summary>
    public static (CompressedWeight Stored, float[] Values) Vectors(Weight weight, int bits, int length, int axis, int seed)
    {
        Random random = new(seed);
        Shape shape = weight.Shape;
        Shape indexShape = shape.With(axis, shape[axis] / length);
        int[] indices = [.. Enumerable.Range(0, (int)indexShape.ElementCount).Select(_ => random.Next(1 << bits))];
        float[] table = [.. Enumerable.Range(0, length << bits).Select(_ => Narrow(weight.Type, random.NextSingle() - 0.5f))];
        int inner = 1;
        for (int i = axis + 1; i < shape.Rank; i++)
        {
            inner *= shape[i];
        }

        float[] values = new float[shape.ElementCount];
        for (int i = 0; i < values.Length; i++)
        {
            int along = i / inner % shape[axis];
            int index = indices[(((i / inner / shape[axis] * indexShape[axis]) + (along / length)) * inner) + (i % inner)];
            values[i] = table[(index * length) + (along % length)];
        }

        return (
            new PalettizedWeight(
                shape, TensorData.FromCodes(ElementTypes.UnsignedOf(bits), indexShape, indices),
                TensorData.FromFloats(weight.Type, new Shape([.. Enumerable.Repeat(1, shape.Rank), 1 << bits, length]), table), axis),
            values);
    }

    /// <summary>A palette whose table is of 8-bit codes, with one scale for each group of channels; where <paramref name="sparsity"/> is above 0, of a pruned weight.</summary>
    public static (CompressedWeight Stored, float[] Values) CodedTable(Weight weight, int bits, int groups, ElementType codeType, bool zeroPoints, double sparsity, int seed)
    {
        Random random = new(seed);
        Shape shape = weight.Shape;
        int count = (int)shape.ElementCount;
        int low = codeType == ElementType.Int8 ? -128 : 0;
        int[] mask = [.. Enumerable.Range(0, count).Select(_ => random.NextDouble() < sparsity ? 0 : 1)];
        int[] indices = [.. Enumerable.Range(0, count).Select(_ => random.Next(1 << bits))];
        int[] codes = [.. Enumerable.Range(0, groups << bits).Select(_ => low + random.Next(256))];
        float[] scales = [.. Enumerable.Range(0, groups).Select(_ => Narrow(weight.Type, (random.NextSingle() + 0.5f) / 300))];
        int[] zeros = [.. Enumerable.Range(0, groups).Select(_ => zeroPoints ? low + random.Next(256) : 0)];
        Shape scaleShape = new([groups, .. Enumerable.Repeat(1, shape.Rank + 1)]);
        PaletteTable table = new(
            TensorData.FromCodes(codeType, new Shape([groups, .. Enumerable.Repeat(1, shape.Rank - 1), 1 << bits, 1]), codes), TensorData.FromFloats(weight.Type, scaleShape, scales),
            zeroPoints ? TensorData.FromCodes(codeType, scaleShape, zeros) : null);
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            int group = i / (count / groups);
            float difference = codes[(group << bits) + indices[i]] - zeros[group]; // exact in float16 too
            values[i] = mask[i] * Narrow(weight.Type, difference * scales[group]);
        }

        ElementType indexType = ElementTypes.UnsignedOf(bits);
        int[] kept = [.. indices.Where((_, i) => mask[i] == 1)];
        return (
            sparsity == 0
                ? new PalettizedWeight(shape, TensorData.FromCodes(indexType, shape, indices), table)
                : new SparsePalettizedWeight(shape, TensorData.FromCodes(ElementType.UInt1, shape, mask), TensorData.FromCodes(indexType, new Shape(kept.Length), kept), table),
            Array.ConvertAll(values, value => value == 0 ? 0 : value)); // no negative zeros where nothing is stored
    }

    /// <summary>A palette with one scale for each output channel, multiplied after the look-up.</summary>
    public static (CompressedWeight Stored, float[] Values) Scaled(Weight weight, int bits, int groups, int seed)
    {
        (CompressedWeight stored, float[] values) = Palette(weight, bits, groups, seed);
        PalettizedWeight palette = (PalettizedWeight)stored;
        Random random = new(seed + 1);
        Shape shape = weight.Shape;
        float[] scales = [.. Enumerable.Range(0, shape[0]).Select(_ => Narrow(weight.Type, random.NextSingle() * 3))];
        int perChannel = values.Length / shape[0];
        return (
            new PalettizedWeight(shape, palette.Indices, palette.Table, null, TensorData.FromFloats(weight.Type, new Shape([shape[0], .. Enumerable.Repeat(1, shape.Rank - 1)]), scales)),
            [.. values.Select((value, i) => Narrow(weight.Type, value * scales[i / perChannel]))]);
    }

    /// <summary>A pruned weight whose rest is a palette for groups of channels.</summary>
    public static (CompressedWeight Stored, float[] Values) SparsePalette(Weight weight, int bits, int groups, double sparsity, int seed)
    {
        (CompressedWeight stored, float[] values) = Palette(weight, bits, groups, seed);
        PalettizedWeight palette = (PalettizedWeight)stored;
        (TensorData mask, int[] bitsOfMask) = Mask(weight, sparsity, seed);
        int[] kept = [.. palette.Indices.ToInt32().Where((_, i) => bitsOfMask[i] == 1)];
        return (
            new SparsePalettizedWeight(weight.Shape, mask, TensorData.FromCodes(palette.Indices.Type, new Shape(kept.Length), kept), palette.Table),
            [.. values.Select((value, i) => bitsOfMask[i] == 1 ? value : 0)]);
    }

    /// <summary>A pruned weight whose rest is quantized as in <see cref="Quantized"/>.</summary>
    public static (CompressedWeight Stored, float[] Values) SparseCodes(Weight weight, ElementType codeType, int block, bool zeroPoints, double sparsity, int seed)
    {
        (CompressedWeight stored, float[] values) = Quantized(weight, codeType, block, zeroPoints, DecodeArithmetic.ScaleType, seed);
        QuantizedWeight quantized = (QuantizedWeight)stored;
        (TensorData mask, int[] bitsOfMask) = Mask(weight, sparsity, seed);
        int[] kept = [.. quantized.Codes.ToInt32().Where((_, i) => bitsOfMask[i] == 1)];
        return (
            new SparseQuantizedWeight(mask, TensorData.FromCodes(codeType, new Shape(kept.Length), kept), quantized.Scales, quantized.ZeroPoints),
            [.. values.Select((value, i) => bitsOfMask[i] == 1 ? value : 0)]);
    }

    private static (TensorData Mask, int[] Bits) Mask(Weight weight, double sparsity, int seed)
    {
        Random random = new(seed + 2);
        int[] bits = [.. Enumerable.Range(0, (int)weight.Shape.ElementCount).Select(_ => random.NextDouble() < sparsity ? 0 : 1)];
        return (TensorData.FromCodes(ElementType.UInt1, weight.Shape, bits), bits);
    }

    public static (CompressedWeight Stored, float[] Values) Half(Weight weight, int seed)
    {
        Random random = new(seed);
        float[] values = [.. Enumerable.Range(0, (int)weight.Shape.ElementCount).Select(_ => (float)(System.Half)random.NextSingle())];
        return (new DenseWeight(weight.Type, TensorData.FromFloat16(weight.Shape, values)), values);
    }

    private static float Narrow(ElementType type, float value) => type == ElementType.Float16 ? (float)(System.Half)value : value;
}
