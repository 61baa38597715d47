using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.CoreMl.Constexprs;

/// <summary>The operation that holds a stored weight for a deployment target, with its operands.</summary>
/// <param name="OpType">Its type.</param>
/// <param name="Operands">Its operands.</param>
/// <param name="AsAttributes">Whether operands are attributes (iOS 16) or inputs (iOS 18).</param>
internal sealed record ConstexprForm(string OpType, IReadOnlyList<ConstexprOperand> Operands, bool AsAttributes)
{
    /// <summary>The form of a stored weight.</summary>
    /// <param name="stored">The weight; one that is stored value by value in its own type is a plain <c>const</c>.</param>
    /// <param name="level">Level of the operation set.</param>
    /// <exception cref="ArgumentException">The target has no operation for it.</exception>
    internal static ConstexprForm Of(CompressedWeight stored, int level)
    {
        bool modern = level >= CoreMlTargets.IOS18;
        return stored switch
        {
            DenseWeight dense when dense.Values.Type == dense.Type => new ConstexprForm("const", [new("val", dense.Values)], AsAttributes: true),
            DenseWeight { Type: ElementType.Float32, Values.Type: ElementType.Float16 } dense =>
                new ConstexprForm(ConstexprNames.Cast, [new("source_val", dense.Values), new("output_dtype", null, "fp32")], !modern),
            PalettizedWeight palette => new ConstexprForm(ConstexprNames.LutToDense, modern ? Palette(palette) : FlatPalette(palette, level), !modern),
            QuantizedWeight { Arithmetic: DecodeArithmetic.Float32 } quantized =>
                new ConstexprForm(ConstexprNames.AffineDequantize, Affine(quantized, level), AsAttributes: true),
            QuantizedWeight quantized when modern => new ConstexprForm(ConstexprNames.BlockwiseShiftScale, Blockwise(quantized), AsAttributes: false),
            SparseWeight sparse => new ConstexprForm(ConstexprNames.SparseToDense, modern ? Sparse(sparse) : FlatSparse(sparse), !modern),
            _ => throw Unfit(stored, level),
        };
    }

    private static List<ConstexprOperand> Palette(PalettizedWeight palette)
    {
        List<ConstexprOperand> operands = [new("indices", palette.Indices), new("lut", palette.Table.Entries)];
        if (palette.VectorAxis is int axis)
        {
            operands.Add(new("vector_axis", Scalar(axis)));
        }

        return operands;
    }

    private static List<ConstexprOperand> FlatPalette(PalettizedWeight palette, int level)
    {
        if (palette.Bits == 3 || palette.VectorLength != 1 || palette.Table.Shape.ElementCount != 1 << palette.Bits)
        {
            throw Unfit(palette, level);
        }

        return
        [
            new("indices", Packed(palette.Indices)),
            new("lut", palette.Table.Entries.Reshape(new Shape(1 << palette.Bits))),
            new("shape", Extents(palette.Shape)),
        ];
    }

    private static List<ConstexprOperand> Affine(QuantizedWeight quantized, int level)
    {
        int[] axes = [.. Enumerable.Range(0, quantized.Shape.Rank).Where(axis => quantized.Scales.Shape[axis] > 1)];
        if (quantized.Codes.Type.BitWidth() != 8 || axes.Length > 1 || (axes.Length == 1 && quantized.Scales.Shape[axes[0]] != quantized.Shape[axes[0]]))
        {
            throw Unfit(quantized, level);
        }

        Shape shape = axes.Length == 0 ? Shape.Scalar : new Shape(quantized.Shape[axes[0]]);
        TensorData zeroPoints = quantized.ZeroPoints
            ?? new TensorData(quantized.Codes.Type, quantized.Scales.Shape, new byte[quantized.Scales.Shape.ElementCount]);
        return
        [
            new("quantized_data", quantized.Codes),
            new("zero_point", zeroPoints.Reshape(shape)),
            new("scale", quantized.Scales.Reshape(shape)),
            new("axis", Scalar(axes.Length == 0 ? 0 : axes[0])),
        ];
    }

    private static List<ConstexprOperand> Blockwise(QuantizedWeight quantized)
    {
        List<ConstexprOperand> operands = [new("data", quantized.Codes), new("scale", quantized.Scales)];
        if (quantized.ZeroPoints is { } zeroPoints)
        {
            operands.Add(new("offset", zeroPoints));
        }

        return operands;
    }

    private static List<ConstexprOperand> Sparse(SparseWeight sparse) => [new("nonzero_data", sparse.Values), new("mask", sparse.Mask)];

    private static List<ConstexprOperand> FlatSparse(SparseWeight sparse) =>
        [new("nonzero_data", sparse.Values), new("mask", Packed(sparse.Mask)), new("shape", Extents(sparse.Shape))];

    private static TensorData Packed(TensorData data) => new(ElementType.UInt8, new Shape(data.Bytes.Length), data.Bytes);

    private static TensorData Extents(Shape shape)
    {
        byte[] bytes = new byte[4 * shape.Rank];
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * axis), shape[axis]);
        }

        return new TensorData(ElementType.UInt32, new Shape(shape.Rank), bytes);
    }

    private static TensorData Scalar(int value) => new(ElementType.Int32, Shape.Scalar, BitConverter.GetBytes(value));

    private static ArgumentException Unfit(CompressedWeight stored, int level) =>
        new($"{CoreMlTargets.NameOf(level)} has no operation for this {stored.GetType().Name} of shape {stored.Shape}.", nameof(stored));
}
