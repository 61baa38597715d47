using System.Collections.Immutable;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.CoreMl.Documents;

/// <summary>One stage as part of a graph.</summary>
/// <param name="Inputs">What it takes, by the names of its features.</param>
/// <param name="Outputs">Values that it gives, by the names of its features where they have one.</param>
/// <param name="Nodes">Its operations.</param>
/// <param name="Weights">Its weights.</param>
/// <param name="ClassLabels">Class labels, index by index; null where it is no classifier.</param>
/// <param name="Origin">What is kept of it, to write it back.</param>
internal sealed record StageGraph(
    ImmutableArray<GraphInput> Inputs, ImmutableArray<string> Outputs, ImmutableArray<Node> Nodes, ImmutableArray<Weight> Weights, ImmutableArray<string>? ClassLabels, StageOrigin Origin);
