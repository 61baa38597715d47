using SweepCluster.Formats.CoreMl.Programs;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.CoreMl.Constexprs;

/// <summary>Makes the operations that hold weights.</summary>
/// <param name="level">Level of the operation set that is written.</param>
/// <param name="values">Makes constants.</param>
internal sealed class ConstexprWriter(int level, ValueWriter values)
{
    internal const string DefaultWeightFile = "@model_path/weights/weight.bin";

    private readonly Dictionary<string, List<(CompressedWeight Stored, ConstexprForm Form)>> _formsBySource = new(StringComparer.Ordinal);

    /// <summary>Level of the operation set that is written.</summary>
    internal int Level => level;

    /// <summary>The constants of an operation, in an order that depends on its content alone.</summary>
    internal static IEnumerable<Value> SourcesOf(Operation operation) =>
    [
        .. operation.Attributes.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => entry.Value),
        .. operation.Inputs.OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .SelectMany(entry => entry.Value.Arguments).Select(binding => binding.Value).OfType<Value>(),
    ];

    /// <summary>An operation that holds a weight.</summary>
    /// <param name="stored">The weight.</param>
    /// <param name="name">Name of the operation and its output.</param>
    /// <param name="sources">The constants that held the weight before. Weights that shared their blobs go on sharing them if they are stored alike.</param>
    /// <exception cref="ArgumentException">The target has no operation for it.</exception>
    internal Operation Make(CompressedWeight stored, string name, IEnumerable<Value> sources)
    {
        Value.Types.BlobFileValue[] blobs = [.. sources.Select(source => source.BlobFileValue).OfType<Value.Types.BlobFileValue>()];
        ConstexprForm form = FormOf(stored, string.Join('|', blobs.Select(blob => $"{blob.FileName}:{blob.Offset}")));
        string file = blobs.Length == 0 ? DefaultWeightFile : blobs[0].FileName;

        Operation operation = new() { Type = form.OpType };
        operation.Attributes.Add("name", ValueWriter.Text(name));
        foreach (ConstexprOperand operand in form.Operands)
        {
            Value value = operand.Data is null ? ValueWriter.Text(operand.Text!) : values.Tensor(operand.Data, file);
            if (form.AsAttributes)
            {
                operation.Attributes.Add(operand.Name, value);
            }
            else
            {
                Argument argument = new();
                argument.Arguments.Add(new Argument.Types.Binding { Value = value });
                operation.Inputs.Add(operand.Name, argument);
            }
        }

        operation.Outputs.Add(new NamedValueType { Name = name, Type = MilTypes.TensorOf(stored.Type, stored.Shape) });
        return operation;
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
