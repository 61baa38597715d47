using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Cli.Terminal;

/// <summary>Says in a few words how a file stores a weight.</summary>
internal static class StoredForm
{
    internal static string Describe(CompressedWeight weight) => weight switch
    {
        DenseWeight dense when dense.Values.Type == dense.Type => "dense",
        DenseWeight dense => $"dense {dense.Values.Type.Name()}, cast to {dense.Type.Name()}",
        PalettizedWeight palettized => Palettized(palettized),
        QuantizedWeight quantized => Quantized(quantized),
        SparseWeight sparse => $"sparse, {100.0 * (1 - ((double)sparse.Values.Shape.ElementCount / Math.Max(1, sparse.Shape.ElementCount))):0.0} % zeros",
        _ => weight.GetType().Name,
    };

    private static string Palettized(PalettizedWeight weight)
    {
        long tables = weight.Table.Shape.Extents.Take(weight.Shape.Rank).Aggregate(1L, (product, extent) => product * extent);
        string vectors = weight.VectorLength > 1 ? $", vectors of {weight.VectorLength}" : string.Empty;
        return $"palette, {weight.Bits} bits, {tables} {(tables == 1 ? "table" : "tables")}{vectors}";
    }

    private static string Quantized(QuantizedWeight weight) =>
        $"{weight.Codes.Type.Name()}, scales {weight.Scales.Shape}{(weight.ZeroPoints is null ? string.Empty : ", zero points")}";
}
