using System.Collections.Immutable;

namespace SweepCluster.Sweeps.Evaluation;

/// <summary>The files that data is made of, beside the one file or folder that its spec names.</summary>
/// <param name="Labels">Path of the labels file; null where the labels are in the data's own file, or there are none.</param>
/// <param name="Pictures">For a folder of pictures: the files that count, each with the path from the folder under which it travels.</param>
public sealed record DataFiles(string? Labels, ImmutableArray<KeyValuePair<string, string>> Pictures)
{
    /// <summary>What the labels file says where its pictures travel under other names, because it names some that lie outside of the folder; null: what it says now.</summary>
    public string? LabelsText { get; init; }
}
