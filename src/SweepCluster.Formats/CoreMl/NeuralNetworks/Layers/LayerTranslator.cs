using System.Collections.Immutable;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks.Layers;

/// <summary>Turns a neural network into nodes of the graph's vocabulary: what comes in, its layers, what goes out.</summary>
internal static class LayerTranslator
{
    /// <summary>Translates a network.</summary>
    /// <param name="stage">The network with its weights.</param>
    /// <exception cref="BadInputException">An input's picture is none, or its name cannot be printed.</exception>
    /// <remarks>A layer that the vocabulary has no words for stays one operation of its own kind, with its weights as they are.</remarks>
    internal static TranslatedNetwork Translate(NetworkStage stage)
    {
        NetworkBuilder network = new();
        ImmutableArray<GraphInput> inputs = NetworkInputs.Read(stage, network);
        for (int index = 0; index < stage.Network.Layers.Count; index++)
        {
            Translate(stage, network, index);
        }

        return new TranslatedNetwork(inputs, [.. network.Nodes], NetworkOutputs.Read(stage, network));
    }

    private static void Translate(NetworkStage stage, NetworkBuilder network, int index)
    {
        NeuralNetworkLayer layer = stage.Network.Layers[index];
        string place = $"{stage.Place}, layer {index}";
        if (LayerTable.Find(layer.LayerCase) is { } translate && layer.Output.Count > 0)
        {
            try
            {
                LayerScope scope = new(network, stage.Weights, layer, place);
                scope.Commit(translate(scope));
                return;
            }
            catch (Exception exception) when (exception is LayerOpaqueException or ArithmeticException or ArgumentOutOfRangeException or IndexOutOfRangeException)
            {
                // What makes no sense as an operation is carried through as it is.
            }
        }

        new LayerScope(network, stage.Weights, layer, place).CommitOpaque();
    }
}
