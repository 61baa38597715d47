using SweepCluster.Formats.CoreMl.Constexprs;
using SweepCluster.Formats.CoreMl.Programs;
using SweepCluster.Formats.CoreMl.Protos;

namespace SweepCluster.Formats.CoreMl.Float16;

/// <summary>Rewrites one function as was chosen: types, constants, and a <c>cast</c> wherever a value is read in the other type. Values keep their names; what the function takes and returns keeps its type.</summary>
/// <param name="choice">What becomes float16.</param>
/// <param name="values">Makes constants.</param>
internal sealed class Float16Rewriter(Float16Choice choice, Float16Values values)
{
    private const string HalfSuffix = "_to_fp16";
    private const string SingleSuffix = "_to_fp32";
    private const string ComputedSuffix = "_cast_fp16"; // of an output of the function, whose own name is its cast's

    private readonly UniqueNames _names = new('_', 1);
    private HashSet<string> _outputs = [];
    private string _place = "";

    /// <summary>Rewrites a function.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="function">The function; changed.</param>
    /// <param name="block">The block that was judged; changed.</param>
    internal void Rewrite(string name, Function function, Block block)
    {
        _place = $"function {name}";
        _outputs = [.. block.Outputs];
        _names.Add(function.Inputs.Select(input => input.Name));
        CollectNames(block);
        HashSet<string> unread = Unread(block);
        VersionScope scope = new(null);
        Define(function.Inputs, scope);
        Rewrite(block, scope, isFunction: true);
        DropUnread(block, unread);
    }

    private void Rewrite(Block block, VersionScope scope, bool isFunction)
    {
        Operation[] operations = [.. block.Operations];
        block.Operations.Clear();
        foreach (Operation operation in operations)
        {
            if (choice.ConstantOf(operation) is { } constant)
            {
                AddConstant(operation, constant, scope, block);
            }
            else if (operation.Type == "cast")
            {
                AddCast(operation, scope, block);
            }
            else
            {
                AddOrdinary(operation, scope, block, isFunction);
            }
        }

        for (int i = 0; i < block.Outputs.Count; i++)
        {
            block.Outputs[i] = Named(block.Outputs[i], scope, block, asHalf: false);
        }
    }

    private void AddOrdinary(Operation operation, VersionScope scope, Block block, bool isFunction)
    {
        bool converted = choice.IsConverted(operation);
        foreach ((string input, Argument.Types.Binding binding) in Float16Choice.BindingsOf(operation))
        {
            bool asHalf = converted && !Float16Operations.StaysFloat32(operation.Type, input);
            if (binding.Value is null)
            {
                binding.Name = Named(binding.Name, scope, block, asHalf);
            }
            else if (asHalf && Float16Choice.IsFloat32(binding.Value.Type))
            {
                binding.Value = values.ToHalf(binding.Value, _place);
            }
        }

        foreach (Block inner in operation.Blocks)
        {
            VersionScope within = new(scope);
            Define(inner.Inputs, within);
            Rewrite(inner, within, isFunction: false);
        }

        block.Operations.Add(operation);
        foreach (NamedValueType output in operation.Outputs)
        {
            if (!converted || !Float16Choice.IsFloat32(output.Type))
            {
                scope.Define(output.Name, new Version(output.Type, output.Name, null));
                continue;
            }

            MilValueType was = output.Type;
            string name = output.Name;
            output.Type = Float16Values.ToHalf(was);
            if (isFunction && _outputs.Contains(name))
            {
                Rename(operation, output, _names.Take(name + ComputedSuffix));
                AddCast(output.Name, name, Float16Values.With(was, DataType.Float32), block);
                scope.Define(name, new Version(was, name, output.Name));
            }
            else
            {
                scope.Define(name, new Version(was, null, name));
            }
        }
    }

    // A cast that is there already: what it reads may have the type by now in which its result is wanted, and nothing may want it any more.
    private void AddCast(Operation operation, VersionScope scope, Block block)
    {
        Argument.Types.Binding? operand = operation.Inputs.TryGetValue("x", out Argument? argument) && argument.Arguments.Count == 1 ? argument.Arguments[0] : null;
        Version? source = operand is { Value: null } ? scope.Find(operand.Name) : null;
        foreach ((string input, Argument.Types.Binding binding) in Float16Choice.BindingsOf(operation).Where(entry => entry.Binding.Value is null))
        {
            binding.Name = scope.Find(binding.Name) is { } version ? version.Single ?? version.Half! : binding.Name;
        }

        block.Operations.Add(operation);
        NamedValueType output = operation.Outputs[0];
        bool fromHalf = source?.Type?.TensorType?.DataType == DataType.Float16;
        string? half = source is null ? null : fromHalf ? source.Half ?? source.Single : source.Half;
        scope.Define(output.Name, output.Type?.TensorType?.DataType switch
        {
            DataType.Float32 => new Version(output.Type, output.Name, half, source is null || source.WasSingle || fromHalf ? null : source.Single),
            DataType.Float16 => new Version(output.Type, output.Name, _outputs.Contains(output.Name) ? null : half),
            _ => new Version(output.Type, output.Name, null),
        });
    }

    private void AddConstant(Operation operation, ConstantSource constant, VersionScope scope, Block block)
    {
        string name = operation.Outputs[0].Name;
        Version version = new(operation.Outputs[0].Type, name, null);
        if (!constant.NeedsHalf)
        {
            block.Operations.Add(operation);
            DefineOutputs(operation, scope);
            return;
        }

        if (constant.NeedsSingle)
        {
            block.Operations.Add(operation);
        }

        // What a cast names is float16 already.
        if (operation.Type == ConstexprNames.Cast && Float16Choice.PartsOf(operation).First(part => part.Name == "source_val").Reference is { } stored)
        {
            scope.Define(name, version with { Single = constant.NeedsSingle ? name : null, Half = scope.Find(stored)?.Single ?? stored });
            return;
        }

        Operation half = HalfOf(operation, scope);
        if (constant.NeedsSingle && half.Outputs.Count > 1 && half.Attributes.ContainsKey("name"))
        {
            half.Attributes["name"] = ValueWriter.Text(_names.Take(name + HalfSuffix));
        }

        for (int i = 0; i < half.Outputs.Count; i++)
        {
            string was = operation.Outputs[i].Name;
            if (constant.NeedsSingle)
            {
                Rename(half, half.Outputs[i], _names.Take(was + HalfSuffix));
            }

            scope.Define(was, Float16Choice.IsFloat32(operation.Outputs[i].Type)
                ? new Version(operation.Outputs[i].Type, constant.NeedsSingle ? was : null, half.Outputs[i].Name)
                : new Version(operation.Outputs[i].Type, constant.NeedsSingle ? was : half.Outputs[i].Name, null));
        }

        block.Operations.Add(half);
    }

    // A weight that is stored as float16 and cast becomes what it is stored as; of every other one the float32 parts do.
    private Operation HalfOf(Operation operation, VersionScope scope)
    {
        Operation half = operation.Clone();
        foreach (NamedValueType output in half.Outputs.Where(output => Float16Choice.IsFloat32(output.Type)))
        {
            output.Type = Float16Values.ToHalf(output.Type);
        }

        if (operation.Type == ConstexprNames.Cast)
        {
            half.Type = "const";
            half.Inputs.Clear();
            half.Attributes.Remove("source_val");
            half.Attributes.Remove("output_dtype");
            half.Attributes.Add("val", Float16Choice.PartsOf(operation).First(part => part.Name == "source_val").Value!.Clone());
            return half;
        }

        foreach ((string attribute, Value value) in operation.Attributes.Where(entry => entry.Key is not ("name" or "zero_point") && Float16Choice.IsFloat32(entry.Value.Type)))
        {
            half.Attributes[attribute] = values.ToHalf(value, _place);
        }

        foreach ((_, Argument.Types.Binding binding) in Float16Choice.BindingsOf(half))
        {
            if (binding.Value is { } value)
            {
                binding.Value = Float16Choice.IsFloat32(value.Type) ? values.ToHalf(value, _place) : value;
            }
            else if (scope.Find(binding.Name) is { } version)
            {
                binding.Name = version.Half ?? version.Single ?? binding.Name;
            }
        }

        return half;
    }

    // The name by which an operation of the block reads a value, in float16 or in the type that it had.
    private string Named(string name, VersionScope scope, Block block, bool asHalf)
    {
        if (scope.Find(name) is not { } version)
        {
            return name;
        }

        if (!version.WasSingle)
        {
            return version.Type?.TensorType?.DataType == DataType.Float16 ? version.Half ?? version.Single ?? name : version.Single ?? name;
        }

        if ((asHalf ? version.Half : version.Single) is { } present)
        {
            return present;
        }

        string made = _names.Take(name + (asHalf ? HalfSuffix : SingleSuffix));
        AddCast((asHalf ? version.Source ?? version.Single : version.Half)!, made, asHalf ? Float16Values.ToHalf(version.Type!) : version.Type!.Clone(), block);
        scope.Define(name, asHalf ? version with { Half = made } : version with { Single = made });
        return made;
    }

    private void AddCast(string from, string to, MilValueType type, Block block)
    {
        string wanted = _names.Take(to + "_dtype_0");
        Value text = ValueWriter.Text(type.TensorType.DataType == DataType.Float16 ? "fp16" : "fp32");
        Operation dtype = new() { Type = "const" };
        dtype.Attributes.Add("name", ValueWriter.Text(wanted));
        dtype.Attributes.Add("val", text);
        dtype.Outputs.Add(new NamedValueType { Name = wanted, Type = text.Type.Clone() });
        Operation cast = new() { Type = "cast" };
        cast.Attributes.Add("name", ValueWriter.Text(to));
        cast.Inputs.Add("x", Reading(from));
        cast.Inputs.Add("dtype", Reading(wanted));
        cast.Outputs.Add(new NamedValueType { Name = to, Type = type });
        block.Operations.Add(dtype);
        block.Operations.Add(cast);
    }

    private static Argument Reading(string name)
    {
        Argument argument = new();
        argument.Arguments.Add(new Argument.Types.Binding { Name = name });
        return argument;
    }

    private static void Rename(Operation operation, NamedValueType output, string name)
    {
        output.Name = name;
        if (operation.Outputs is [NamedValueType only] && ReferenceEquals(only, output) && operation.Attributes.ContainsKey("name"))
        {
            operation.Attributes["name"] = ValueWriter.Text(name);
        }
    }

    private static void Define(IEnumerable<NamedValueType> inputs, VersionScope scope)
    {
        foreach (NamedValueType input in inputs)
        {
            scope.Define(input.Name, new Version(input.Type, input.Name, null));
        }
    }

    private static void DefineOutputs(Operation operation, VersionScope scope) => Define(operation.Outputs, scope);

    private void CollectNames(Block block)
    {
        _names.Add(block.Inputs.Select(input => input.Name));
        foreach (Operation operation in block.Operations)
        {
            _names.Add(operation.Outputs.Select(output => output.Name));
            foreach (Block inner in operation.Blocks)
            {
                CollectNames(inner);
            }
        }
    }

    // Casts and constants that nothing reads: those that nothing read before either are left.
    private static HashSet<string> Unread(Block block)
    {
        HashSet<string> read = new(StringComparer.Ordinal);
        HashSet<string> idle = new(StringComparer.Ordinal);
        Visit(block, read, idle);
        idle.ExceptWith(read);
        return idle;
    }

    private static void Visit(Block block, HashSet<string> read, HashSet<string> idle)
    {
        read.UnionWith(block.Outputs);
        foreach (Operation operation in block.Operations)
        {
            read.UnionWith(Float16Choice.BindingsOf(operation).Where(entry => entry.Binding.Value is null).Select(entry => entry.Binding.Name));
            if (operation.Type is "cast" or "const")
            {
                idle.Add(operation.Outputs[0].Name);
            }

            foreach (Block inner in operation.Blocks)
            {
                Visit(inner, read, idle);
            }
        }
    }

    private static void DropUnread(Block block, HashSet<string> before)
    {
        for (HashSet<string> idle = Unread(block); idle.Except(before).Any(); idle = Unread(block))
        {
            idle.ExceptWith(before);
            Drop(block, idle);
        }
    }

    private static void Drop(Block block, HashSet<string> idle)
    {
        for (int i = block.Operations.Count - 1; i >= 0; i--)
        {
            Operation operation = block.Operations[i];
            if (operation.Type is "cast" or "const" && idle.Contains(operation.Outputs[0].Name))
            {
                block.Operations.RemoveAt(i);
                continue;
            }

            foreach (Block inner in operation.Blocks)
            {
                Drop(inner, idle);
            }
        }
    }
}
