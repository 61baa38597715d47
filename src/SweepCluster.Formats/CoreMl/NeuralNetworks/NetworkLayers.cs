using System.Collections.Immutable;
using SweepCluster.Formats.CoreMl.Documents;
using SweepCluster.Formats.CoreMl.Protos;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks;

/// <summary>Finds the layers that weights of a graph came from.</summary>
internal static class NetworkLayers
{
    /// <summary>The layer and the slot of a weight; null where it is no neural network's.</summary>
    internal static (NeuralNetworkLayer Layer, WeightSlot Slot)? Find(CoreMlOrigin origin, string weight)
    {
        if (origin.Places[weight] is not (StageOrigin.OfNetwork network, var name))
        {
            return null;
        }

        NetworkSite site = network.Sites[name];
        NeuralNetworkLayer layer = LayerOf(origin, network, site.Path);
        return (layer, WeightSlots.Of(layer).First(slot => slot.Name == site.Slot));
    }

    private static NeuralNetworkLayer LayerOf(CoreMlOrigin origin, StageOrigin.OfNetwork stage, ImmutableArray<int> path) =>
        NestedNetworks.LayerAt(NetworkView.Of(ModelStage.At(origin.Document.Model, stage.Path))!, path.AsSpan());
}
