using System.Collections.Immutable;
using SweepCluster.Formats.CoreMl.Protos;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks;

/// <summary>Where a weight stands in a neural network.</summary>
/// <param name="Path">Index of a layer; then, as often as networks are nested (branches, loops), index of a network in it and of a layer in that.</param>
/// <param name="Layer">The layer, as it was read.</param>
/// <param name="Slot">Which of the layer's weights.</param>
internal sealed record NetworkSite(ImmutableArray<int> Path, NeuralNetworkLayer Layer, WeightSlot Slot);
