using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.CoreMl.Constexprs;

/// <summary>The operation that holds a stored weight for a deployment target, with its operands. Joint forms take several: operands may be outputs of others.</summary>
/// <param name="OpType">Its type.</param>
/// <param name="Operands">Its operands.</param>
/// <param name="AsAttributes">Whether operands are attributes (iOS 16) or inputs (iOS 18).</param>
/// <param name="Outputs">Types and shapes of its outputs.</param>
/// <param name="Part">Where it feeds another: what the reader's name gains for it, as the reference names what it makes of an operand. Empty for the one that holds the weight.</param>
/// <remarks>Source of operands, types and shapes: coremltools' operation definitions, iOS 16 <c>constexpr_ops</c> and iOS 18 <c>compression</c>.</remarks>
internal sealed record ConstexprForm(string OpType, IReadOnlyList<ConstexprOperand> Operands, bool AsAttributes, IReadOnlyList<(ElementType Type, Shape Shape)> Outputs, string Part = "")
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
            DenseWeight dense when dense.Values.Type == dense.Type => Older(stored, "const", [new("val", dense.Values)]),
            DenseWeight { Type: ElementType.Float32, Values.Type: ElementType.Float16 } dense =>
                Holding(stored, ConstexprNames.Cast, [new("source_val", dense.Values), new("output_dtype", null, "fp32")], !modern),
            PalettizedWeight palette when modern => JointForms.Palette(palette),
            PalettizedWeight palette => Older(stored, ConstexprNames.LutToDense, FlatPalette(palette, level)),
            QuantizedWeight { Arithmetic: DecodeArithmetic.Float32 } quantized => Older(stored, ConstexprNames.AffineDequantize, Affine(quantized, level)),
            QuantizedWeight quantized when modern && IsCode(quantized.Codes.Type) =>
                Holding(stored, ConstexprNames.BlockwiseShiftScale, Blockwise("data", quantized.Codes, quantized.Scales, quantized.ZeroPoints), asAttributes: false),
            SparseWeight sparse when modern => Holding(stored, ConstexprNames.SparseToDense, [new("nonzero_data", sparse.Values), new("mask", sparse.Mask)], asAttributes: false),
            SparseWeight sparse => Older(stored, ConstexprNames.SparseToDense, FlatSparse(sparse)),
            SparsePalettizedWeight sparse when modern => JointForms.SparsePalette(sparse),
            SparseQuantizedWeight sparse when modern && IsCode(sparse.Codes.Type) => JointForms.SparseCodes(sparse),
            _ => throw Unfit(stored, level),
        };
    }

    /// <summary>Whether a level has an operation for a stored weight.</summary>
    internal static bool IsFor(CompressedWeight stored, int level)
    {
        try
        {
            Of(stored, level);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    /// <summary>Every tensor that it and those that feed it hold, each once.</summary>
    internal IEnumerable<TensorData> Tensors() => Operands
        .SelectMany(operand => operand.Source?.Tensors() ?? (operand.Data is { } data ? [data] : []))
        .Distinct<TensorData>(ReferenceEqualityComparer.Instance);

    /// <summary>Codes with scales, as inputs of iOS 18.</summary>
    internal static List<ConstexprOperand> Blockwise(string name, TensorData codes, TensorData scales, TensorData? zeroPoints)
    {
        List<ConstexprOperand> operands = [new(name, codes), new("scale", scales)];
        if (zeroPoints is not null)
        {
            operands.Add(new("offset", zeroPoints));
        }

        return operands;
    }

    /// <summary>Whether scales may be applied to codes of this type.</summary>
    internal static bool IsCode(ElementType type) => type is ElementType.Int4 or ElementType.UInt4 or ElementType.Int8 or ElementType.UInt8;

    /// <summary>Whether a palette may be looked up by indices of this type.</summary>
    internal static bool IsIndex(ElementType type) =>
        type is ElementType.UInt1 or ElementType.UInt2 or ElementType.UInt3 or ElementType.UInt4 or ElementType.UInt6 or ElementType.UInt8;

    internal static TensorData Scalar(int value) => new(ElementType.Int32, Shape.Scalar, BitConverter.GetBytes(value));

    internal static ConstexprForm Holding(CompressedWeight stored, string opType, IReadOnlyList<ConstexprOperand> operands, bool asAttributes) =>
        new(opType, operands, asAttributes, [(stored.Type, stored.Shape)]);

    internal static ArgumentException Unfit(CompressedWeight stored, int level) =>
        new($"{CoreMlTargets.NameOf(level)} has no operation for this {stored.GetType().Name} of shape {stored.Shape}.", nameof(stored));

    private static ConstexprForm Older(CompressedWeight stored, string opType, IReadOnlyList<ConstexprOperand> operands) => Holding(stored, opType, operands, asAttributes: true);

    private static List<ConstexprOperand> FlatPalette(PalettizedWeight palette, int level)
    {
        if (palette.Bits == 3 || !IsIndex(palette.Indices.Type) || palette.VectorLength != 1 || palette.Table.Shape.ElementCount != 1 << palette.Bits
            || palette.Table.Codes is not null || palette.ChannelScales is not null)
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
        if (quantized.Codes.Type is not (ElementType.Int8 or ElementType.UInt8) || axes.Length > 1 || (axes.Length == 1 && quantized.Scales.Shape[axes[0]] != quantized.Shape[axes[0]]))
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
}
