using System.Collections.Immutable;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks;

/// <summary>Where a weight stands in a neural network.</summary>
/// <param name="Path">Index of a layer; then, as often as networks are nested (branches, loops), index of a network in it and of a layer in that.</param>
/// <param name="Slot">Which of the layer's weights, as <see cref="WeightSlot.Name"/>.</param>
internal sealed record NetworkSite(ImmutableArray<int> Path, string Slot);
