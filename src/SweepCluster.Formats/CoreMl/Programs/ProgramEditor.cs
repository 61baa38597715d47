using System.Collections.Immutable;
using SweepCluster.Formats.CoreMl.Constexprs;
using SweepCluster.Formats.CoreMl.Protos;

namespace SweepCluster.Formats.CoreMl.Programs;

/// <summary>Stores weights of a function in other forms: puts new operations in place of theirs and makes readers follow.</summary>
/// <param name="function">The function; a copy that may be changed.</param>
/// <param name="block">Its active block.</param>
/// <param name="operations">Makes the new operations.</param>
internal sealed class ProgramEditor(Function function, Block block, ConstexprWriter operations)
{
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _blockOutputs = new(StringComparer.Ordinal);
    private readonly Dictionary<Operation, List<Operation>> _inPlace = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Operation, List<Operation>> _before = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Block, Dictionary<string, string>> _renames = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Block, Dictionary<string, int>> _places = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<string> _abandoned = new(StringComparer.Ordinal);

    /// <summary>Applies edits, in program order.</summary>
    /// <exception cref="ArgumentException">The target has no operation for one of them.</exception>
    internal void Apply(IEnumerable<WeightEdit> edits)
    {
        CollectNames(block);
        _names.UnionWith(function.Inputs.Select(input => input.Name));
        foreach (WeightEdit edit in edits)
        {
            Apply(edit);
        }

        Rebuild(block, ImmutableDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal));
        DropAbandoned();
    }

    private void Apply(WeightEdit edit)
    {
        (Block parent, Operation operation) = Find(edit.Site);
        if (edit.Site.Input is { } input)
        {
            Argument.Types.Binding binding = operation.Inputs[input].Arguments[edit.Site.Binding];
            string inlineName = Unique(edit.Name + ConstexprNames.SuffixOf(edit.Stored), edit.Name);
            if (!_before.TryGetValue(operation, out List<Operation>? before))
            {
                _before.Add(operation, before = []);
            }

            before.AddRange(operations.Make(edit.Stored, inlineName, [binding.Value], UniquePart));
            binding.Name = inlineName;
            return;
        }

        string oldName = operation.Outputs[0].Name;
        string newName = _blockOutputs.Contains(oldName)
            ? oldName
            : Unique(ConstexprNames.BaseOf(oldName) + ConstexprNames.SuffixOf(edit.Stored), oldName);
        _inPlace.Add(operation, operations.Make(edit.Stored, newName, SourcesOf(edit.Site.Path[^1], parent), UniquePart));
        _abandoned.UnionWith(Reads(operation));
        if (newName != oldName)
        {
            if (!_renames.TryGetValue(parent, out Dictionary<string, string>? renames))
            {
                _renames.Add(parent, renames = new Dictionary<string, string>(StringComparer.Ordinal));
            }

            renames.Add(oldName, newName);
        }
    }

    private (Block Parent, Operation Operation) Find(WeightSite site)
    {
        Block parent = block;
        Operation operation = parent.Operations[site.Path[0]];
        for (int i = 1; i < site.Path.Length; i += 2)
        {
            parent = operation.Blocks[site.Path[i]];
            operation = parent.Operations[site.Path[i + 1]];
        }

        return (parent, operation);
    }

    private void CollectNames(Block within)
    {
        _names.UnionWith(within.Inputs.Select(input => input.Name));
        _blockOutputs.UnionWith(within.Outputs);
        foreach (Operation operation in within.Operations)
        {
            _names.UnionWith(operation.Outputs.Select(output => output.Name));
            foreach (Block inner in operation.Blocks)
            {
                CollectNames(inner);
            }
        }
    }

    private string Unique(string name, string present)
    {
        string unique = name;
        for (int copy = 1; unique != present && !_names.Add(unique); copy++)
        {
            unique = $"{name}_{copy}";
        }

        return unique;
    }

    // The same for an operation that feeds another: every output's name must be free.
    private string UniquePart(string name, int outputs)
    {
        string unique = name;
        for (int copy = 1; Enumerable.Range(0, outputs).Any(i => _names.Contains(ConstexprWriter.OutputOf(unique, i, outputs))); copy++)
        {
            unique = $"{name}_{copy}";
        }

        _names.UnionWith(Enumerable.Range(0, outputs).Select(i => ConstexprWriter.OutputOf(unique, i, outputs)));
        return unique;
    }

    // The constants of an operation and of those before it in its block that feed it, each operation once and in program order.
    private IEnumerable<Value> SourcesOf(int index, Block within)
    {
        SortedSet<int> feeding = [index];
        Stack<int> open = new([index]);
        while (open.TryPop(out int reading))
        {
            foreach (string name in Reads(within.Operations[reading]))
            {
                if (PlacesIn(within).TryGetValue(name, out int source) && source < reading && feeding.Add(source))
                {
                    open.Push(source);
                }
            }
        }

        return feeding.SelectMany(source => ConstexprWriter.SourcesOf(within.Operations[source]));
    }

    // Where a block's constants are defined. Nothing is moved while edits are applied.
    private Dictionary<string, int> PlacesIn(Block within)
    {
        if (!_places.TryGetValue(within, out Dictionary<string, int>? places))
        {
            _places.Add(within, places = new Dictionary<string, int>(StringComparer.Ordinal));
            for (int i = 0; i < within.Operations.Count; i++)
            {
                foreach (NamedValueType output in IsConstant(within.Operations[i]) ? within.Operations[i].Outputs : [])
                {
                    places[output.Name] = i;
                }
            }
        }

        return places;
    }

    private static bool IsConstant(Operation operation) => operation.Type == "const" || operation.Type.StartsWith(ConstexprNames.Prefix, StringComparison.Ordinal);

    // A name that an inner block defines anew hides the outer one, so it is left as it is there.
    private void Rebuild(Block within, ImmutableDictionary<string, string> renames)
    {
        renames = renames.RemoveRange(within.Inputs.Select(input => input.Name));
        Dictionary<string, string>? own = _renames.GetValueOrDefault(within);
        Operation[] operations = [.. within.Operations];
        within.Operations.Clear();
        foreach (Operation operation in operations)
        {
            foreach (Argument.Types.Binding binding in operation.Inputs.Values.SelectMany(argument => argument.Arguments))
            {
                if (binding.BindingCase == Argument.Types.Binding.BindingOneofCase.Name && renames.TryGetValue(binding.Name, out string? renamed))
                {
                    binding.Name = renamed;
                }
            }

            foreach (Block inner in operation.Blocks)
            {
                Rebuild(inner, renames);
            }

            within.Operations.AddRange(_before.GetValueOrDefault(operation, []));
            List<Operation>? replacement = _inPlace.GetValueOrDefault(operation);
            within.Operations.AddRange(replacement ?? [operation]);
            foreach (NamedValueType output in operation.Outputs)
            {
                renames = replacement is not null && own is not null && own.TryGetValue(output.Name, out string? renamed)
                    ? renames.SetItem(output.Name, renamed)
                    : renames.Remove(output.Name);
            }
        }
    }

    // Operations that fed a replaced one and that nothing reads any more, and what fed those.
    private void DropAbandoned()
    {
        while (_abandoned.Count > 0)
        {
            HashSet<string> read = new(StringComparer.Ordinal);
            CollectReads(block, read);
            HashSet<string> next = new(StringComparer.Ordinal);
            Drop(block, read, next);
            _abandoned.Clear();
            _abandoned.UnionWith(next);
        }
    }

    private void Drop(Block within, HashSet<string> read, HashSet<string> next)
    {
        for (int i = within.Operations.Count - 1; i >= 0; i--)
        {
            Operation operation = within.Operations[i];
            if (IsConstant(operation) && operation.Outputs.Any(output => _abandoned.Contains(output.Name)) && !operation.Outputs.Any(output => read.Contains(output.Name)))
            {
                next.UnionWith(Reads(operation));
                within.Operations.RemoveAt(i);
            }
            else
            {
                foreach (Block inner in operation.Blocks)
                {
                    Drop(inner, read, next);
                }
            }
        }
    }

    private static void CollectReads(Block within, HashSet<string> read)
    {
        read.UnionWith(within.Outputs);
        foreach (Operation operation in within.Operations)
        {
            read.UnionWith(Reads(operation));
            foreach (Block inner in operation.Blocks)
            {
                CollectReads(inner, read);
            }
        }
    }

    private static IEnumerable<string> Reads(Operation operation) => operation.Inputs.Values
        .SelectMany(argument => argument.Arguments)
        .Where(binding => binding.BindingCase == Argument.Types.Binding.BindingOneofCase.Name)
        .Select(binding => binding.Name);
}
