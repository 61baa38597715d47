using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Sweeps.Comparison;

/// <summary>Compares one function of two models, operation by operation.</summary>
/// <param name="left">The first's.</param>
/// <param name="right">The second's.</param>
/// <param name="function">Its name; null for the main one.</param>
internal sealed class ProgramComparison(Graph left, Graph right, string? function)
{
    private const int MostNumbers = 8;

    private readonly Dictionary<string, string> _rightNames = new(StringComparer.Ordinal); // of values, by the first's

    /// <summary>Operations that are the same one in both, by index in the programs.</summary>
    internal List<(int Left, int Right)> Pairs { get; } = ProgramAlignment.Of(left.Nodes, right.Nodes);

    /// <summary>What differs, in program order, and the number of operations that do not.</summary>
    internal (ImmutableArray<OperationDifference> Differences, int Same) Compare()
    {
        int same = 0;
        foreach ((GraphInput before, GraphInput after) in left.Inputs.Zip(right.Inputs))
        {
            _rightNames[before.Info.Name] = after.Info.Name;
        }

        foreach ((int before, int after) in Pairs)
        {
            foreach ((ValueInfo Left, ValueInfo Right) output in left.Nodes[before].Outputs.Zip(right.Nodes[after].Outputs))
            {
                _rightNames[output.Left.Name] = output.Right.Name;
            }
        }

        ImmutableArray<OperationDifference>.Builder found = ImmutableArray.CreateBuilder<OperationDifference>();
        (int Left, int Right) next = (0, 0);
        foreach ((int Left, int Right) pair in Pairs.Append((left.Nodes.Length, right.Nodes.Length)))
        {
            found.AddRange(left.Nodes[next.Left..pair.Left].Select(node => new OperationDifference(node.Name, null, node.OpType, function, [], !IsFloatCast(node))));
            found.AddRange(right.Nodes[next.Right..pair.Right].Select(node => new OperationDifference(null, node.Name, node.OpType, function, [], !IsFloatCast(node))));
            if (pair.Left < left.Nodes.Length)
            {
                (Node before, Node after) = (left.Nodes[pair.Left], right.Nodes[pair.Right]);
                (ImmutableArray<string> changes, bool isOther) = Changes(before, after);
                same += changes.IsEmpty ? 1 : 0;
                if (!changes.IsEmpty)
                {
                    found.Add(new OperationDifference(before.Name, after.Name, before.OpType, function, changes, isOther));
                }
            }

            next = (pair.Left + 1, pair.Right + 1);
        }

        return (found.ToImmutable(), same);
    }

    private static bool IsFloatCast(Node node) => node.OpType == "cast" && node.Outputs.All(output => output.Type is ElementType.Float16 or ElementType.Float32);

    private (ImmutableArray<string> Changes, bool IsOther) Changes(Node before, Node after)
    {
        bool isOther = before.Outputs.Length != after.Outputs.Length;
        ImmutableArray<string>.Builder changes = ImmutableArray.CreateBuilder<string>();
        if (PlainNames.Of(before.Name) != PlainNames.Of(after.Name))
        {
            changes.Add($"name '{before.Name}' -> '{after.Name}'");
        }

        for (int i = 0; i < Math.Max(before.Outputs.Length, after.Outputs.Length); i++)
        {
            string was = i < before.Outputs.Length ? TypeOf(before.Outputs[i]) : "none", now = i < after.Outputs.Length ? TypeOf(after.Outputs[i]) : "none";
            if (was != now)
            {
                isOther |= i < Math.Min(before.Outputs.Length, after.Outputs.Length) && before.Outputs[i].Shape != after.Outputs[i].Shape;
                changes.Add($"output{(before.Outputs.Length > 1 ? $" {i}" : "")} {was} -> {now}");
            }
        }

        foreach (string input in before.Inputs.Keys.Union(after.Inputs.Keys).Order(StringComparer.Ordinal))
        {
            ImmutableArray<Operand> was = before.Inputs.GetValueOrDefault(input, []), now = after.Inputs.GetValueOrDefault(input, []);
            if (was.Length != now.Length || was.Zip(now).Any(pair => !IsSame(pair.First, pair.Second)))
            {
                isOther |= !(IsFloatCast(before) && IsFloatCast(after) && input == "dtype");
                changes.Add($"{input} {Joined(was)} -> {Joined(now)}");
            }
        }

        return (changes.ToImmutable(), isOther);
    }

    private static string Joined(ImmutableArray<Operand> operands) => operands.Length == 0 ? "none" : string.Join(", ", operands.Select(TextOf));

    private static string TypeOf(ValueInfo value) => $"{value.Type?.Name() ?? "no tensor"} {value.Shape}";

    // Weights are compared by themselves: here only their shapes count. The type of a number is the operation's, which is told of its outputs.
    private bool IsSame(Operand before, Operand after) => (before, after) switch
    {
        (Operand.Value was, Operand.Value now) => PlainNames.Of(_rightNames.GetValueOrDefault(was.Name, was.Name)) == PlainNames.Of(now.Name),
        (Operand.Parameter { Source: var was }, Operand.Parameter { Source: var now }) => was.Shape == now.Shape,
        (Operand.Constant { Data: var was }, Operand.Constant { Data: var now }) => was.Shape == now.Shape && IsSame(was, now),
        _ => before == after,
    };

    private static bool IsSame(TensorData was, TensorData now) => was.Type == now.Type ? was.Bytes.Span.SequenceEqual(now.Bytes.Span)
        : was.Type is ElementType.Float16 or ElementType.Float32 && now.Type is ElementType.Float16 or ElementType.Float32
            && was.ToFloat32().Zip(now.ToFloat32()).All(pair => ((Half)pair.First).Equals((Half)pair.Second));

    private static string TextOf(Operand operand) => operand switch
    {
        Operand.Value value => $"'{value.Name}'",
        Operand.Parameter { Source: Weight weight } => $"weight {weight.Shape}",
        Operand.Constant { Data: var data } => Numbers(data),
        Operand.Text text => $"\"{text.Content}\"",
        Operand.Opaque opaque => opaque.Description,
        _ => operand.ToString(),
    };

    private static string Numbers(TensorData data)
    {
        if (data.Shape.ElementCount > MostNumbers)
        {
            return $"{data.Type.Name()} {data.Shape} #{Convert.ToHexStringLower(SHA256.HashData(data.Bytes.Span))[..8]}";
        }

        string numbers = string.Join(", ", data.ToFloat32().Select(value => data.Type == ElementType.Bool ? (value == 0 ? "false" : "true") : value.ToString("G7", CultureInfo.InvariantCulture)));
        return data.Shape.Rank == 0 ? numbers : $"[{numbers}]";
    }
}
