using SweepCluster.Compression.Layout;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Numerics.Packing;

namespace SweepCluster.Compression;

/// <summary>Turns stored weights back into the values that a device computes with.</summary>
public static class Decompressor
{
    /// <summary>The values as float32, row-major: exactly those that the device sees in the type that it computes in.</summary>
    /// <param name="weight">Any stored form.</param>
    /// <exception cref="BadInputException">The form holds codes or types that no device of the format decodes, or an index past its table.</exception>
    public static float[] ToFloat32(CompressedWeight weight) => weight switch
    {
        DenseWeight dense => Dense(dense),
        PalettizedWeight palettized => Palettized(palettized),
        QuantizedWeight quantized => Quantized(quantized),
        SparseWeight sparse => Sparse(sparse),
        _ => throw new ArgumentException($"No decoder knows the form {weight.GetType().Name}.", nameof(weight)),
    };

    /// <summary>The values in the type that the device computes in. A dense weight that is stored in that type is returned itself.</summary>
    /// <param name="weight">Any stored form.</param>
    /// <exception cref="BadInputException">As <see cref="ToFloat32"/>.</exception>
    public static DenseWeight ToDense(CompressedWeight weight) => weight is DenseWeight dense && dense.Values.Type == dense.Type
        ? dense
        : new DenseWeight(weight.Type, TensorData.FromFloats(weight.Type, weight.Shape, ToFloat32(weight)));

    private static float[] Dense(DenseWeight weight)
    {
        float[] values = weight.Values.ToFloat32();
        if (weight.Type == ElementType.Float16 && weight.Values.Type != ElementType.Float16)
        {
            RoundToHalf(values);
        }

        return values;
    }

    private static float[] Palettized(PalettizedWeight weight)
    {
        byte[] indices = Codes(weight.Indices);
        float[] table = weight.Table.ToFloat32();
        Shape shape = weight.Indices.Shape;
        int entries = 1 << weight.Bits, length = weight.VectorLength;
        BlockRuns runs = new(shape, weight.Table.Shape.Extents.AsSpan()[..shape.Rank]);

        // The elements of a vector lie `inner` apart, one for each step along the vector's axis.
        int inner = 1;
        for (int axis = (weight.VectorAxis ?? shape.Rank) + 1; axis < shape.Rank; axis++)
        {
            inner *= shape[axis];
        }

        float[] values = new float[weight.Shape.ElementCount];
        foreach ((int start, int block) in runs)
        {
            ReadOnlySpan<float> palette = table.AsSpan(block * entries * length, entries * length);
            for (int i = start; i < start + runs.RunLength; i++)
            {
                int at = length == 1 ? i : (i / inner * inner * length) + (i % inner);
                for (int element = 0; element < length; element++)
                {
                    values[at + (element * inner)] = palette[(indices[i] * length) + element];
                }
            }
        }

        return values;
    }

    // Both arithmetics give the same values for codes of up to 8 bits: the difference of code and zero point is exact in float16 and in float32, and so is, in float32, its product with a
    // float16 scale; what remains is one rounding of that product to the scale's type.
    private static float[] Quantized(QuantizedWeight weight)
    {
        ElementType type = weight.Codes.Type;
        bool isSigned = type is ElementType.Int8 or ElementType.Int4;
        int signBit = isSigned ? 1 << (type.BitWidth() - 1) : 0;
        byte[] codes = Codes(weight.Codes);
        float[] scales = weight.Scales.ToFloat32();
        int[]? zeros = weight.ZeroPoints?.ToInt32();
        BlockRuns runs = new(weight.Shape, weight.Scales.Shape.Extents.AsSpan());

        float[] values = new float[codes.Length];
        foreach ((int start, int block) in runs)
        {
            float scale = scales[block];
            int zero = zeros?[block] ?? 0;
            for (int i = start; i < start + runs.RunLength; i++)
            {
                int code = (codes[i] ^ signBit) - signBit;
                values[i] = (code - zero) * scale;
            }
        }

        if (weight.Type == ElementType.Float16)
        {
            RoundToHalf(values);
        }

        return values;
    }

    private static float[] Sparse(SparseWeight weight)
    {
        float[] stored = weight.Values.ToFloat32();
        ReadOnlySpan<byte> mask = weight.Mask.Bytes.Span;
        float[] values = new float[weight.Shape.ElementCount];
        int next = 0;
        for (int i = 0; i < values.Length; i++)
        {
            if ((mask[i >> 3] & (1 << (i & 7))) != 0)
            {
                values[i] = stored[next++];
            }
        }

        return values;
    }

    private static byte[] Codes(TensorData tensor)
    {
        if (tensor.Type is not (ElementType.UInt1 or ElementType.UInt2 or ElementType.UInt3 or ElementType.UInt4 or ElementType.UInt6 or ElementType.UInt8
            or ElementType.Int4 or ElementType.Int8))
        {
            throw new BadInputException($"compressed weight {tensor.Shape}: found codes of {tensor.Type.Name()}, expected integers of at most 8 bits.");
        }

        byte[] codes = new byte[tensor.Shape.ElementCount];
        BitPacking.Unpack(tensor.Bytes.Span, tensor.Type.BitWidth(), codes);
        return codes;
    }

    private static void RoundToHalf(Span<float> values)
    {
        Half[] halves = new Half[values.Length];
        System.Numerics.Tensors.TensorPrimitives.ConvertToHalf(values, halves);
        System.Numerics.Tensors.TensorPrimitives.ConvertToSingle(halves, values);
    }
}
