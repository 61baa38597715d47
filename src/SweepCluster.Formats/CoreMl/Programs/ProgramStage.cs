using System.Collections.Immutable;
using SweepCluster.Formats.CoreMl.Documents;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.CoreMl.Programs;

/// <summary>Reads an ML program as a stage of a model.</summary>
internal static class ProgramStage
{
    private const string DefaultFunction = "main";

    /// <summary>Name of the main function of a model's program.</summary>
    internal static string MainOf(Model model) => model.Description?.DefaultFunctionName is { Length: > 0 } chosen ? chosen
        : model.MlProgram.Functions.Count == 1 ? model.MlProgram.Functions.Keys.Single()
        : DefaultFunction;

    /// <summary>Reads a stage.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="container">What holds its weight files.</param>
    /// <param name="name">The function to show; null for the main one.</param>
    /// <exception cref="BadInputException">The program breaks the format.</exception>
    internal static StageGraph Read(ModelStage stage, ModelContainer container, string? name = null)
    {
        Model model = stage.Model;
        Program program = model.MlProgram;
        string place = stage.PlaceIn(container.ModelPath);
        name ??= MainOf(model);
        if (!program.Functions.TryGetValue(name, out Function? function))
        {
            throw new BadInputException($"{place}: found no function '{name}', expected the model's main function.");
        }

        if (!function.BlockSpecializations.TryGetValue(function.Opset, out Block? block))
        {
            throw new BadInputException($"{place}, function {name}: found no block for operation set '{function.Opset}', expected one.");
        }

        int level = CoreMlTargets.LevelOfOpset(function.Opset)
            ?? throw new BadInputException($"{place}, function {name}: found operation set '{function.Opset}', expected CoreML3 to CoreML9.");
        ProgramReader reader = new(container);
        (ImmutableArray<Node> nodes, ImmutableArray<Weight> weights) = reader.Read(program, name);
        return new StageGraph(
            Inputs(model, name, function, place), [.. block.Outputs], nodes, weights, reader.ClassLabels, new StageOrigin.OfProgram(stage.Path, name, level, reader.Sites));
    }

    // In the order of the model's description, which is the one that people see.
    private static ImmutableArray<GraphInput> Inputs(Model model, string name, Function function, string place)
    {
        IReadOnlyList<FeatureDescription> described = model.Description?.Functions.FirstOrDefault(candidate => candidate.Name == name)?.Input
            ?? model.Description?.Input ?? [];
        Dictionary<string, (int Order, FeatureDescription Feature)> byName = new(StringComparer.Ordinal);
        foreach (FeatureDescription feature in described)
        {
            byName.TryAdd(feature.Name, (byName.Count, feature));
        }

        return
        [
            .. function.Inputs
                .OrderBy(input => byName.TryGetValue(input.Name, out (int Order, FeatureDescription Feature) found) ? found.Order : int.MaxValue)
                .Select(input => new GraphInput(
                    MilTypes.ToValueInfo(input, $"{place}, function {name}, input '{input.Name}'"),
                    PictureInputs.Of(byName.GetValueOrDefault(input.Name).Feature?.Type?.ImageType, $"{place}, input '{input.Name}'"))),
        ];
    }
}
