using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.CoreMl.Constexprs;

/// <summary>Brings operands of <c>constexpr_*</c> operations into the shapes and types of stored weights.</summary>
internal static class ConstexprParts
{
    /// <summary>The elements where the mask is 1, row-major.</summary>
    internal static TensorData Select(TensorData dense, TensorData mask)
    {
        int[] keep = mask.ToInt32();
        float[] values = dense.ToFloat32();
        float[] kept = [.. values.Where((_, i) => keep[i] != 0)];
        return TensorData.FromValues(dense.Type, new Shape(kept.Length), kept);
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
        BlockRuns runs = new(wide, mask.Shape.Extents.AsSpan());
        foreach ((int start, int block) in runs)
        {
            repeated.AsSpan(start, runs.RunLength).Fill(bits[block]);
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
}
