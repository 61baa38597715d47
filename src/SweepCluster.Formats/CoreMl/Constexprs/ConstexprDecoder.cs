using System.Runtime.InteropServices;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.CoreMl.Constexprs;

/// <summary>Turns parts of joint forms into values: a compressed table, the stored values of a sparse weight.</summary>
/// <remarks>Weights of one form are not decoded here; they are kept as they are stored.</remarks>
internal static class ConstexprDecoder
{
    /// <summary>The values of a stored form, in its type.</summary>
    internal static TensorData Decode(CompressedWeight stored) => stored switch
    {
        DenseWeight dense when dense.Values.Type == dense.Type => dense.Values,
        DenseWeight dense => TensorData.FromFloats(dense.Type, dense.Shape, dense.Values.ToFloat32()),
        PalettizedWeight palette => LookUp(palette),
        QuantizedWeight quantized => ShiftScale(quantized.Codes, quantized.Scales, quantized.ZeroPoints),
        SparseWeight sparse => Scatter(sparse),
        _ => throw new ArgumentException($"A {stored.GetType().Name} has no values here.", nameof(stored)),
    };

    /// <summary><c>(data - offset) * scale</c>, each step rounded to the scale's type, one scale for each block.</summary>
    internal static TensorData ShiftScale(TensorData data, TensorData scale, TensorData? offset)
    {
        bool fits = scale.Shape.Rank == data.Shape.Rank && (offset is null || offset.Shape == scale.Shape);
        for (int axis = 0; fits && axis < data.Shape.Rank; axis++)
        {
            fits = scale.Shape[axis] >= 1 && data.Shape[axis] % scale.Shape[axis] == 0;
        }

        if (!fits)
        {
            throw new ArgumentException($"Scales {scale.Shape} and offsets {offset?.Shape} do not fit data {data.Shape}.", nameof(scale));
        }

        float[] values = data.ToFloat32();
        float[] scales = scale.ToFloat32();
        float[]? offsets = offset?.ToFloat32();
        BlockCursor cursor = new(data.Shape, scale.Shape);
        bool half = scale.Type == ElementType.Float16;
        for (int i = 0; i < values.Length; i++, cursor.Advance())
        {
            float value = Round(values[i], half);
            if (offsets is not null)
            {
                value = Round(value - Round(offsets[cursor.Block], half), half);
            }

            values[i] = Round(scales[cursor.Block] * value, half);
        }

        return TensorData.FromFloats(scale.Type, data.Shape, values);
    }

    /// <summary>The elements where the mask is 1, row-major.</summary>
    internal static TensorData Select(TensorData dense, TensorData mask)
    {
        int[] keep = mask.ToInt32();
        float[] values = dense.ToFloat32();
        float[] kept = [.. values.Where((_, i) => keep[i] != 0)];
        return FromValues(dense.Type, new Shape(kept.Length), kept);
    }

    /// <summary>Repeats each element of a mask along an axis.</summary>
    internal static TensorData Widen(TensorData mask, int? axis, int times)
    {
        if (axis is not int at || times == 1)
        {
            return mask;
        }

        int[] bits = mask.ToInt32();
        Shape wide = mask.Shape.With(at, mask.Shape[at] * times);
        int[] repeated = new int[wide.ElementCount];
        BlockCursor cursor = new(wide, mask.Shape);
        for (int i = 0; i < repeated.Length; i++, cursor.Advance())
        {
            repeated[i] = bits[cursor.Block];
        }

        return TensorData.FromCodes(ElementType.UInt1, wide, repeated);
    }

    /// <summary>A tensor whose every extent is 1 or the wanted one, repeated to the wanted shape; a scalar and a vector along the only long axis fit too.</summary>
    internal static TensorData Spread(TensorData tensor, Shape shape)
    {
        if (tensor.Shape.ElementCount == shape.ElementCount)
        {
            return tensor.Reshape(shape);
        }

        if (tensor.Shape.ElementCount != 1)
        {
            throw new ArgumentException($"A tensor {tensor.Shape} does not fit {shape}.", nameof(tensor));
        }

        ReadOnlySpan<byte> one = tensor.Bytes.Span;
        byte[] bytes = new byte[one.Length * shape.ElementCount];
        for (int i = 0; i < bytes.Length; i += one.Length)
        {
            one.CopyTo(bytes.AsSpan(i));
        }

        return new TensorData(tensor.Type, shape, bytes);
    }

    /// <summary>Zero points as codes: those stored as float32 must be whole numbers of the codes' type.</summary>
    internal static TensorData ToIntegers(TensorData zeroPoint, ElementType codes)
    {
        if (zeroPoint.Type == codes)
        {
            return zeroPoint;
        }

        (int low, int high) = codes == ElementType.Int8 ? (-128, 127) : (0, 255);
        float[] values = zeroPoint.ToFloat32();
        return values.All(value => value == MathF.Truncate(value) && value >= low && value <= high)
            ? TensorData.FromCodes(codes, zeroPoint.Shape, [.. values.Select(value => (int)value)])
            : throw new ArgumentException($"Zero points of type {zeroPoint.Type.Name()} are no {codes.Name()} codes.", nameof(zeroPoint));
    }

    private static TensorData LookUp(PalettizedWeight palette)
    {
        int[] indices = palette.Indices.ToInt32();
        float[] table = palette.Table.ToFloat32();
        Shape groups = new(palette.Table.Shape.Extents.AsSpan()[..palette.Shape.Rank]);
        int length = palette.VectorLength;
        int inner = 1; // elements that one step along the vector axis passes
        for (int axis = palette.Shape.Rank - 1; palette.VectorAxis is int at && axis > at; axis--)
        {
            inner *= palette.Shape[axis];
        }

        float[] values = new float[palette.Shape.ElementCount];
        BlockCursor cursor = new(palette.Indices.Shape, groups);
        for (int i = 0; i < indices.Length; i++, cursor.Advance())
        {
            int entry = ((cursor.Block << palette.Bits) + indices[i]) * length;
            int first = (i / inner * inner * length) + (i % inner);
            for (int j = 0; j < length; j++)
            {
                values[first + (j * inner)] = table[entry + j];
            }
        }

        return FromValues(palette.Type, palette.Shape, values);
    }

    private static TensorData Scatter(SparseWeight sparse)
    {
        int[] mask = sparse.Mask.ToInt32();
        float[] stored = sparse.Values.ToFloat32();
        float[] values = new float[mask.Length];
        int next = 0;
        for (int i = 0; i < mask.Length; i++)
        {
            values[i] = mask[i] != 0 ? stored[next++] : 0;
        }

        return FromValues(sparse.Type, sparse.Shape, values);
    }

    // Integers of up to 8 bits and both float types pass through float32 unchanged.
    private static TensorData FromValues(ElementType type, Shape shape, float[] values) => type switch
    {
        ElementType.Float32 => new TensorData(type, shape, MemoryMarshal.AsBytes<float>(values).ToArray()),
        ElementType.Float16 => TensorData.FromFloat16(shape, values),
        _ => TensorData.FromCodes(type, shape, [.. values.Select(value => (int)value)]),
    };

    private static float Round(float value, bool toHalf) => toHalf ? (float)(Half)value : value;
}
