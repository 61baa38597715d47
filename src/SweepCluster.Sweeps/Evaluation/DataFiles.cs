using System.Collections.Immutable;

namespace SweepCluster.Sweeps.Evaluation;

/// <summary>The files that data is made of, beside the one file or folder that its spec names.</summary>
/// <param name="Labels">Path of the labels file; null where the labels are in the data's own file, or there are none.</param>
/// <param name="Pictures">For a folder of pictures: the files in it that count, relative to it.</param>
public sealed record DataFiles(string? Labels, ImmutableArray<string> Pictures);
