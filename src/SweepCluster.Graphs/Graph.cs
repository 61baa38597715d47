using System.Collections.Immutable;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Graphs;

/// <summary>A model in memory: operations in an order in which they can run, the weights they read, and what goes in and comes out.</summary>
public sealed class Graph
{
    /// <summary>Where the model came from, for messages: a path.</summary>
    public required string Source { get; init; }

    /// <summary>Inputs in declared order.</summary>
    public required ImmutableArray<GraphInput> Inputs { get; init; }

    /// <summary>Values that the model's program returns, in declared order.</summary>
    public required ImmutableArray<string> Outputs { get; init; }

    /// <summary>Operations in program order; each reads only what stands before it.</summary>
    public required ImmutableArray<Node> Nodes { get; init; }

    /// <summary>Every float constant of rank 1 or more that operations read, in program order of the constants.</summary>
    public required ImmutableArray<Weight> Weights { get; init; }

    /// <summary>Class labels, index by index, of a model that declares itself a classifier; else null.</summary>
    public ImmutableArray<string>? ClassLabels { get; init; }

    /// <summary>What the file says of itself; null for a graph that no file gave.</summary>
    public ModelFacts? Facts { get; init; }

    /// <summary>What the format keeps to write the model back; read by that format alone.</summary>
    public object? Origin { get; init; }

    /// <summary>What it is and its deployment target, as a person would say them: <c>Core ML package, ML program, iOS18</c>.</summary>
    public required string FormatDescription { get; init; }

    /// <summary>The outputs with type and shape as the operations that give them declare; without a type where no operation of the graph gives one.</summary>
    /// <remarks>Takes time proportional to the graph.</remarks>
    public ImmutableArray<ValueInfo> OutputInfos()
    {
        Dictionary<string, ValueInfo> values = new(StringComparer.Ordinal);
        foreach (ValueInfo value in Inputs.Select(input => input.Info).Concat(Nodes.SelectMany(node => node.Outputs)))
        {
            values[value.Name] = value;
        }

        return [.. Outputs.Select(output => values.GetValueOrDefault(output) ?? new ValueInfo(output, null, Shape.Scalar))];
    }
}
