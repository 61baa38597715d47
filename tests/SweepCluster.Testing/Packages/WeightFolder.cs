namespace SweepCluster.Testing.Packages;

/// <summary>Folds the constants of a block into values and notes which operation reads which.</summary>
internal sealed class WeightFolder(MilValues values)
{
    private readonly Dictionary<string, MilTensor> _constants = new(StringComparer.Ordinal);

    /// <summary>Float tensors that operations read, by <c>consumer's output.input</c>.</summary>
    internal Dictionary<string, MilTensor> Values { get; } = new(StringComparer.Ordinal);

    /// <summary>Names of the constants that they are read from.</summary>
    internal Dictionary<string, string> Sources { get; } = new(StringComparer.Ordinal);

    internal void Walk(WireMessage block)
    {
        foreach (WireMessage operation in block.Messages(3))
        {
            string type = operation.Text(1);
            string[] outputs = [.. operation.Messages(3).Select(output => output.Text(1))];
            if (type == "const")
            {
                if (values.Tensor(operation.Map(5)["val"]) is { } constant)
                {
                    _constants.Add(outputs[0], constant);
                }
            }
            else if (type.StartsWith("constexpr_", StringComparison.Ordinal))
            {
                SortedDictionary<string, WireMessage> attributes = operation.Map(5);
                SortedDictionary<string, WireMessage> inputs = operation.Map(2);
                MilTensor[] results = new MilConstexpr(type, name =>
                    attributes.TryGetValue(name, out WireMessage? attribute) ? values.Tensor(attribute)
                    : inputs.TryGetValue(name, out WireMessage? input) ? Operand(input.Message(1)) : null).Evaluate();
                WireMessage[] declared = [.. operation.Messages(3)];
                for (int i = 0; i < outputs.Length; i++)
                {
                    string found = $"{results[i].Type}[{string.Join(',', results[i].Shape)}]";
                    _constants.Add(outputs[i], found == MilValues.TypeOf(declared[i].Message(2))
                        ? results[i]
                        : throw new InvalidDataException($"'{outputs[i]}' is declared {MilValues.TypeOf(declared[i].Message(2))}, its operands give {found}."));
                }
            }
            else
            {
                Note(operation, outputs.Length > 0 ? outputs[0] : type);
            }
        }
    }

    private void Note(WireMessage operation, string consumer)
    {
        foreach ((string input, WireMessage argument) in operation.Map(2))
        {
            WireMessage[] bindings = [.. argument.Messages(1)];
            for (int i = 0; i < bindings.Length; i++)
            {
                if (Operand(bindings[i]) is { IsFloat: true, Shape.Length: > 0 } tensor)
                {
                    string key = bindings.Length == 1 ? $"{consumer}.{input}" : $"{consumer}.{input}[{i}]";
                    Values.Add(key, tensor);
                    Sources.Add(key, bindings[i].Text(1));
                }
            }
        }
    }

    private MilTensor? Operand(WireMessage binding) =>
        binding.Has(1) ? _constants.GetValueOrDefault(binding.Text(1)) : values.Tensor(binding.Message(2));
}
