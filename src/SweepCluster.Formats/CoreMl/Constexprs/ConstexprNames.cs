using SweepCluster.Graphs.Weights;

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

    private static readonly string[] s_suffixes = ["_palettized", "_quantized", "_sparsified", "_cast"];

    /// <summary>The name of a weight without what an earlier compression added to it.</summary>
    internal static string BaseOf(string name)
    {
        string? suffix = s_suffixes.FirstOrDefault(candidate => name.Length > candidate.Length && name.EndsWith(candidate, StringComparison.Ordinal));
        return suffix is null ? name : name[..^suffix.Length];
    }

    /// <summary>What a weight's name gains in a stored form.</summary>
    internal static string SuffixOf(CompressedWeight stored) => stored switch
    {
        PalettizedWeight => s_suffixes[0],
        QuantizedWeight => s_suffixes[1],
        SparseWeight => s_suffixes[2],
        DenseWeight dense when dense.Values.Type != dense.Type => s_suffixes[3],
        _ => "",
    };
}
