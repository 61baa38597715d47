namespace SweepCluster.Formats.CoreMl.Constexprs;

/// <summary>Types of the operations that hold compressed weights, and what a weight's name gains when it is written as one.</summary>
internal static class ConstexprNames
{
    internal const string Prefix = "constexpr_";
    internal const string LutToDense = "constexpr_lut_to_dense";
    internal const string AffineDequantize = "constexpr_affine_dequantize";
    internal const string BlockwiseShiftScale = "constexpr_blockwise_shift_scale";
    internal const string SparseToDense = "constexpr_sparse_to_dense";
    internal const string Cast = "constexpr_cast";
    internal const string LutToSparse = "constexpr_lut_to_sparse";
    internal const string SparseBlockwiseShiftScale = "constexpr_sparse_blockwise_shift_scale";
}
