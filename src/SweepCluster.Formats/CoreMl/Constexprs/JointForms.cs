using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.CoreMl.Constexprs;

/// <summary>Palettes and joint forms of iOS 18 as chains of operations, wired and named as coremltools writes them.</summary>
/// <remarks>Chains: a table of 8 bits feeds <c>constexpr_lut_to_dense</c> through <c>constexpr_blockwise_shift_scale</c>; scales of channels follow the look-up;
/// what is left of a pruned weight feeds <c>constexpr_sparse_to_dense</c> through <c>constexpr_lut_to_sparse</c> or <c>constexpr_sparse_blockwise_shift_scale</c>.
/// A mask that was looked up goes on as that operation's first output; one of codes is stored once and read by both. Source: coremltools' compression passes, and its torch
/// frontend (<c>palettization_scale</c>).</remarks>
internal static class JointForms
{
    private const string TablePart = "_lut_0_quantized";
    private const string LookedUpPart = "_data_0_palettized";
    private const string NonZeroPart = "_nonzero_data_0";

    internal static ConstexprForm Palette(PalettizedWeight palette)
    {
        Check(palette, palette.Indices, palette.Table);
        List<ConstexprOperand> operands = [new("indices", palette.Indices), Table(palette.Table), .. VectorAxis(palette.VectorAxis)];
        if (palette.ChannelScales is not { } scales)
        {
            return ConstexprForm.Holding(palette, ConstexprNames.LutToDense, operands, asAttributes: false);
        }

        ConstexprForm lookUp = new(ConstexprNames.LutToDense, operands, AsAttributes: false, [(palette.Type, palette.Shape)], LookedUpPart);
        return ConstexprForm.Holding(palette, ConstexprNames.BlockwiseShiftScale, [new("data", null, Source: lookUp), new("scale", scales)], asAttributes: false);
    }

    internal static ConstexprForm SparsePalette(SparsePalettizedWeight sparse)
    {
        Check(sparse, sparse.Indices, sparse.Table);
        int length = sparse.Table.Shape[sparse.Shape.Rank + 1];
        ConstexprForm lookUp = new(
            ConstexprNames.LutToSparse,
            [new("indices_mask", sparse.Mask), new("indices_nonzero_data", sparse.Indices), Table(sparse.Table), .. VectorAxis(sparse.VectorAxis)],
            AsAttributes: false,
            [(ElementType.UInt1, sparse.Shape), (sparse.Type, new Shape(checked(sparse.Indices.Shape[0] * length)))],
            NonZeroPart + "_palettized");
        return ConstexprForm.Holding(
            sparse, ConstexprNames.SparseToDense, [new("nonzero_data", null, Source: lookUp, Output: 1), new("mask", null, Source: lookUp, Output: 0)], asAttributes: false);
    }

    internal static ConstexprForm SparseCodes(SparseQuantizedWeight sparse)
    {
        ConstexprForm scaled = new(
            ConstexprNames.SparseBlockwiseShiftScale,
            [new("data_mask", sparse.Mask), .. ConstexprForm.Blockwise("nonzero_data", sparse.Codes, sparse.Scales, sparse.ZeroPoints)],
            AsAttributes: false,
            [(ElementType.UInt1, sparse.Shape), (sparse.Type, sparse.Codes.Shape)],
            NonZeroPart + "_quantized");
        return ConstexprForm.Holding(
            sparse, ConstexprNames.SparseToDense, [new("nonzero_data", null, Source: scaled, Output: 1), new("mask", sparse.Mask)], asAttributes: false);
    }

    private static ConstexprOperand Table(PaletteTable table) => table.Codes is { } codes
        ? new("lut", null, Source: new ConstexprForm(
            ConstexprNames.BlockwiseShiftScale, ConstexprForm.Blockwise("data", codes.Codes, codes.Scales, codes.ZeroPoints), AsAttributes: false, [(table.Type, table.Shape)], TablePart))
        : new("lut", table.Entries);

    private static ConstexprOperand[] VectorAxis(int? axis) => axis is int named ? [new("vector_axis", ConstexprForm.Scalar(named))] : [];

    private static void Check(CompressedWeight stored, TensorData indices, PaletteTable table)
    {
        if (!ConstexprForm.IsIndex(indices.Type) || (table.Codes is { } codes && !ConstexprForm.IsCode(codes.Codes.Type)))
        {
            throw ConstexprForm.Unfit(stored, CoreMlTargets.IOS18);
        }
    }
}
