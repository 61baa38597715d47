using SweepCluster.Graphs.Weights;

namespace SweepCluster.Graphs;

/// <summary>What an operation reads: a value computed before it, a weight, a constant tensor, or text.</summary>
public abstract record Operand
{
    private Operand()
    {
    }

    /// <summary>A value that an earlier operation or an input of the graph gives.</summary>
    /// <param name="Name">The value's name.</param>
    public sealed record Value(string Name) : Operand;

    /// <summary>A weight of the graph: a float constant that could be compressed.</summary>
    /// <param name="Source">The weight; one of <see cref="Graph.Weights"/>.</param>
    public sealed record Parameter(Weight Source) : Operand;

    /// <summary>Any other numeric or boolean constant: strides, pads, axes, scalars.</summary>
    /// <param name="Data">The tensor.</param>
    public sealed record Constant(TensorData Data) : Operand;

    /// <summary>A text constant.</summary>
    /// <param name="Content">The text.</param>
    public sealed record Text(string Content) : Operand;

    /// <summary>Something that is carried through but not understood here (lists of text, dictionaries, file references).</summary>
    /// <param name="Description">What it is, for messages.</param>
    public sealed record Opaque(string Description) : Operand;
}
