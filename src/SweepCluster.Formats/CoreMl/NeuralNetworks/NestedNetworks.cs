using SweepCluster.Formats.CoreMl.Protos;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks;

/// <summary>Networks inside a layer: branches and loops.</summary>
internal static class NestedNetworks
{
    /// <summary>The networks of a layer, in the order of its fields; none of most layers.</summary>
    internal static IEnumerable<NetworkView> Of(NeuralNetworkLayer layer)
    {
        IEnumerable<NeuralNetwork?> networks = layer.LayerCase switch
        {
            NeuralNetworkLayer.LayerOneofCase.Branch => [layer.Branch.IfBranch, layer.Branch.ElseBranch],
            NeuralNetworkLayer.LayerOneofCase.Loop => [layer.Loop.ConditionNetwork, layer.Loop.BodyNetwork],
            _ => [],
        };
        return networks.Select(network => NetworkView.Of(network ?? new NeuralNetwork()));
    }

    /// <summary>The layer at a path: <see cref="NetworkSite.Path"/>.</summary>
    internal static NeuralNetworkLayer LayerAt(NetworkView network, ReadOnlySpan<int> path)
    {
        NeuralNetworkLayer layer = network.Layers[path[0]];
        return path.Length == 1 ? layer : LayerAt(Of(layer).ElementAt(path[1]), path[2..]);
    }
}
