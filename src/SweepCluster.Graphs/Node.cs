using System.Collections.Immutable;

namespace SweepCluster.Graphs;

/// <summary>One operation of a graph, in the vocabulary of ML programs (<c>conv</c>, <c>linear</c>, <c>relu</c>, ...) whatever file it came from.</summary>
public sealed class Node
{
    /// <summary>An operation.</summary>
    /// <param name="opType">Its type.</param>
    /// <param name="inputs">Operands by input name; most inputs have one, variadic ones (concat's <c>values</c>) several.</param>
    /// <param name="outputs">What it computes; at least one, except for operations that are carried through without being understood.</param>
    /// <param name="place">Where it stands in its file, for messages: <c>function main, operation 17</c>.</param>
    /// <param name="hasBlocks">Whether it holds nested blocks (control flow), which are carried through but not shown in the graph.</param>
    public Node(string opType, ImmutableSortedDictionary<string, ImmutableArray<Operand>> inputs, ImmutableArray<ValueInfo> outputs, string place, bool hasBlocks = false)
    {
        OpType = opType;
        Inputs = inputs;
        Outputs = outputs;
        Place = place;
        HasBlocks = hasBlocks;
    }

    /// <summary>The operation's name: that of its first output, or its place where it has none.</summary>
    public string Name => Outputs.IsEmpty ? Place : Outputs[0].Name;

    /// <summary>The operation's type.</summary>
    public string OpType { get; }

    /// <summary>Operands by input name.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<Operand>> Inputs { get; }

    /// <summary>What it computes.</summary>
    public ImmutableArray<ValueInfo> Outputs { get; }

    /// <summary>Where it stands in its file.</summary>
    public string Place { get; }

    /// <summary>Whether it holds nested blocks.</summary>
    public bool HasBlocks { get; }

    /// <summary>The single operand of an input, or null where the input is absent.</summary>
    /// <exception cref="BadInputException">The input has several operands.</exception>
    public Operand? Input(string name) => !Inputs.TryGetValue(name, out ImmutableArray<Operand> operands) ? null
        : operands.Length == 1 ? operands[0]
        : throw new BadInputException($"{Place} ({OpType} '{Name}'), input '{name}': found {operands.Length} operands, expected one.");
}
