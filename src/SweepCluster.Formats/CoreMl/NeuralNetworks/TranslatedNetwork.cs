using System.Collections.Immutable;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks;

/// <summary>A neural network as nodes.</summary>
/// <param name="Inputs">What it takes, in the order of the model's description.</param>
/// <param name="Nodes">Its operations; each reads only what stands before it.</param>
/// <param name="Outputs">Values that it gives.</param>
internal sealed record TranslatedNetwork(ImmutableArray<GraphInput> Inputs, ImmutableArray<Node> Nodes, ImmutableArray<string> Outputs);
