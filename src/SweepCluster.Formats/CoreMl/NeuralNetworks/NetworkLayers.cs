using SweepCluster.Formats.CoreMl.Documents;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks;

/// <summary>Finds the layers that weights of a graph came from.</summary>
internal static class NetworkLayers
{
    /// <summary>The layer and the slot of a weight; null where it is no neural network's.</summary>
    internal static NetworkSite? Find(CoreMlOrigin origin, string weight) => origin.Places[weight] is (StageOrigin.OfNetwork network, var name) ? network.Sites[name] : null;
}
