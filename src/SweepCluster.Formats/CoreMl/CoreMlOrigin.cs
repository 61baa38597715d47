using System.Collections.Immutable;
using SweepCluster.Formats.CoreMl.Documents;
using SweepCluster.Formats.CoreMl.Packages;

namespace SweepCluster.Formats.CoreMl;

/// <summary>What is kept of a model that was read, to write it back. Nothing in it is changed after reading.</summary>
/// <param name="Document">The model as it lies on disk.</param>
/// <param name="Stages">Its stages, in the order in which they run.</param>
/// <param name="Places">The stage that each weight of the graph is in, and its name there.</param>
/// <param name="Extras">Files that are carried through.</param>
internal sealed record CoreMlOrigin(
    CoreMlDocument Document, ImmutableArray<StageOrigin> Stages, IReadOnlyDictionary<string, (StageOrigin Stage, string Name)> Places, IReadOnlyList<PackageExtra> Extras);
