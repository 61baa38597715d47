using System.Collections.Immutable;
using SweepCluster.Formats.CoreMl.Constexprs;
using SweepCluster.Formats.CoreMl.Documents;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.CoreMl.Programs;

/// <summary>Reads the main function of a program: its operations with their constants resolved, and its weights with every use.</summary>
internal sealed class ProgramReader(ModelContainer content)
{
    private readonly ValueReader _values = new(content);
    private readonly List<WeightDraft> _drafts = [];
    private readonly Dictionary<string, int> _weightNames = new(StringComparer.Ordinal); // with how many weights have it
    private readonly List<PendingNode> _nodes = [];
    private readonly Dictionary<string, Value> _lists = new(StringComparer.Ordinal); // constants that class labels may be

    /// <summary>Class labels of the program's <c>classify</c> operation; null without one.</summary>
    internal ImmutableArray<string>? ClassLabels { get; private set; }

    /// <summary>Where each weight of the graph is defined, by its name.</summary>
    internal IReadOnlyDictionary<string, WeightSite> Sites => _drafts.Where(draft => draft.IsUsed).ToDictionary(draft => draft.Name, draft => draft.Site);

    /// <summary>Reads a function's active block.</summary>
    /// <param name="name">The function's name.</param>
    /// <param name="function">The function.</param>
    /// <param name="block">Its active block.</param>
    /// <returns>Operations and weights, in program order.</returns>
    /// <exception cref="BadInputException">The program breaks the format.</exception>
    internal (ImmutableArray<Node> Nodes, ImmutableArray<Weight> Weights) Read(string name, Function function, Block block)
    {
        Scope scope = new(null);
        foreach (NamedValueType input in function.Inputs)
        {
            scope.Define(input.Name, new Definition.Computed());
        }

        ReadBlock(block, scope, $"function {name}", []);
        foreach (string output in block.Outputs)
        {
            if (scope.Find(output) is null)
            {
                throw Fault($"function {name}", $"output '{output}'", "a value that the function defines");
            }
        }

        return ([.. _nodes.Select(node => node.Finish())], [.. _drafts.Where(draft => draft.IsUsed).Select(draft => draft.Weight)]);
    }

    private void ReadBlock(Block block, Scope scope, string place, ImmutableArray<int> path)
    {
        for (int index = 0; index < block.Operations.Count; index++)
        {
            Operation operation = block.Operations[index];
            string operationPlace = $"{place}, operation {index}";
            ReadOperation(operation, scope, operationPlace, path.Add(index));
        }

        foreach (string output in block.Outputs)
        {
            if (scope.Find(output) is Definition.Stored stored)
            {
                stored.Draft.MarkOutput();
            }
        }
    }

    private void ReadOperation(Operation operation, Scope scope, string place, ImmutableArray<int> path)
    {
        string named = $"{place} ({operation.Type}{(operation.Outputs.Count > 0 ? $" '{operation.Outputs[0].Name}'" : "")})";
        if (operation.Type.Any(char.IsControl) || operation.Outputs.Any(output => output.Name.Any(char.IsControl)))
        {
            throw Fault(place, "a type or an output's name with control characters", "names that can be printed");
        }

        if (operation.Type == "const")
        {
            ReadConst(operation, scope, named, path);
        }
        else if (operation.Type.StartsWith(ConstexprNames.Prefix, StringComparison.Ordinal))
        {
            ReadConstexpr(operation, scope, named, path);
        }
        else
        {
            ReadOrdinary(operation, scope, place, named, path);
        }
    }

    private void ReadConst(Operation operation, Scope scope, string place, ImmutableArray<int> path)
    {
        if (operation.Outputs.Count != 1)
        {
            throw Fault(place, $"{operation.Outputs.Count} outputs", "one");
        }

        Value? value = operation.Attributes.TryGetValue("val", out Value? attribute) ? attribute
            : operation.Inputs.TryGetValue("val", out Argument? argument) && argument.Arguments.Count == 1 ? argument.Arguments[0].Value
            : null;
        if (value is null)
        {
            throw Fault(place, "no attribute 'val'", "the constant's value");
        }

        string name = operation.Outputs[0].Name;
        Operand operand = _values.Read(value, place);
        if (operand is Operand.Opaque)
        {
            _lists[name] = value;
        }

        scope.Define(name, IsWeight(operand) is { } data
            ? new Definition.Stored(Draft(name, new DenseWeight(data.Type, data), new WeightSite(path), null))
            : new Definition.Known(operand));
    }

    private void ReadConstexpr(Operation operation, Scope scope, string place, ImmutableArray<int> path)
    {
        string file = $"{content.ModelPath}, {place}";
        ConstexprValue[]? outputs = new ConstexprReader(operation, file, place, _values, scope).Read();
        if (outputs is not null && outputs.Length != operation.Outputs.Count)
        {
            throw Fault(place, $"{operation.Outputs.Count} outputs", $"{outputs.Length}");
        }

        for (int i = 0; i < operation.Outputs.Count; i++)
        {
            string name = operation.Outputs[i].Name;
            scope.Define(name, outputs?[i] switch
            {
                null => new Definition.Known(new Operand.Opaque($"a constant stored as {operation.Type}")),
                { Stored: { Type: ElementType.Float16 or ElementType.Float32, Shape.Rank: >= 1 } stored } output => new Definition.Stored(
                    Draft(name, Checked(stored, operation.Outputs[i], place), new WeightSite(path), output.Joint)),
                ConstexprValue part => new Definition.Part(part),
            });
        }
    }

    private CompressedWeight Checked(CompressedWeight stored, NamedValueType output, string place)
    {
        ValueInfo declared = MilTypes.ToValueInfo(output, $"{content.ModelPath}, {place}");
        return declared.Type == stored.Type && declared.Shape == stored.Shape
            ? stored
            : throw Fault(
                place, $"output '{output.Name}' declared {declared.Type?.Name()} {declared.Shape}", $"{stored.Type.Name()} {stored.Shape}, which its operands give");
    }

    private void ReadOrdinary(Operation operation, Scope scope, string place, string named, ImmutableArray<int> path)
    {
        string node = operation.Outputs.Count > 0 ? operation.Outputs[0].Name : place;
        Dictionary<string, ImmutableArray<PendingOperand>> inputs = new(StringComparer.Ordinal);
        foreach ((string input, Argument argument) in operation.Inputs)
        {
            ImmutableArray<PendingOperand>.Builder operands = ImmutableArray.CreateBuilder<PendingOperand>(argument.Arguments.Count);
            for (int i = 0; i < argument.Arguments.Count; i++)
            {
                operands.Add(Resolve(argument.Arguments[i], scope, named, node, input, new WeightSite(path, input, i)));
            }

            inputs.Add(input, operands.ToImmutable());
        }

        foreach ((string input, ImmutableArray<PendingOperand> operands) in inputs)
        {
            foreach (PendingOperand operand in operands)
            {
                operand.Draft?.AddUse(
                    new WeightUse(node, operation.Type, input),
                    WeightAxes.Of(operation, input, operand.Draft.Stored.Shape.Rank, name => IsTrue(inputs, name)));
            }
        }

        for (int i = 0; i < operation.Blocks.Count; i++)
        {
            Scope inner = new(scope);
            foreach (NamedValueType input in operation.Blocks[i].Inputs)
            {
                inner.Define(input.Name, new Definition.Computed());
            }

            ReadBlock(operation.Blocks[i], inner, $"{place}, block {i}", path.Add(i));
        }

        foreach (NamedValueType output in operation.Outputs)
        {
            scope.Define(output.Name, new Definition.Computed());
        }

        if (path.Length == 1)
        {
            ImmutableArray<ValueInfo> outputs = [.. operation.Outputs.Select(output => MilTypes.ToValueInfo(output, $"{content.ModelPath}, {named}"))];
            _nodes.Add(new PendingNode(operation.Type, inputs, outputs, place, operation.Blocks.Count > 0));
            if (operation.Type == "classify" && operation.Inputs.TryGetValue("classes", out Argument? classes))
            {
                ReadLabels(classes);
            }
        }
    }

    private PendingOperand Resolve(Argument.Types.Binding binding, Scope scope, string place, string node, string input, WeightSite site)
    {
        if (binding.BindingCase == Argument.Types.Binding.BindingOneofCase.Value)
        {
            Operand operand = _values.Read(binding.Value, $"{place}, input '{input}'");
            return IsWeight(operand) is { } data
                ? new PendingOperand(null, Draft($"{node}_{input}", new DenseWeight(data.Type, data), site, null))
                : new PendingOperand(operand, null);
        }

        return scope.Find(binding.Name) switch
        {
            Definition.Stored stored => new PendingOperand(null, stored.Draft),
            Definition.Known known => new PendingOperand(known.Operand, null),
            Definition.Part => new PendingOperand(new Operand.Opaque($"'{binding.Name}', a part of a compressed weight"), null),
            Definition.Computed => new PendingOperand(new Operand.Value(binding.Name), null),
            _ => throw Fault(place, $"input '{input}' reading '{binding.Name}'", "a value that is defined before it"),
        };
    }

    private void ReadLabels(Argument classes)
    {
        if (classes.Arguments.Count == 1
            && (classes.Arguments[0].Value ?? _lists.GetValueOrDefault(classes.Arguments[0].Name)) is { } value
            && ValueReader.ReadTexts(value) is { } labels)
        {
            ClassLabels = [.. labels];
        }
    }

    private WeightDraft Draft(string name, CompressedWeight stored, WeightSite site, string? chain)
    {
        string unique = name;
        while (!_weightNames.TryAdd(unique, 1))
        {
            unique = $"{name}#{++_weightNames[name]}"; // names of blocks that do not see each other
        }

        WeightDraft draft = new(unique, stored, site, chain);
        _drafts.Add(draft);
        return draft;
    }

    private static TensorData? IsWeight(Operand operand) =>
        operand is Operand.Constant { Data: { Type: ElementType.Float16 or ElementType.Float32, Shape.Rank: >= 1 } data } ? data : null;

    private static bool IsTrue(Dictionary<string, ImmutableArray<PendingOperand>> inputs, string name) =>
        inputs.TryGetValue(name, out ImmutableArray<PendingOperand> operands)
        && operands is [{ Operand: Operand.Constant { Data: { Type: ElementType.Bool, Bytes.Length: > 0 } data } }, ..] && data.Bytes.Span[0] != 0;

    private BadInputException Fault(string place, string found, string expected) =>
        new($"{content.ModelPath}, {place}: found {found}, expected {expected}.");
}
