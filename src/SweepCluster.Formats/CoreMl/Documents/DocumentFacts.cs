using System.Collections.Immutable;
using System.Globalization;
using SweepCluster.Formats.CoreMl.NeuralNetworks;
using SweepCluster.Formats.CoreMl.Programs;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.Documents;

/// <summary>What a model says of itself beside its operations and weights.</summary>
internal static class DocumentFacts
{
    /// <summary>The facts of a model.</summary>
    /// <param name="document">The model.</param>
    /// <param name="stages">What was read of its stages.</param>
    internal static ModelFacts Of(CoreMlDocument document, ImmutableArray<StageOrigin> stages)
    {
        ModelStage[] programs = [.. document.Stages.Where(stage => stage.Model.TypeCase == Model.TypeOneofCase.MlProgram)];
        Function[] mains = [.. programs.Select(MainOf).OfType<Function>()];
        return new ModelFacts
        {
            Kind = ModelKinds.NameOf(document.Model),
            Container = document.Container is SingleFile ? "file" : "package",
            Extension = document.Container is SingleFile ? CoreMlDocument.FileExtension : CoreMlDocument.PackageExtension,
            SpecificationVersion = document.Model.SpecificationVersion,
            OperationSet = mains.Length == 0 ? null : string.Join(", ", mains.Select(main => main.Opset).Distinct(StringComparer.Ordinal)),
            Target = CoreMlTarget.Own(document, stages).System,
            Functions = Functions(programs, document),
            States = [.. mains.SelectMany(main => main.Inputs).Where(input => input.Type?.StateType is not null).Select(StateOf)],
            Stages = ModelStage.PipelineOf(document.Model) is null ? [] : [.. document.Stages.Select(stage => $"{stage.Name}: {ModelKinds.NameOf(stage.Model)}")],
            Preprocessing = [.. document.Stages.SelectMany(stage => NetworkView.Of(stage.Model)?.Preprocessing ?? []).Select(StepOf)],
            Metadata = MetadataOf(document.Model.Description?.Metadata),
        };
    }

    private static Function? MainOf(ModelStage program) => program.Model.MlProgram.Functions.TryGetValue(ProgramStage.MainOf(program.Model), out Function? main) ? main : null;

    // Every program's main function, then the others. Of several programs a function is called as its weights are: by its stage, too.
    private static ImmutableArray<FunctionFacts> Functions(ModelStage[] programs, CoreMlDocument document)
    {
        UniqueNames names = new(); // stages may have one name
        ImmutableArray<FunctionFacts>.Builder functions = ImmutableArray.CreateBuilder<FunctionFacts>();
        foreach ((ModelStage stage, string name, Function function, bool isMain) in programs
            .SelectMany(stage => stage.Model.MlProgram.Functions.Select(entry => (Stage: stage, Name: entry.Key, Function: entry.Value, IsMain: entry.Key == ProgramStage.MainOf(stage.Model))))
            .OrderBy(entry => !entry.IsMain).ThenBy(entry => Array.IndexOf(programs, entry.Stage)).ThenBy(entry => entry.Name, StringComparer.Ordinal))
        {
            functions.Add(new FunctionFacts(names.Take(programs.Length == 1 ? name : $"{stage.Name}/{name}"), function.Opset, isMain, new Lazy<Graph>(() => CoreMlReader.InOneLine(() => Read(stage, document, name)))));
        }

        return functions.ToImmutable();
    }

    private static Graph Read(ModelStage stage, CoreMlDocument document, string function)
    {
        StageGraph graph = ProgramStage.Read(stage, document.Container, function);
        return new Graph
        {
            Source = document.Container.Path,
            Inputs = graph.Inputs,
            Outputs = graph.Outputs,
            Nodes = graph.Nodes,
            Weights = graph.Weights,
            ClassLabels = graph.ClassLabels,
            FormatDescription = $"function {function}",
        };
    }

    private static string StepOf(NeuralNetworkPreprocessing step) => OneLine.Of(step switch
    {
        { Scaler: { } scaler } => string.Create(CultureInfo.InvariantCulture,
            $"{step.FeatureName}: scale {scaler.ChannelScale}, bias red {scaler.RedBias}, green {scaler.GreenBias}, blue {scaler.BlueBias}, grayscale {scaler.GrayBias}"),
        { MeanImage: { } mean } => $"{step.FeatureName}: a mean picture of {mean.MeanImage.Count} values is subtracted",
        _ => $"{step.FeatureName}: nothing",
    });

    // What is not said is not listed.
    private static ImmutableSortedDictionary<string, string> MetadataOf(Metadata? metadata)
    {
        if (metadata is null)
        {
            return ImmutableSortedDictionary<string, string>.Empty;
        }

        (string Name, string Text)[] said =
        [
            ("author", metadata.Author), ("description", metadata.ShortDescription), ("licence", metadata.License), ("version", metadata.VersionString),
            .. metadata.UserDefined.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => (entry.Key, entry.Value)),
        ];
        return said.Where(entry => entry.Text.Length > 0).GroupBy(entry => OneLine.Of(entry.Name), StringComparer.Ordinal)
            .ToImmutableSortedDictionary(group => group.Key, group => OneLine.Of(group.First().Text), StringComparer.Ordinal);
    }

    private static ValueInfo StateOf(NamedValueType input) =>
        MilTypes.ToValueInfo(new NamedValueType { Name = input.Name, Type = input.Type.StateType.WrappedType }, $"state '{input.Name}'");
}
