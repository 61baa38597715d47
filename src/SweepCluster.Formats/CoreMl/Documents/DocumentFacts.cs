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
        bool isPipeline = ModelStage.PipelineOf(document.Model) is not null;
        ModelStage? program = document.Stages.FirstOrDefault(stage => stage.Model.TypeCase == Model.TypeOneofCase.MlProgram);
        Function? main = program is not null && program.Model.MlProgram.Functions.TryGetValue(ProgramStage.MainOf(program.Model), out Function? found) ? found : null;
        return new ModelFacts
        {
            Kind = ModelKinds.NameOf(document.Model),
            Container = document.Container is SingleFile ? "file" : "package",
            Extension = document.Container is SingleFile ? CoreMlDocument.FileExtension : CoreMlDocument.PackageExtension,
            SpecificationVersion = document.Model.SpecificationVersion,
            OperationSet = main?.Opset,
            Target = CoreMlTarget.Own(stages) is { Level: int level } own ? own.Networks is null ? CoreMlTargets.NameOf(level) : own.Name : NetworkTargets.NameOf(document.Model.SpecificationVersion),
            Functions = program is null ? [] : Functions(program, document),
            States = main is null ? [] : [.. main.Inputs.Where(input => input.Type?.StateType is not null).Select(StateOf)],
            Stages = isPipeline ? [.. document.Stages.Select(stage => $"{stage.Name}: {ModelKinds.NameOf(stage.Model)}")] : [],
            Preprocessing = [.. document.Stages.SelectMany(stage => NetworkView.Of(stage.Model)?.Preprocessing ?? []).Select(StepOf)],
            Metadata = MetadataOf(document.Model.Description?.Metadata),
        };
    }

    private static ImmutableArray<FunctionFacts> Functions(ModelStage stage, CoreMlDocument document)
    {
        string main = ProgramStage.MainOf(stage.Model);
        return
        [
            .. stage.Model.MlProgram.Functions.OrderBy(entry => entry.Key != main).ThenBy(entry => entry.Key, StringComparer.Ordinal)
                .Select(entry => new FunctionFacts(entry.Key, entry.Value.Opset, new Lazy<Graph>(() => Read(stage, document, entry.Key)))),
        ];
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

    private static string StepOf(NeuralNetworkPreprocessing step) => OneLine(step switch
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
        return said.Where(entry => entry.Text.Length > 0).GroupBy(entry => OneLine(entry.Name), StringComparer.Ordinal)
            .ToImmutableSortedDictionary(group => group.Key, group => OneLine(group.First().Text), StringComparer.Ordinal);
    }

    private static string OneLine(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));

    private static ValueInfo StateOf(NamedValueType input) =>
        MilTypes.ToValueInfo(new NamedValueType { Name = input.Name, Type = input.Type.StateType.WrappedType }, $"state '{input.Name}'");
}
