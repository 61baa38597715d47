using SweepCluster.Compression.Pruning;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Cli.Terminal;

/// <summary>Says in a few words how a file stores a weight.</summary>
internal static class StoredForm
{
    /// <summary>The form with what is particular to it; for pruned weights also the output channels that are empty.</summary>
    internal static string Describe(Weight weight) => (weight.Chain is { } chain ? $"chain of {chain}" : Describe(weight.Stored)) + Empty(weight);

    private static string Describe(CompressedWeight stored) => stored switch
    {
        DenseWeight dense when dense.Values.Type == dense.Type => "dense",
        DenseWeight dense => $"dense {dense.Values.Type.Name()}, cast to {dense.Type.Name()}",
        PalettizedWeight palettized => Palette(palettized.Indices.Type, palettized.Table, palettized.Shape.Rank) + (palettized.ChannelScales is { } scales ? $", scales {scales.Shape}" : ""),
        QuantizedWeight quantized => Codes(quantized.Codes.Type, quantized.Scales, quantized.ZeroPoints) + (quantized.Biases is null ? "" : ", biases"),
        SparseWeight sparse => Zeros(sparse.Mask, sparse.Values),
        SparsePalettizedWeight sparse => $"{Zeros(sparse.Mask, sparse.Indices)}; {Palette(sparse.Indices.Type, sparse.Table, sparse.Shape.Rank)}",
        SparseQuantizedWeight sparse => $"{Zeros(sparse.Mask, sparse.Codes)}; {Codes(sparse.Codes.Type, sparse.Scales, sparse.ZeroPoints)}",
        _ => stored.GetType().Name,
    };

    private static string Palette(ElementType indices, PaletteTable table, int rank)
    {
        long tables = table.Shape.Extents.Take(rank).Aggregate(1L, (product, extent) => product * extent);
        int bits = indices.BitWidth(), length = table.Shape[rank + 1];
        string kind = table.Codes is { } codes ? $"{codes.Codes.Type.Name()} " : "";
        return $"palette, {bits} {(bits == 1 ? "bit" : "bits")}, {tables} {kind}{(tables == 1 ? "table" : "tables")}{(length > 1 ? $", vectors of {length}" : "")}";
    }

    private static string Codes(ElementType codes, TensorData scales, TensorData? zeroPoints) => $"{codes.Name()}, scales {scales.Shape}{(zeroPoints is null ? "" : ", zero points")}";

    private static string Zeros(TensorData mask, TensorData stored) =>
        FormattableString.Invariant($"sparse, {100.0 * (1 - ((double)stored.Shape.ElementCount / Math.Max(1, mask.Shape.ElementCount))):0.0} % zeros");

    private static string Empty(Weight weight) => StructuredSavings.Of(weight, weight.Stored) is { ZeroChannels: > 0 } savings
        ? $", {savings.ZeroChannels} of {savings.Channels} output channels are empty"
        : "";
}
