using System.Collections.Immutable;
using SweepCluster.Formats.CoreMl.Constexprs;
using SweepCluster.Formats.CoreMl.Programs;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.Writing;

/// <summary>Raises a program to a newer operation set: names it, and rewrites compressed weights whose operations changed.</summary>
/// <remarks>Source of the changes: coremltools' operation definitions by deployment target. iOS 17 replaced the operands of <c>crop_resize</c> and
/// <c>non_maximum_suppression</c> and takes no negative indices in <c>gather</c> and <c>scatter</c>; iOS 18 moved operands of
/// <c>constexpr_lut_to_dense</c>, <c>constexpr_sparse_to_dense</c> and <c>constexpr_cast</c> from attributes to inputs. The other changes only add.</remarks>
/// <param name="level">The level to raise to.</param>
/// <param name="constants">Reads constants.</param>
/// <param name="path">The model file, for messages.</param>
internal sealed class OpsetRaise(int level, ValueReader constants, string path)
{
    private static readonly ImmutableHashSet<string> s_replaced = ["crop_resize", "non_maximum_suppression"];
    private static readonly ImmutableHashSet<string> s_indexed = ["gather", "gather_along_axis", "gather_nd", "scatter", "scatter_along_axis", "scatter_nd"];

    private readonly ImmutableArray<string>.Builder _unproven = ImmutableArray.CreateBuilder<string>();

    /// <summary>Checks that raising keeps the program's meaning.</summary>
    /// <returns>Operations whose computed indices must not be negative from then on, by name.</returns>
    /// <exception cref="BadInputException">An operation would change its meaning; names it.</exception>
    internal ImmutableArray<string> Check(Model model)
    {
        foreach ((string name, Function function) in Below(model))
        {
            if (function.BlockSpecializations.ContainsKey(CoreMlTargets.OpsetOf(level)))
            {
                throw new BadInputException(
                    $"{path}, function {name}: found blocks for {function.Opset} and {CoreMlTargets.OpsetOf(level)}, "
                    + $"expected one block to raise to {CoreMlTargets.NameOf(level)}.");
            }

            if (level >= CoreMlTargets.IOS17 && CoreMlTargets.LevelOfOpset(function.Opset) < CoreMlTargets.IOS17)
            {
                Check(function.BlockSpecializations[function.Opset], new Scope(null), $"function {name}");
            }
        }

        return _unproven.ToImmutable();
    }

    /// <summary>Raises every function below the level, and the model's specification version.</summary>
    /// <param name="model">The model; changed.</param>
    /// <param name="operations">Makes operations of the level.</param>
    internal void Apply(Model model, ConstexprWriter operations)
    {
        foreach ((string name, Function function) in Below(model))
        {
            Block block = function.BlockSpecializations[function.Opset];
            function.BlockSpecializations.Remove(function.Opset);
            function.Opset = CoreMlTargets.OpsetOf(level);
            function.BlockSpecializations.Add(function.Opset, block);
            if (level >= CoreMlTargets.IOS18)
            {
                Modernize(block, operations, $"function {name}");
            }
        }

        model.SpecificationVersion = Math.Max(model.SpecificationVersion, CoreMlTargets.SpecificationOf(level));
    }

    private KeyValuePair<string, Function>[] Below(Model model) =>
    [
        .. model.MlProgram.Functions
            .Where(function => CoreMlTargets.LevelOfOpset(function.Value.Opset) < level && function.Value.BlockSpecializations.ContainsKey(function.Value.Opset))
            .OrderBy(function => function.Key, StringComparer.Ordinal),
    ];

    private void Check(Block block, Scope scope, string place)
    {
        for (int index = 0; index < block.Operations.Count; index++)
        {
            Operation operation = block.Operations[index];
            string name = operation.Outputs.Count > 0 ? operation.Outputs[0].Name : "";
            string here = $"{place}, operation {index}";
            if (s_replaced.Contains(operation.Type))
            {
                throw new BadInputException(
                    $"{path}, {here} ({operation.Type} '{name}'): found an operation that takes other operands from iOS17 on, "
                    + $"expected none in a model to raise to {CoreMlTargets.NameOf(level)}.");
            }

            if (operation.Type == "const" && operation.Attributes.TryGetValue("val", out Value? value)
                && value.Type?.TensorType?.DataType is DataType.Int32 or DataType.Int16)
            {
                scope.Define(name, new Definition.Known(constants.Read(value, here)));
            }

            if (s_indexed.Contains(operation.Type) && operation.Inputs.TryGetValue("indices", out Argument? indices))
            {
                CheckIndices(indices, operation, scope, here);
            }

            foreach (Block inner in operation.Blocks)
            {
                Check(inner, new Scope(scope), here);
            }
        }
    }

    private void CheckIndices(Argument indices, Operation operation, Scope scope, string place)
    {
        string name = operation.Outputs.Count > 0 ? operation.Outputs[0].Name : place;
        foreach (Argument.Types.Binding binding in indices.Arguments)
        {
            Operand? known = binding.Value is { } value ? constants.Read(value, place) : (scope.Find(binding.Name) as Definition.Known)?.Operand;
            if (known is Operand.Constant { Data.Type: ElementType.Int32 or ElementType.Int16 } constant)
            {
                if (constant.Data.ToInt32().Any(index => index < 0))
                {
                    throw new BadInputException(
                        $"{path}, {place} ({operation.Type} '{name}'): found negative indices, expected none in a model to raise to {CoreMlTargets.NameOf(level)}.");
                }
            }
            else if (known is null)
            {
                _unproven.Add(name);
            }
        }
    }

    private void Modernize(Block block, ConstexprWriter operations, string place)
    {
        for (int index = 0; index < block.Operations.Count; index++)
        {
            Operation operation = block.Operations[index];
            foreach (Block inner in operation.Blocks)
            {
                Modernize(inner, operations, $"{place}, operation {index}");
            }

            if (operation.Type is ConstexprNames.LutToDense or ConstexprNames.SparseToDense or ConstexprNames.Cast && operation.Inputs.Count == 0)
            {
                string here = $"{place}, operation {index} ({operation.Type})";
                ConstexprValue stored = new ConstexprReader(operation, $"{path}, {here}", here, constants, new Scope(null)).Read()![0];
                block.Operations[index] = operations.Make(stored.Stored!, operation.Outputs[0].Name, ConstexprWriter.SourcesOf(operation), (name, _) => name).Single(); // older forms take one
            }
        }
    }
}
