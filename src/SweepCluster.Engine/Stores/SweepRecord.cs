namespace SweepCluster.Engine.Stores;

/// <summary>A sweep as the store keeps it.</summary>
/// <param name="Id">Hash of <paramref name="Spec"/>, <paramref name="ModelHash"/>, <paramref name="DataHash"/> and <paramref name="Version"/>: equal sweeps have equal ids.</param>
/// <param name="Name">Name shown to people.</param>
/// <param name="Spec">The canonical spec.</param>
/// <param name="ModelHash">SHA-256 of the model's files.</param>
/// <param name="DataHash">SHA-256 of the data's content; null where a command measures.</param>
/// <param name="Version">Version of the program.</param>
/// <param name="Request">The whole request as JSON, paths included, to open the sweep again. Not part of its identity.</param>
public sealed record SweepRecord(string Id, string Name, string Spec, string ModelHash, string? DataHash, string Version, string Request)
{
    /// <summary>What a silo must have to work on it. Not part of its identity.</summary>
    public SweepNeeds Needs { get; init; } = SweepNeeds.None;
}
