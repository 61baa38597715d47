using System.Collections.Immutable;
using SweepCluster.Formats.CoreMl.NeuralNetworks;
using SweepCluster.Formats.CoreMl.Programs;

namespace SweepCluster.Formats.CoreMl.Documents;

/// <summary>What is kept of one stage that was read, to write it back.</summary>
/// <param name="Path">Which stage it is: <see cref="ModelStage.Path"/>.</param>
internal abstract record StageOrigin(ImmutableArray<int> Path)
{
    /// <summary>An ML program.</summary>
    /// <param name="Path">Which stage it is.</param>
    /// <param name="MainFunction">Name of the function that the graph shows.</param>
    /// <param name="Level">Level of its operation set, as 8 for <c>CoreML8</c>.</param>
    /// <param name="Sites">Where each weight is defined, by its name in the stage: in several places where functions share it.</param>
    internal sealed record OfProgram(ImmutableArray<int> Path, string MainFunction, int Level, IReadOnlyDictionary<string, ImmutableArray<WeightSite>> Sites) : StageOrigin(Path);

    /// <summary>A neural network.</summary>
    /// <param name="Path">Which stage it is.</param>
    /// <param name="SpecificationVersion">Its version.</param>
    /// <param name="Sites">Where each weight stands, by its name in the stage.</param>
    internal sealed record OfNetwork(ImmutableArray<int> Path, int SpecificationVersion, IReadOnlyDictionary<string, NetworkSite> Sites) : StageOrigin(Path);

    /// <summary>A model of another kind, which is carried through.</summary>
    /// <param name="Path">Which stage it is.</param>
    internal sealed record OfOther(ImmutableArray<int> Path) : StageOrigin(Path);
}
