using System.Collections.Immutable;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks.Layers;

/// <summary>What a network gives. A classifier's scores come first, then the label that a <c>classify</c> operation makes of them.</summary>
internal static class NetworkOutputs
{
    private const string UsualLabel = "classLabel";

    /// <summary>Names of the values that the network gives, in the order of the model's description.</summary>
    internal static ImmutableArray<string> Read(NetworkStage stage, NetworkBuilder network)
    {
        ModelDescription description = stage.Model.Description ?? new ModelDescription();
        HashSet<string> inputs = [.. description.Input.Select(input => input.Name)];
        ImmutableArray<string> named = [.. description.Output.Select(output => output.Name)
            .Where(name => !inputs.Contains(name)).Select(network.Find).OfType<Blob>().Select(blob => blob.Name).Distinct()];
        string? last = stage.Network.Layers.SelectMany(layer => layer.Output).LastOrDefault();
        if (stage.Network.ClassLabels is not { IsDefaultOrEmpty: false } labels)
        {
            return !named.IsEmpty ? named : last is not null && network.Find(last) is { } blob ? [blob.Name] : [];
        }

        Blob? scores = new[] { stage.Network.ProbabilityBlob, description.PredictedProbabilitiesName, last ?? "" }
            .Where(name => name.Length > 0).Select(network.Find).FirstOrDefault(found => found is not null);
        if (scores is null)
        {
            return named;
        }

        string label = network.Unique(description.PredictedFeatureName is { Length: > 0 } given ? given : UsualLabel);
        ImmutableSortedDictionary<string, ImmutableArray<Operand>> operands = ImmutableSortedDictionary.Create<string, ImmutableArray<Operand>>(StringComparer.Ordinal)
            .Add("classes", [new Operand.Opaque($"a list of {labels.Length} labels")]).Add("probabilities", [LayerScope.Of(scores)]);
        network.Nodes.Add(new Node("classify", operands, [new ValueInfo(label, null, Shape.Scalar)], $"{stage.Place}, class labels"));
        return [scores.Name, .. named.Where(name => name != scores.Name && name != label), label];
    }
}
