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

    private const string Palettized = "_palettized";
    private const string Quantized = "_quantized";
    private const string Sparsified = "_sparsified";
    private const string CastTo = "_cast";
    private const string Scaled = "_pcs"; // per-channel scale, behind the palette's

    private static readonly string[] s_suffixes = [Palettized + Scaled, Palettized, Quantized, Sparsified, CastTo];

    /// <summary>Whether a type is that of an operation that is known here; there may be others that start alike.</summary>
    internal static bool IsKnown(string type) => type is LutToDense or AffineDequantize or BlockwiseShiftScale or SparseToDense or Cast or LutToSparse or SparseBlockwiseShiftScale;

    /// <summary>The name of a weight without what an earlier compression added to it.</summary>
    internal static string BaseOf(string name)
    {
        string? suffix = s_suffixes.FirstOrDefault(candidate => name.Length > candidate.Length && name.EndsWith(candidate, StringComparison.Ordinal));
        return suffix is null ? name : name[..^suffix.Length];
    }

    /// <summary>What a weight's name gains in a stored form.</summary>
    internal static string SuffixOf(CompressedWeight stored) => stored switch
    {
        PalettizedWeight { ChannelScales: not null } => Palettized + Scaled,
        PalettizedWeight => Palettized,
        QuantizedWeight => Quantized,
        SparseWeight or SparsePalettizedWeight or SparseQuantizedWeight => Sparsified,
        DenseWeight dense when dense.Values.Type != dense.Type => CastTo,
        _ => "",
    };

    /// <summary>Name of an operation that feeds another: the other's with the part for it, and before scales of channels the palette's own.</summary>
    internal static string OfPart(string name, string part) =>
        name.EndsWith(Palettized + Scaled, StringComparison.Ordinal) && part.EndsWith(Palettized, StringComparison.Ordinal) ? name[..^Scaled.Length] : name + part;
}
