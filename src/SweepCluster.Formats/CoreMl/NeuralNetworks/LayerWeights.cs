using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks;

/// <summary>The weights of a network, by layer and slot. Layers of nested networks are in it too.</summary>
internal sealed class LayerWeights
{
    private readonly Dictionary<NeuralNetworkLayer, List<(WeightSlot Slot, Weight Weight)>> _byLayer = new(ReferenceEqualityComparer.Instance);

    /// <summary>The weights of a layer, in the order of its fields.</summary>
    internal IReadOnlyList<(WeightSlot Slot, Weight Weight)> Of(NeuralNetworkLayer layer) => _byLayer.GetValueOrDefault(layer, []);

    /// <summary>One weight of a layer as an operand; null where the layer has none in that slot.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="slot">The field's name, as <c>weights</c>.</param>
    internal Operand.Parameter? Find(NeuralNetworkLayer layer, string slot) =>
        Of(layer).FirstOrDefault(entry => entry.Slot.Name == slot).Weight is { } weight ? new Operand.Parameter(weight) : null;

    internal void Add(NeuralNetworkLayer layer, WeightSlot slot, Weight weight)
    {
        if (!_byLayer.TryGetValue(layer, out List<(WeightSlot Slot, Weight Weight)>? weights))
        {
            _byLayer.Add(layer, weights = []);
        }

        weights.Add((slot, weight));
    }
}
