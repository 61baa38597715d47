using SweepCluster.Formats.CoreMl.Programs;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.CoreMl.Constexprs;

/// <summary>Makes the operations that hold weights.</summary>
/// <param name="level">Level of the operation set that is written.</param>
/// <param name="values">Makes constants.</param>
internal sealed class ConstexprWriter(int level, ValueWriter values)
{
    private readonly Dictionary<int, ConstexprWriter> _others = [];

    internal const string DefaultWeightFile = "@model_path/weights/weight.bin";

    private readonly Dictionary<string, List<(CompressedWeight Stored, ConstexprForm Form)>> _formsBySource = new(StringComparer.Ordinal);

    /// <summary>Level of the operation set that is written.</summary>
    internal int Level => level;

    /// <summary>A writer of another level that makes its constants in the same place.</summary>
    internal ConstexprWriter At(int otherLevel)
    {
        if (otherLevel == level)
        {
            return this;
        }

        if (!_others.TryGetValue(otherLevel, out ConstexprWriter? other))
        {
            _others.Add(otherLevel, other = new ConstexprWriter(otherLevel, values));
        }

        return other;
    }

    /// <summary>The constants of an operation, in an order that depends on its content alone.</summary>
    internal static IEnumerable<Value> SourcesOf(Operation operation) =>
    [
        .. operation.Attributes.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => entry.Value),
        .. operation.Inputs.OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .SelectMany(entry => entry.Value.Arguments).Select(binding => binding.Value).OfType<Value>(),
    ];

    /// <summary>The operations that hold a weight, in the order in which they must stand; the last is the one that gives it.</summary>
    /// <param name="stored">The weight.</param>
    /// <param name="name">Name of the last operation and its output.</param>
    /// <param name="sources">The constants that held the weight before. Weights that shared their blobs go on sharing them if they are stored alike.</param>
    /// <param name="unique">Makes a name that nothing has yet, from the one that is wanted and the number of outputs: of several, each is named by the operation and its index.</param>
    /// <exception cref="ArgumentException">The target has no operation for it.</exception>
    internal List<Operation> Make(CompressedWeight stored, string name, IEnumerable<Value> sources, Func<string, int, string> unique)
    {
        Value.Types.BlobFileValue[] blobs = [.. sources.Select(source => source.BlobFileValue).OfType<Value.Types.BlobFileValue>()];
        ConstexprForm form = FormOf(stored, string.Join('|', blobs.Select(blob => $"{blob.FileName}:{blob.Offset}")));
        List<Operation> operations = [];
        Add(form, name, blobs.Length == 0 ? DefaultWeightFile : blobs[0].FileName, unique, operations);
        return operations;
    }

    // Adds the operations that feed it, then itself.
    private Operation Add(ConstexprForm form, string name, string file, Func<string, int, string> unique, List<Operation> operations)
    {
        Operation operation = new() { Type = form.OpType };
        operation.Attributes.Add("name", ValueWriter.Text(name));
        Dictionary<ConstexprForm, Operation> feeding = new(ReferenceEqualityComparer.Instance);
        foreach (ConstexprOperand operand in form.Operands)
        {
            if (operand.Source is { } source)
            {
                if (!feeding.TryGetValue(source, out Operation? made))
                {
                    made = Add(source, unique(ConstexprNames.OfPart(name, source.Part), source.Outputs.Count), file, unique, operations);
                    feeding.Add(source, made);
                }

                operation.Inputs.Add(operand.Name, Bound(new Argument.Types.Binding { Name = made.Outputs[operand.Output].Name }));
                continue;
            }

            Value value = operand.Data is null ? ValueWriter.Text(operand.Text!) : values.Tensor(operand.Data, file);
            if (form.AsAttributes)
            {
                operation.Attributes.Add(operand.Name, value);
            }
            else
            {
                operation.Inputs.Add(operand.Name, Bound(new Argument.Types.Binding { Value = value }));
            }
        }

        for (int i = 0; i < form.Outputs.Count; i++)
        {
            operation.Outputs.Add(new NamedValueType { Name = OutputOf(name, i, form.Outputs.Count), Type = MilTypes.TensorOf(form.Outputs[i].Type, form.Outputs[i].Shape) });
        }

        operations.Add(operation);
        return operation;
    }

    /// <summary>Name of one of an operation's outputs.</summary>
    internal static string OutputOf(string name, int index, int count) => count == 1 ? name : $"{name}_{index}";

    private static Argument Bound(Argument.Types.Binding binding)
    {
        Argument argument = new();
        argument.Arguments.Add(binding);
        return argument;
    }

    private ConstexprForm FormOf(CompressedWeight stored, string source)
    {
        if (source.Length == 0)
        {
            return ConstexprForm.Of(stored, level);
        }

        if (!_formsBySource.TryGetValue(source, out List<(CompressedWeight Stored, ConstexprForm Form)>? forms))
        {
            _formsBySource.Add(source, forms = []);
        }

        ConstexprForm? known = forms.FirstOrDefault(form => StoredWeights.AreEqual(form.Stored, stored)).Form;
        if (known is null)
        {
            known = ConstexprForm.Of(stored, level);
            forms.Add((stored, known));
        }

        return known;
    }
}
