using System.Text.Json.Serialization;

namespace SweepCluster.Sweeps.Cells;

/// <summary>What is recorded of one cell: one weight under one scheme.</summary>
/// <param name="Key">Hash of weight, resolved axes, canonical scheme, decode arithmetic and version of the algorithm.</param>
/// <param name="Scheme">Canonical scheme.</param>
/// <param name="Blob">SHA-256 of the stored compressed weight; null where the cell failed.</param>
/// <param name="PayloadBytes">Bytes of the compressed tensors, without what a file adds around them.</param>
/// <param name="SquaredError">Sum of squared differences between the weight and the values the device sees.</param>
/// <param name="SquaredNorm">Sum of squares of the weight.</param>
/// <param name="MaxError">Largest absolute difference.</param>
/// <param name="Failure">Why there is none (NaN in the weight, ...); null where there is one.</param>
public sealed record CellResult(
    string Key, string Scheme, string? Blob, long PayloadBytes, double SquaredError, double SquaredNorm, double MaxError, string? Failure)
{
    /// <summary>Output channels of a pruned weight of which nothing is left.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int EmptyChannels { get; init; }

    /// <summary>Elements of this weight that cutting those channels out would remove.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long EmptyElements { get; init; }
}
