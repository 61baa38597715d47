using System.Collections.Immutable;
using SweepCluster.Graphs;
using SweepCluster.Inference.Planning;

namespace SweepCluster.Inference.Lowering;

/// <summary>Reads the constant inputs of one operation.</summary>
/// <param name="node">The operation.</param>
/// <param name="constants">Values that operations before it give, but that are constants of the graph under another shape.</param>
internal sealed class NodeReader(Node node, IReadOnlyDictionary<string, ParameterSource> constants)
{
    private readonly HashSet<string> _known = [];

    /// <summary>The operation.</summary>
    public Node Node { get; } = node;

    /// <summary>Inputs that nothing asked for, in the order of their names: what they say has not gone into the arithmetic.</summary>
    public IEnumerable<string> Unread => Node.Inputs.Keys.Where(input => !_known.Contains(input));

    /// <summary>Says that an input has no effect here, by the operation's definition.</summary>
    public void Skip(string input) => _known.Add(input);

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

    /// <summary>One integer for each of one or two axes, 1 where the input is absent, and 1 for the axis that is not there.</summary>
    /// <exception cref="LoweringException">The input is no constant of integers, or has another length.</exception>
    public int[] PerAxis(string input, int axes) => [.. Integers(input, axes, 1), .. Enumerable.Repeat(1, 2 - axes)];

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

    /// <summary>One number that the operation must have.</summary>
    /// <exception cref="LoweringException">The input is absent, or no constant of one number.</exception>
    public float Number(string input) => Node.Inputs.ContainsKey(input) ? Number(input, 0f) : throw new LoweringException($"has no input '{input}'");

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
        Operand.Value value when constants.TryGetValue(value.Name, out ParameterSource? constant) => constant,
        _ => throw new LoweringException($"has an input '{input}' that is computed, expected a constant"),
    };

    /// <summary>A weight or another constant of numbers.</summary>
    /// <exception cref="LoweringException">The input is absent, computed, or no tensor.</exception>
    public ParameterSource Numbers(string input) => OptionalNumbers(input) ?? throw new LoweringException($"has no input '{input}'");

    /// <summary>The operands of an input, none where it is absent.</summary>
    public ImmutableArray<Operand> Several(string input)
    {
        _known.Add(input);
        return Node.Inputs.GetValueOrDefault(input, []);
    }

    /// <summary>Axes of a value, counted from the start and in ascending order.</summary>
    /// <param name="input">The input that lists them.</param>
    /// <param name="rank">Axes of the value; all of them where the input is absent.</param>
    /// <exception cref="LoweringException">One lies outside, or stands there twice.</exception>
    public int[] Axes(string input, int rank)
    {
        int[] axes = [.. (OptionalIntegers(input) ?? [.. Enumerable.Range(0, rank)]).Select(axis => Axis(axis, rank)).Order()];
        return axes.Distinct().Count() == axes.Length ? axes : throw new LoweringException($"has the axes [{string.Join(", ", axes)}], expected each once");
    }

    /// <summary>One axis of a value, counted from the start.</summary>
    /// <exception cref="LoweringException">It lies outside.</exception>
    public int Axis(string input, int rank, int ifAbsent) => Axis(Integer(input, ifAbsent), rank);

    /// <summary>Whether an input is a computed value.</summary>
    public bool IsComputed(string input) => One(input) is Operand.Value value && !constants.ContainsKey(value.Name);

    private static int Axis(int axis, int rank) =>
        axis >= -rank && axis < rank ? (axis + rank) % rank : throw new LoweringException($"has the axis {axis} of a value of {rank} axes");

    private Operand? One(string input)
    {
        ImmutableArray<Operand> operands = Several(input);
        return operands.Length switch
        {
            0 => null,
            1 => operands[0],
            _ => throw new LoweringException($"has {operands.Length} operands in '{input}', expected one"),
        };
    }
}
