using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Google.Protobuf.Collections;
using SweepCluster.Formats.CoreMl.Constexprs;
using SweepCluster.Formats.CoreMl.Documents;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.CoreMl.Programs;

/// <summary>Reads a program: the main function's operations with their constants resolved, and the weights of all functions with every use.</summary>
/// <remarks>Constants of two blocks that lie at the same place of a weight file are one weight, stored in the same form and read with the same meaning.</remarks>
internal sealed class ProgramReader(ModelContainer content)
{
    private const int LongestName = 200;

    private static readonly Comparer<KeyValuePair<string, ImmutableArray<PendingOperand>>> s_byName =
        Comparer<KeyValuePair<string, ImmutableArray<PendingOperand>>>.Create((left, right) => string.CompareOrdinal(left.Key, right.Key));

    private readonly ValueReader _values = new(content);
    private readonly List<WeightDraft> _drafts = [];
    private readonly UniqueNames _weightNames = new(); // blocks that do not see each other may use one name
    private readonly List<PendingNode> _nodes = [];
    private readonly Dictionary<(string Bytes, string Name), WeightDraft> _shared = []; // by form and place of their bytes, with their name and without: the first of each
    private string _function = "";
    private string _opset = "";
    private int _part;
    private readonly Dictionary<string, Value> _lists = new(StringComparer.Ordinal); // constants that class labels may be

    /// <summary>Class labels of the program's <c>classify</c> operation; null without one.</summary>
    internal ImmutableArray<string>? ClassLabels { get; private set; }

    /// <summary>Where each weight of the graph is defined, by its name.</summary>
    internal IReadOnlyDictionary<string, ImmutableArray<WeightSite>> Sites =>
        _drafts.Where(draft => draft.IsUsed).ToDictionary(draft => draft.Name, draft => draft.Sites.ToImmutableArray());

    /// <summary>Reads the main function's active block, then every other block for its weights alone.</summary>
    /// <param name="program">The program.</param>
    /// <param name="name">The main function's name.</param>
    /// <returns>The main function's operations, and the weights: its own in program order, then those that only other functions have.</returns>
    /// <exception cref="BadInputException">The program breaks the format.</exception>
    internal (ImmutableArray<Node> Nodes, ImmutableArray<Weight> Weights) Read(Program program, string name)
    {
        Function main = program.Functions[name];
        ReadFunction(name, main, main.Opset, $"function {name}");
        foreach ((string other, Function function) in program.Functions.OrderBy(entry => entry.Key, StringComparer.Ordinal))
        {
            foreach (string opset in function.BlockSpecializations.Keys.Where(key => CoreMlTargets.LevelOfOpset(key) is not null).Order(StringComparer.Ordinal))
            {
                if (function != main || opset != main.Opset)
                {
                    _part++;
                    ReadFunction(other, function, opset, opset == function.Opset ? $"function {Cut(other)}" : $"function {Cut(other)}, block {opset}");
                }
            }
        }

        return ([.. _nodes.Select(node => node.Finish())], [.. _drafts.Where(draft => draft.IsUsed).Select(draft => draft.Weight)]);
    }

    private void ReadFunction(string name, Function function, string opset, string place)
    {
        (_function, _opset) = (name, opset);
        Block block = function.BlockSpecializations[opset];
        Scope scope = new(null);
        foreach (NamedValueType input in function.Inputs)
        {
            Define(scope, input.Name, new Definition.Computed(), place);
        }

        ReadBlock(block, scope, place, []);
        foreach (string output in block.Outputs)
        {
            if (scope.Find(output) is null)
            {
                throw Fault(place, $"output '{output}'", "a value that the function defines");
            }
        }
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
        string named = $"{place} ({Cut(operation.Type)}{(operation.Outputs.Count > 0 ? $" '{Cut(operation.Outputs[0].Name)}'" : "")})";
        if (HasControl(operation.Type) || HasControl(operation.Outputs) || operation.Inputs.Keys.Any(HasControl)) // a weight may be named after its input
        {
            throw Fault(place, "a type or a name with control characters", "names that can be printed");
        }

        if (operation.Type == "const")
        {
            ReadConst(operation, scope, named, path);
        }
        else if (operation.Type == "cast" && operation.Outputs.Count != 1)
        {
            throw Fault(named, $"{operation.Outputs.Count} outputs", "one");
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

        Definition definition = IsWeight(operand) is { } data
            ? new Definition.Stored(Draft(name, new DenseWeight(data.Type, data), Site(path), null, PlaceOf([value])))
            : new Definition.Known(operand);
        Define(scope, name, definition, place);
    }

    private void ReadConstexpr(Operation operation, Scope scope, string place, ImmutableArray<int> path)
    {
        string file = $"{content.ModelPath}, {place}";
        ConstexprValue[]? outputs = new ConstexprReader(operation, file, place, _values, scope).Read();
        if (outputs is not null && outputs.Length != operation.Outputs.Count)
        {
            throw Fault(place, $"{operation.Outputs.Count} outputs", $"{outputs.Length}");
        }

        if (ConstexprNames.IsKnown(operation.Type) && operation.Outputs.FirstOrDefault(output => output.Type?.TensorType is null) is { } other)
        {
            throw Fault(place, $"output '{Cut(other.Name)}' that is no tensor", "a tensor");
        }

        for (int i = 0; i < operation.Outputs.Count; i++)
        {
            string name = operation.Outputs[i].Name;
            Definition definition = outputs?[i] switch
            {
                null => new Definition.Known(new Operand.Opaque($"a constant stored as {operation.Type}")),
                { Stored: { Type: ElementType.Float16 or ElementType.Float32, Shape.Rank: >= 1 } stored } output => new Definition.Stored(
                    Draft(name, Checked(stored, operation.Outputs[i], place), Site(path), output.Joint, PlaceOf(ConstexprWriter.SourcesOf(operation)))),
                ConstexprValue part => new Definition.Part(part),
            };
            Define(scope, name, definition, place);
        }
    }

    private CompressedWeight Checked(CompressedWeight stored, NamedValueType output, string place)
    {
        ValueInfo declared = MilTypes.ToValueInfo(output, place, content.ModelPath);
        return declared.Type == stored.Type && declared.Shape == stored.Shape
            ? stored
            : throw Fault(
                place, $"output '{output.Name}' declared {declared.Type?.Name()} {declared.Shape}", $"{stored.Type.Name()} {stored.Shape}, which its operands give");
    }

    private void ReadOrdinary(Operation operation, Scope scope, string place, string named, ImmutableArray<int> path)
    {
        string node = operation.Outputs.Count > 0 ? operation.Outputs[0].Name : place;
        KeyValuePair<string, ImmutableArray<PendingOperand>>[] inputs = new KeyValuePair<string, ImmutableArray<PendingOperand>>[operation.Inputs.Count];
        int read = 0;
        foreach ((string input, Argument argument) in operation.Inputs.Count == 1 ? operation.Inputs : operation.Inputs.OrderBy(entry => entry.Key, StringComparer.Ordinal).AsEnumerable()) // a map has no order of its own
        {
            PendingOperand[] operands = new PendingOperand[argument.Arguments.Count];
            for (int i = 0; i < operands.Length; i++)
            {
                operands[i] = Resolve(argument.Arguments[i], scope, named, node, input, path, i);
            }

            inputs[read++] = KeyValuePair.Create(input, ImmutableCollectionsMarshal.AsImmutableArray(operands));
        }

        foreach ((string input, ImmutableArray<PendingOperand> operands) in inputs)
        {
            foreach (PendingOperand operand in operands)
            {
                operand.Draft?.AddUse(
                    new WeightUse(node, operation.Type, input),
                    WeightAxes.Of(operation, input, operand.Draft.Stored.Shape.Rank, name => IsTrue(inputs, name)),
                    _part == 0 ? null : _function);
            }
        }

        for (int i = 0; i < operation.Blocks.Count; i++)
        {
            Scope inner = new(scope);
            foreach (NamedValueType input in operation.Blocks[i].Inputs)
            {
                Define(inner, input.Name, new Definition.Computed(), $"{place}, block {i}");
            }

            ReadBlock(operation.Blocks[i], inner, $"{place}, block {i}", path.Add(i));
        }

        foreach (NamedValueType output in operation.Outputs)
        {
            Define(scope, output.Name, new Definition.Computed(), named);
        }

        if (path.Length == 1 && _part == 0)
        {
            ValueInfo[] outputs = new ValueInfo[operation.Outputs.Count];
            for (int i = 0; i < outputs.Length; i++)
            {
                outputs[i] = MilTypes.ToValueInfo(operation.Outputs[i], named, content.ModelPath);
            }

            _nodes.Add(new PendingNode(operation.Type, inputs, ImmutableCollectionsMarshal.AsImmutableArray(outputs), place, operation.Blocks.Count > 0));
            if (operation.Type == "classify" && operation.Inputs.TryGetValue("classes", out Argument? classes))
            {
                ReadLabels(classes);
            }
        }
    }

    private PendingOperand Resolve(Argument.Types.Binding binding, Scope scope, string place, string node, string input, ImmutableArray<int> path, int index)
    {
        if (binding.BindingCase == Argument.Types.Binding.BindingOneofCase.Value)
        {
            Operand operand = _values.Read(binding.Value, $"{place}, input '{Cut(input)}'");
            return IsWeight(operand) is { } data
                ? new PendingOperand(null, Draft($"{Cut(node)}_{Cut(input)}", new DenseWeight(data.Type, data), Site(path, input, index), null, PlaceOf([binding.Value])))
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

    // Programs assign every value once.
    private void Define(Scope scope, string name, Definition definition, string place)
    {
        if (!scope.Define(name, definition))
        {
            throw Fault(place, $"a second definition of '{Cut(name)}'", "one definition of each name in a block");
        }
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

    private WeightSite Site(ImmutableArray<int> path, string? input = null, int binding = 0) => new(_function, _opset, path, input, binding);

    private WeightDraft Draft(string name, CompressedWeight stored, WeightSite site, string? chain, string? bytes)
    {
        string? held = bytes is null ? null : $"{stored.GetType().Name} {stored.Type} {stored.Shape} {bytes}";
        if (held is not null && FromAnotherBlock(name, stored, held) is { } shared)
        {
            shared.AddSite(site, chain);
            return shared;
        }

        WeightDraft draft = new(_weightNames.Take(name), _part, stored, site, chain);
        _drafts.Add(draft);
        if (held is not null)
        {
            _shared.TryAdd((held, name), draft);
            _shared.TryAdd((held, ""), draft);
        }

        return draft;
    }

    // The weight of a block read before that has the same bytes; of several the one of the same name.
    private WeightDraft? FromAnotherBlock(string name, CompressedWeight stored, string held) =>
        (_shared.GetValueOrDefault((held, name)) ?? _shared.GetValueOrDefault((held, ""))) is { } found && found.Part < _part && StoredWeights.AreSame(found.Stored, stored) ? found : null;

    // Where the first of a constant's bytes lie, that are in a weight file; null for one that stands in the program.
    private static string? PlaceOf(IEnumerable<Value> values) =>
        values.Select(value => value.BlobFileValue).OfType<Value.Types.BlobFileValue>().FirstOrDefault() is { } blob ? $"{blob.Offset} {blob.FileName}" : null;

    // Places and derived names are made for every operand: a name of any length must not go into each of them.
    private static string Cut(string name) => name.Length <= LongestName ? name : name[..LongestName];

    private static TensorData? IsWeight(Operand operand) =>
        operand is Operand.Constant { Data: { Type: ElementType.Float16 or ElementType.Float32, Shape.Rank: >= 1 } data } ? data : null;

    private static bool HasControl(string name) => name.AsSpan().IndexOfAnyInRange('\0', '\x1f') >= 0 || name.AsSpan().IndexOfAnyInRange('\x7f', '\x9f') >= 0;

    private static bool HasControl(RepeatedField<NamedValueType> outputs)
    {
        for (int i = 0; i < outputs.Count; i++)
        {
            if (HasControl(outputs[i].Name))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsTrue(KeyValuePair<string, ImmutableArray<PendingOperand>>[] inputs, string name) =>
        Array.BinarySearch(inputs, KeyValuePair.Create(name, ImmutableArray<PendingOperand>.Empty), s_byName) is >= 0 and int at && inputs[at].Value is var operands
        && operands is [{ Operand: Operand.Constant { Data: { Type: ElementType.Bool, Bytes.Length: > 0 } data } }, ..] && data.Bytes.Span[0] != 0;

    private BadInputException Fault(string place, string found, string expected) =>
        new($"{content.ModelPath}, {place}: found {found}, expected {expected}.");
}
