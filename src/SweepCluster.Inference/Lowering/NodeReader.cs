using SweepCluster.Graphs;
using SweepCluster.Inference.Planning;

namespace SweepCluster.Inference.Lowering;

/// <summary>Reads the constant inputs of one operation.</summary>
internal sealed class NodeReader(Node node)
{
    /// <summary>The operation.</summary>
    public Node Node { get; } = node;

    /// <summary>Integers, or a default where the input is absent.</summary>
    /// <exception cref="LoweringException">The input is no constant of integers, or has another length.</exception>
    public int[] Integers(string input, int length, int ifAbsent)
    {
        int[]? values = OptionalIntegers(input);
        return values is null ? [.. Enumerable.Repeat(ifAbsent, length)]
            : values.Length == length ? values
            : throw new LoweringException($"has {values.Length} values in '{input}', expected {length}");
    }

    /// <summary>Integers of an input that the operation must have.</summary>
    /// <exception cref="LoweringException">The input is absent, no constant of integers, or has another length.</exception>
    public int[] Integers(string input, int length) =>
        Node.Inputs.ContainsKey(input) ? Integers(input, length, 0) : throw new LoweringException($"has no input '{input}'");

    /// <summary>Integers, or null where the input is absent.</summary>
    /// <exception cref="LoweringException">The input is no constant of integers.</exception>
    public int[]? OptionalIntegers(string input) => One(input) switch
    {
        null => null,
        Operand.Constant { Data: { Type: not (ElementType.Float16 or ElementType.Float32 or ElementType.Float64 or ElementType.BFloat16) } data } => data.ToInt32(),
        _ => throw new LoweringException($"has an input '{input}' that is no integer constant"),
    };

    /// <summary>One integer, or a default where the input is absent.</summary>
    public int Integer(string input, int ifAbsent) => Integers(input, 1, ifAbsent)[0];

    /// <summary>True or false, or a default where the input is absent.</summary>
    public bool Flag(string input, bool ifAbsent) => Integer(input, ifAbsent ? 1 : 0) != 0;

    /// <summary>One number, or a default where the input is absent.</summary>
    /// <exception cref="LoweringException">The input is no constant of one number.</exception>
    public float Number(string input, float ifAbsent) => One(input) switch
    {
        null => ifAbsent,
        Operand.Constant { Data: { } data } when data.Shape.ElementCount == 1 => data.ToFloat32()[0],
        _ => throw new LoweringException($"has an input '{input}' that is no constant of one number"),
    };

    /// <summary>Text, or a default where the input is absent.</summary>
    /// <exception cref="LoweringException">The input is no text.</exception>
    public string Text(string input, string ifAbsent) => One(input) switch
    {
        null => ifAbsent,
        Operand.Text { Content: { } content } => content,
        _ => throw new LoweringException($"has an input '{input}' that is no text constant"),
    };

    /// <summary>A weight or another constant of numbers, or null where the input is absent.</summary>
    /// <exception cref="LoweringException">The input is computed, or no tensor.</exception>
    public ParameterSource? OptionalNumbers(string input) => One(input) switch
    {
        null => null,
        Operand.Parameter { Source: { } weight } => new(weight),
        Operand.Constant { Data: { } data } => new(data.Shape, data.ToFloat32()),
        _ => throw new LoweringException($"has an input '{input}' that is computed, expected a constant"),
    };

    /// <summary>A weight or another constant of numbers.</summary>
    /// <exception cref="LoweringException">The input is absent, computed, or no tensor.</exception>
    public ParameterSource Numbers(string input) => OptionalNumbers(input) ?? throw new LoweringException($"has no input '{input}'");

    /// <summary>Whether an input is a computed value.</summary>
    public bool IsComputed(string input) => One(input) is Operand.Value;

    private Operand? One(string input) => !Node.Inputs.TryGetValue(input, out var operands) ? null
        : operands.Length == 1 ? operands[0]
        : throw new LoweringException($"has {operands.Length} operands in '{input}', expected one");
}
