using System.Collections.Immutable;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks.Layers;

/// <summary>Turns the layers of a neural network into nodes.</summary>
internal static class LayerTranslator
{
    /// <summary>Translates a network.</summary>
    /// <param name="stage">The network with its weights.</param>
    internal static TranslatedNetwork Translate(NetworkStage stage)
    {
        ImmutableArray<Node>.Builder nodes = ImmutableArray.CreateBuilder<Node>();
        for (int index = 0; index < stage.Network.Layers.Count; index++)
        {
            nodes.Add(Opaque(stage, stage.Network.Layers[index], $"{stage.Place}, layer {index}"));
        }

        IEnumerable<FeatureDescription> inputs = stage.Model.Description?.Input ?? [];
        IEnumerable<FeatureDescription> outputs = stage.Model.Description?.Output ?? [];
        HashSet<string> computed = [.. nodes.SelectMany(node => node.Outputs).Select(output => output.Name)];
        string[] named = [.. outputs.Select(output => output.Name).Where(computed.Contains)];
        string? last = nodes.SelectMany(node => node.Outputs).LastOrDefault()?.Name;
        return new TranslatedNetwork(
            [.. inputs.Select(input => new GraphInput(new ValueInfo(input.Name, ElementType.Float32, new Shape(-1)), null))],
            nodes.ToImmutable(),
            named.Length > 0 ? [.. named] : last is null ? [] : [last]);
    }

    private static Node Opaque(NetworkStage stage, NeuralNetworkLayer layer, string place)
    {
        ImmutableSortedDictionary<string, ImmutableArray<Operand>>.Builder inputs = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<Operand>>(StringComparer.Ordinal);
        if (layer.Input.Count > 0)
        {
            inputs["x"] = [.. layer.Input.Select(name => new Operand.Value(name))];
        }

        foreach ((WeightSlot slot, Graphs.Weights.Weight weight) in stage.Weights.Of(layer))
        {
            inputs[slot.Name] = [new Operand.Parameter(weight)];
        }

        return new Node(LayerNames.KindOf(layer), inputs.ToImmutable(), [.. layer.Output.Select(name => new ValueInfo(name, ElementType.Float32, new Shape(-1)))], place);
    }
}
