using System.Collections.Immutable;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.CoreMl.Documents;

/// <summary>Joins the stages of a pipeline: each takes features by name, from the pipeline's inputs or from the stage that gave them last.</summary>
/// <remarks>Values and weights keep their names where no earlier stage has them; otherwise the stage's name and a slash stand before.</remarks>
internal sealed class PipelineComposer
{
    private readonly UniqueNames _valueNames = new();
    private readonly UniqueNames _weightNames = new();
    private readonly Dictionary<string, string> _features = new(StringComparer.Ordinal); // feature to the value that holds it now
    private readonly Dictionary<string, (StageOrigin Stage, string Name)> _places = new(StringComparer.Ordinal);
    private readonly List<Node> _nodes = [];
    private readonly List<Weight> _weights = [];

    /// <summary>Where each weight of the joined graph comes from, by its name there.</summary>
    internal IReadOnlyDictionary<string, (StageOrigin Stage, string Name)> Places => _places;

    /// <summary>Joins stages.</summary>
    /// <param name="description">The pipeline's description.</param>
    /// <param name="stages">Its stages in the order in which they run, each with its name.</param>
    internal StageGraph Compose(ModelDescription description, IReadOnlyList<(string Name, StageGraph Graph)> stages)
    {
        foreach (FeatureDescription input in description.Input)
        {
            _features[input.Name] = input.Name;
        }

        HashSet<string> inputs = [.. description.Input.Select(input => input.Name)];
        _valueNames.Add(inputs);

        ImmutableArray<string> last = [];
        foreach ((string name, StageGraph stage) in stages)
        {
            last = Add(name, stage);
        }

        ImmutableArray<string> outputs = [.. description.Output.Select(output => _features.GetValueOrDefault(output.Name)).OfType<string>().Where(value => !inputs.Contains(value))];
        Dictionary<string, GraphInput> read = new(StringComparer.Ordinal); // as the first stage that takes it has it
        foreach (GraphInput input in stages.SelectMany(stage => stage.Graph.Inputs))
        {
            read.TryAdd(input.Info.Name, input);
        }

        return new StageGraph(
            [.. description.Input.Select(input => read.GetValueOrDefault(input.Name) ?? new GraphInput(new ValueInfo(input.Name, null, Shape.Scalar), null))], outputs.IsEmpty ? last : outputs, [.. _nodes], [.. _weights],
            stages.Select(stage => stage.Graph.ClassLabels).LastOrDefault(labels => labels is not null), new StageOrigin.OfOther([]));
    }

    private ImmutableArray<string> Add(string name, StageGraph stage)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        foreach (GraphInput input in stage.Inputs)
        {
            values[input.Info.Name] = _features.GetValueOrDefault(input.Info.Name, input.Info.Name);
        }

        Dictionary<Weight, Weight> renamed = new(ReferenceEqualityComparer.Instance);
        foreach (Weight weight in stage.Weights)
        {
            string unique = Free(weight.Name, name, _weightNames);
            Weight added = unique == weight.Name ? weight : new Weight(unique, weight.Stored, weight.Uses, weight.OutputAxis, weight.InputAxis, weight.Conflict, weight.Chain) { Unmeasured = weight.Unmeasured };
            renamed.Add(weight, added);
            _weights.Add(added);
            _places.Add(unique, (stage.Origin, weight.Name));
        }

        foreach (Node node in stage.Nodes)
        {
            _nodes.Add(Moved(node, name, values, renamed));
        }

        foreach (string output in stage.Outputs)
        {
            _features[output] = values.GetValueOrDefault(output, output);
        }

        return [.. stage.Outputs.Select(output => _features[output])];
    }

    private Node Moved(Node node, string stage, Dictionary<string, string> values, Dictionary<Weight, Weight> weights)
    {
        ImmutableSortedDictionary<string, ImmutableArray<Operand>> inputs = node.Inputs.ToImmutableSortedDictionary(
            input => input.Key,
            input => input.Value.Select(operand => operand switch
            {
                Operand.Value value => new Operand.Value(values.GetValueOrDefault(value.Name, value.Name)),
                Operand.Parameter parameter => new Operand.Parameter(weights[parameter.Source]),
                _ => operand,
            }).ToImmutableArray(),
            StringComparer.Ordinal);
        ImmutableArray<ValueInfo>.Builder outputs = ImmutableArray.CreateBuilder<ValueInfo>(node.Outputs.Length);
        foreach (ValueInfo output in node.Outputs)
        {
            string unique = Free(output.Name, stage, _valueNames);
            values[output.Name] = unique;
            outputs.Add(output with { Name = unique });
        }

        return new Node(node.OpType, inputs, outputs.ToImmutable(), node.Place, node.HasBlocks);
    }

    private static string Free(string name, string stage, UniqueNames names) => names.Take(names.Contains(name) ? $"{stage}/{name}" : name);
}
