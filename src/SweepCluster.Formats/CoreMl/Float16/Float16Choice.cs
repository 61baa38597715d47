using System.Collections.Immutable;
using SweepCluster.Formats.CoreMl.Constexprs;
using SweepCluster.Formats.CoreMl.Programs;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;
using SweepCluster.Numerics.Halves;

namespace SweepCluster.Formats.CoreMl.Float16;

/// <summary>Goes through one function and chooses which of its operations become float16, and in which types its constants are read then. Each operation is judged by itself: its type, and the constants
/// that it reads.</summary>
/// <param name="level">Level of the function's operation set.</param>
/// <param name="values">Reads constants.</param>
internal sealed class Float16Choice(int level, ValueReader values)
{
    private const double WidestCode = 255; // between a code of 8 bits and its zero point

    private readonly HashSet<Operation> _converted = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Operation, ConstantSource> _constants = new(ReferenceEqualityComparer.Instance);
    private readonly ImmutableArray<KeptOperation>.Builder _kept = ImmutableArray.CreateBuilder<KeptOperation>();

    /// <summary>Operations that stay float32 although they have to do with it, with the reason; in program order.</summary>
    internal ImmutableArray<KeptOperation> Kept => _kept.ToImmutable();

    /// <summary>Elements of the constants that become float16.</summary>
    internal long ChangedElements => _constants.Values.Where(constant => constant.NeedsHalf).Sum(constant => constant.Elements);

    /// <summary>Number of operations that become float16.</summary>
    internal int Converted => _converted.Count;

    /// <summary>Whether an operation becomes float16.</summary>
    internal bool IsConverted(Operation operation) => _converted.Contains(operation);

    /// <summary>What an operation defines, where that is a float32 constant; else null.</summary>
    internal ConstantSource? ConstantOf(Operation operation) => _constants.GetValueOrDefault(operation);

    /// <summary>Whether a type is a tensor of float32.</summary>
    internal static bool IsFloat32(MilValueType? type) => type?.TensorType?.DataType == DataType.Float32;

    /// <summary>Judges a function.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="function">The function.</param>
    /// <param name="block">The block to judge.</param>
    internal void Judge(string name, Function function, Block block)
    {
        SourceScope scope = new(null);
        foreach (NamedValueType input in function.Inputs)
        {
            scope.Define(input.Name, IsFloat32(input.Type), null);
        }

        Judge(block, scope, $"function {name}");
    }

    private void Judge(Block block, SourceScope scope, string place)
    {
        for (int index = 0; index < block.Operations.Count; index++)
        {
            Operation operation = block.Operations[index];
            string here = $"{place}, operation {index} ({operation.Type})";
            ConstantSource? constant = operation.Type == "const" ? Const(operation, here)
                : ConstexprNames.IsKnown(operation.Type) ? Constexpr(operation, scope, here)
                : null;
            if (constant is not null)
            {
                _constants.Add(operation, constant);
            }
            else if (operation.Type == "cast")
            {
                DemandSingle(operation, scope); // what a cast makes of a rounded constant may be another number
            }
            else if (operation.Type != "const" && !ConstexprNames.IsKnown(operation.Type))
            {
                Judge(operation, scope, here);
            }

            for (int i = 0; i < operation.Blocks.Count; i++)
            {
                SourceScope inner = new(scope);
                foreach (NamedValueType input in operation.Blocks[i].Inputs)
                {
                    inner.Define(input.Name, IsFloat32(input.Type), null);
                }

                Judge(operation.Blocks[i], inner, $"{place}, operation {index}, block {i}");
            }

            foreach (NamedValueType output in operation.Outputs)
            {
                scope.Define(output.Name, IsFloat32(output.Type), IsFloat32(output.Type) ? constant : null);
            }
        }

        foreach (string output in block.Outputs)
        {
            scope.Find(output).Constant?.DemandSingle();
        }
    }

    private void Judge(Operation operation, SourceScope scope, string place)
    {
        string? reason = Float16Operations.Refuses(operation.Type, level);
        bool reads = false;
        foreach ((string input, Argument.Types.Binding binding) in BindingsOf(operation))
        {
            (bool isFloat32, ConstantSource? constant) = binding.Value is { } value ? (IsFloat32(value.Type), null) : scope.Find(binding.Name);
            if (!isFloat32 || Float16Operations.StaysFloat32(operation.Type, input))
            {
                continue;
            }

            reads = true;
            reason ??= constant is not null ? Refuses(constant, operation.Type, input) : binding.Value is { } inline ? Refuses(inline, operation.Type, input, place) : null;
        }

        if (reads && reason is null)
        {
            _converted.Add(operation);
        }
        else if (reason is not null && (reads || operation.Outputs.Any(output => IsFloat32(output.Type))))
        {
            _kept.Add(new KeptOperation(operation.Outputs.Count > 0 ? operation.Outputs[0].Name : place, operation.Type, reason));
        }

        foreach ((string input, Argument.Types.Binding binding) in BindingsOf(operation).Where(entry => entry.Binding.Value is null))
        {
            ConstantSource? constant = scope.Find(binding.Name).Constant;
            if (_converted.Contains(operation) && !Float16Operations.StaysFloat32(operation.Type, input))
            {
                constant?.DemandHalf();
            }
            else
            {
                constant?.DemandSingle();
            }
        }
    }

    private static void DemandSingle(Operation operation, SourceScope scope)
    {
        foreach ((_, Argument.Types.Binding binding) in BindingsOf(operation).Where(entry => entry.Binding.Value is null))
        {
            scope.Find(binding.Name).Constant?.DemandSingle();
        }
    }

    private static string? Refuses(ConstantSource constant, string type, string input) =>
        (constant.Refusal ?? constant.Fit?.Refuses(Float16Operations.IsDivisor(type, input))) is { } reason
            ? $"'{constant.Operation.Outputs[0].Name}': {reason}"
            : null;

    private string? Refuses(Value value, string type, string input, string place) =>
        Read(value, place) is { } data && Float16Fit.Of(data).Refuses(Float16Operations.IsDivisor(type, input)) is { } reason ? $"'{input}': {reason}" : null;

    private ConstantSource? Const(Operation operation, string place)
    {
        if (operation.Outputs.Count != 1 || !IsFloat32(operation.Outputs[0].Type) || ValueOf(operation) is not { } value || Read(value, place) is not { } data)
        {
            return null;
        }

        Float16Fit fit = Float16Fit.Of(data);
        return new ConstantSource(operation, [], fit.Refuses(isDivisor: false), fit, fit.Largest);
    }

    // Every float32 part of a stored weight becomes float16, and so does what it decodes to. Each part must fit, and so must the largest product of a code and a scale.
    private ConstantSource? Constexpr(Operation operation, SourceScope scope, string place)
    {
        List<ConstantSource> feeding = [];
        string? refusal = null;
        Dictionary<string, double> bounds = new(StringComparer.Ordinal);
        bool isFloat32 = operation.Outputs.Any(output => IsFloat32(output.Type));
        foreach ((string name, Value? value, string? reference) in PartsOf(operation))
        {
            if (reference is not null && scope.Find(reference).Constant is { } source)
            {
                feeding.Add(source);
                refusal ??= source.Refusal;
                bounds[name] = source.Bound;
            }
            else if (value is not null && IsFloat32(value.Type) && Read(value, place) is { } data)
            {
                Float16Fit fit = Float16Fit.Of(data);
                bounds[name] = fit.Largest;
                refusal ??= name == "zero_point" ? null : fit.Refuses(isDivisor: name == "scale");
            }
        }

        if (!isFloat32)
        {
            feeding.ForEach(source => source.DemandSingle());
            return null;
        }

        double bound = bounds.GetValueOrDefault("scale", double.NaN) is var scale && double.IsNaN(scale)
            ? bounds.Values.DefaultIfEmpty(0).Max()
            : scale * (bounds.GetValueOrDefault("data", bounds.GetValueOrDefault("nonzero_data", WidestCode)) + bounds.GetValueOrDefault("offset", 0) + bounds.GetValueOrDefault("zero_point", 0));
        refusal ??= bound > HalfRange.Largest ? "its scales and codes may leave float16" : null;
        return new ConstantSource(operation, feeding, refusal, null, bound);
    }

    /// <summary>The value of a <c>const</c>.</summary>
    internal static Value? ValueOf(Operation operation) => operation.Attributes.TryGetValue("val", out Value? attribute) ? attribute
        : operation.Inputs.TryGetValue("val", out Argument? argument) && argument.Arguments.Count == 1 ? argument.Arguments[0].Value
        : null;

    /// <summary>The operands of a <c>constexpr_*</c> operation, whether attributes or inputs: a value, or the name of one.</summary>
    internal static IEnumerable<(string Name, Value? Value, string? Reference)> PartsOf(Operation operation) =>
    [
        .. operation.Attributes.Where(entry => entry.Key != "name").Select(entry => (entry.Key, (Value?)entry.Value, (string?)null)),
        .. BindingsOf(operation).Select(entry => (entry.Input, entry.Binding.Value, entry.Binding.Value is null ? entry.Binding.Name : null)),
    ];

    /// <summary>Every operand of an operation, by input.</summary>
    internal static IEnumerable<(string Input, Argument.Types.Binding Binding)> BindingsOf(Operation operation) =>
        operation.Inputs.OrderBy(entry => entry.Key, StringComparer.Ordinal).SelectMany(entry => entry.Value.Arguments.Select(binding => (entry.Key, binding)));

    private TensorData? Read(Value value, string place) => (values.Read(value, place) as Operand.Constant)?.Data;
}
