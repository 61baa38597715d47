using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks;

/// <summary>Stores weights of a neural network in other forms.</summary>
internal static class NetworkEditor
{
    /// <summary>Applies edits.</summary>
    /// <param name="model">The network; a copy that may be changed. Its version is raised where a form needs it.</param>
    /// <param name="edits">Sites of weights with their new forms.</param>
    /// <exception cref="ArgumentException">Neural networks have no such form.</exception>
    internal static void Apply(Model model, IEnumerable<(NetworkSite Site, CompressedWeight Stored)> edits)
    {
        NetworkView network = NetworkView.Of(model)!;
        Dictionary<NeuralNetworkLayer, Dictionary<string, WeightSlot>> slots = new(ReferenceEqualityComparer.Instance); // listed once for each layer, which may have many
        foreach ((NetworkSite site, CompressedWeight stored) in edits)
        {
            NeuralNetworkLayer layer = NestedNetworks.LayerAt(network, site.Path.AsSpan());
            if (!slots.TryGetValue(layer, out Dictionary<string, WeightSlot>? ofLayer))
            {
                slots.Add(layer, ofLayer = WeightSlots.Of(layer).ToDictionary(slot => slot.Name, StringComparer.Ordinal));
            }

            WeightSlot slot = ofLayer[site.Slot.Name];
            if (slot.Params.Int8RawValue.Length > 0)
            {
                ComputeInFloats(layer);
            }

            WeightParamsWriter.Write(slot.Params, stored, slot.ScaleShapes);
            model.SpecificationVersion = Math.Max(model.SpecificationVersion, NetworkTargets.Needs(stored));
        }
    }

    // Without signed codes a layer cannot compute in integers.
    private static void ComputeInFloats(NeuralNetworkLayer layer)
    {
        if (layer.LayerCase == NeuralNetworkLayer.LayerOneofCase.InnerProduct)
        {
            layer.InnerProduct.Int8DynamicQuantize = false;
        }
        else if (layer.LayerCase == NeuralNetworkLayer.LayerOneofCase.BatchedMatmul)
        {
            layer.BatchedMatmul.Int8DynamicQuantize = false;
        }
    }
}
