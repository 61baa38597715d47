using System.Collections.Immutable;
using SweepCluster.Formats.CoreMl.Documents;
using SweepCluster.Formats.CoreMl.NeuralNetworks.Layers;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks;

/// <summary>Reads a neural network: its weights with what reads them, and its layers as nodes.</summary>
/// <param name="place">Where it stands, for messages: file and stage.</param>
internal sealed class NetworkReader(string place)
{
    private readonly LayerWeights _byLayer = new();
    private readonly List<Weight> _weights = [];
    private readonly Dictionary<string, NetworkSite> _sites = new(StringComparer.Ordinal);
    private readonly UniqueNames _names = new();

    /// <summary>Reads a stage.</summary>
    /// <exception cref="BadInputException">The network breaks the format.</exception>
    internal static StageGraph Read(ModelStage stage, string file)
    {
        NetworkView network = NetworkView.Of(stage.Model) ?? throw new ArgumentException("The stage is no neural network.", nameof(stage));
        NetworkReader reader = new(stage.PlaceIn(file));
        reader.ReadWeights(network, []);
        TranslatedNetwork translated = LayerTranslator.Translate(new NetworkStage(stage.Model, network, stage.PlaceIn(file), reader._byLayer));
        return new StageGraph(
            translated.Inputs, translated.Outputs, translated.Nodes, [.. reader._weights], network.ClassLabels,
            new StageOrigin.OfNetwork(stage.Path, stage.Model.SpecificationVersion, reader._sites));
    }

    private void ReadWeights(NetworkView network, ImmutableArray<int> path)
    {
        for (int index = 0; index < network.Layers.Count; index++)
        {
            NeuralNetworkLayer layer = network.Layers[index];
            ImmutableArray<int> here = path.Add(index);
            if (layer.Name.Any(char.IsControl) || layer.Input.Concat(layer.Output).Any(name => name.Any(char.IsControl)))
            {
                throw new BadInputException($"{place}, layer {index}: found a name with control characters, expected names that can be printed.");
            }

            ReadLayer(layer, here, $"{place}, layer {string.Join('.', here)} ({LayerNames.KindOf(layer)} '{layer.Name}')");
            NetworkView[] nested = [.. NestedNetworks.Of(layer)];
            for (int inner = 0; inner < nested.Length; inner++)
            {
                ReadWeights(nested[inner], here.Add(inner));
            }
        }
    }

    private void ReadLayer(NeuralNetworkLayer layer, ImmutableArray<int> path, string here)
    {
        string node = NameOf(layer, path);
        try
        {
            foreach (WeightSlot slot in WeightSlots.Of(layer))
            {
                CompressedWeight stored = WeightParamsReader.Read(slot, $"{here}, {slot.Name}");
                string name = _names.Take(slot.IsMain ? node : $"{node}_{slot.Name}");
                Weight weight = new(name, stored, [new WeightUse(node, slot.OpType, slot.Input)], slot.OutputAxis, slot.InputAxis, ConflictOf(layer, slot, stored));
                _weights.Add(weight);
                _sites.Add(name, new NetworkSite(path, layer, slot));
                _byLayer.Add(layer, slot, weight);
            }
        }
        catch (Exception exception) when (exception is ArgumentException or OverflowException)
        {
            string reason = exception.Message.Split(" (Parameter", 2)[0].TrimEnd('.');
            throw new BadInputException($"{here}: found extents and values that do not fit each other ({reason}), expected those of a {LayerNames.KindOf(layer)} layer.", exception);
        }
    }

    // Layers need not have names.
    private static string NameOf(NeuralNetworkLayer layer, ImmutableArray<int> path) =>
        layer.Name.Length > 0 ? layer.Name : layer.Output.Count > 0 && layer.Output[0].Length > 0 ? layer.Output[0] : $"layer_{string.Join('_', path)}";

    private static string? ConflictOf(NeuralNetworkLayer layer, WeightSlot slot, CompressedWeight stored) =>
        layer.IsUpdatable || slot.Params.IsUpdatable ? "its layer is updatable on the device, which takes no compressed weights"
        : stored is QuantizedWeight { Codes.Type: ElementType.Int8 } ? "stored for int8 arithmetic on the device, which is carried through unchanged"
        : WeightParamsReader.IsUnpacked(slot.Params) ? "its values are not packed, which is carried through unchanged"
        : null;
}
