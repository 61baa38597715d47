using System.Collections.Immutable;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks.Layers;

/// <summary>Turns a neural network into nodes of the graph's vocabulary: what comes in, its layers, what goes out.</summary>
internal static class LayerTranslator
{
    private const long SpareBytes = 16L << 20;
    private const int MostInputs = 1000; // a sum becomes an operation for each
    private const int NodeBytes = 1536; // about what an operation takes in memory

    /// <summary>Translates a network.</summary>
    /// <param name="stage">The network with its weights.</param>
    /// <exception cref="BadInputException">An input's picture is none, or its name cannot be printed; or the layers would take more memory as operations than a model of this length may.</exception>
    /// <remarks>A layer that the vocabulary has no words for, or that reads over a thousand values, stays one operation of its own kind, with its weights as they are.</remarks>
    internal static TranslatedNetwork Translate(NetworkStage stage)
    {
        NetworkBuilder network = new();
        ImmutableArray<GraphInput> inputs = NetworkInputs.Read(stage, network);
        long bytes = stage.Model.CalculateSize(), most = (SpareBytes + (2 * bytes)) / NodeBytes;
        for (int index = 0; index < stage.Network.Layers.Count; index++)
        {
            Translate(stage, network, index);
            if (network.Nodes.Count > most)
            {
                throw new BadInputException($"{stage.Place}, layer {index}: found layers that become more than {most} operations, expected at most that of a model of {bytes} bytes.");
            }
        }

        return new TranslatedNetwork(inputs, [.. network.Nodes], NetworkOutputs.Read(stage, network));
    }

    private static void Translate(NetworkStage stage, NetworkBuilder network, int index)
    {
        NeuralNetworkLayer layer = stage.Network.Layers[index];
        string place = $"{stage.Place}, layer {index}";
        if (LayerTable.Find(layer.LayerCase) is { } translate && layer.Output.Count > 0 && layer.Input.Count <= MostInputs)
        {
            try
            {
                LayerScope scope = new(network, stage.Weights, layer, place);
                scope.Commit(translate(scope));
                return;
            }
            catch (Exception exception) when (exception is LayerOpaqueException or OverflowException)
            {
                // What makes no sense as an operation is carried through as it is.
            }
        }

        new LayerScope(network, stage.Weights, layer, place).CommitOpaque();
    }
}
