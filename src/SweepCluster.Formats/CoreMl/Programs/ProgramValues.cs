using SweepCluster.Formats.CoreMl.Protos;

namespace SweepCluster.Formats.CoreMl.Programs;

/// <summary>Visits every constant of a program in an order that depends on its content alone: maps by key, everything else as it stands.</summary>
internal sealed class ProgramValues(Action<Value> visit)
{
    internal void Visit(Program program)
    {
        foreach ((_, Function function) in Sorted(program.Functions))
        {
            Visit(function.Inputs);
            foreach ((_, Block block) in Sorted(function.BlockSpecializations))
            {
                Visit(block);
            }

            Visit(function.Attributes);
        }

        Visit(program.Attributes);
    }

    private void Visit(Block block)
    {
        Visit(block.Inputs);
        foreach (Operation operation in block.Operations)
        {
            Visit(operation.Attributes);
            foreach ((_, Argument argument) in Sorted(operation.Inputs))
            {
                foreach (Argument.Types.Binding binding in argument.Arguments)
                {
                    Visit(binding.Value);
                }
            }

            Visit(operation.Outputs);
            foreach (Block inner in operation.Blocks)
            {
                Visit(inner);
            }
        }

        Visit(block.Attributes);
    }

    private void Visit(IEnumerable<NamedValueType> values)
    {
        foreach (NamedValueType value in values)
        {
            if (value.Type?.TensorType is { Attributes.Count: > 0 } type)
            {
                Visit(type.Attributes);
            }
        }
    }

    private void Visit(IDictionary<string, Value> values)
    {
        foreach ((_, Value value) in Sorted(values))
        {
            Visit(value);
        }
    }

    private void Visit(Value? value)
    {
        if (value is null)
        {
            return;
        }

        visit(value);
        switch (value.ImmediateValue?.ValueCase)
        {
            case Value.Types.ImmediateValue.ValueOneofCase.Tuple:
                Visit(value.ImmediateValue.Tuple.Values);
                break;
            case Value.Types.ImmediateValue.ValueOneofCase.List:
                Visit(value.ImmediateValue.List.Values);
                break;
            case Value.Types.ImmediateValue.ValueOneofCase.Dictionary:
                foreach (DictionaryValue.Types.KeyValuePair pair in value.ImmediateValue.Dictionary.Values)
                {
                    Visit(pair.Key);
                    Visit(pair.Value);
                }

                break;
        }
    }

    private void Visit(IEnumerable<Value> values)
    {
        foreach (Value value in values)
        {
            Visit(value);
        }
    }

    private static IEnumerable<KeyValuePair<string, T>> Sorted<T>(IDictionary<string, T> map) =>
        map.Count switch
        {
            0 => [],
            1 => map, // most are: nothing is sorted, which takes memory
            _ => map.OrderBy(entry => entry.Key, StringComparer.Ordinal),
        };
}
