using System.Collections.Immutable;
using SweepCluster.Formats.CoreMl.Documents;
using SweepCluster.Formats.CoreMl.NeuralNetworks;
using SweepCluster.Formats.CoreMl.Packages;
using SweepCluster.Formats.CoreMl.Programs;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl;

/// <summary>Reads a Core ML model into a graph: an ML program, a neural network, or a pipeline of such.</summary>
internal static class CoreMlReader
{
    /// <summary>Reads a model.</summary>
    /// <exception cref="BadInputException">There is none, it breaks the format, or it is of a kind without weights.</exception>
    internal static Graph Read(string path) => Read(path, CoreMlDocument.Open);

    /// <summary>Reads a model that was written here a moment ago, whatever memory it takes.</summary>
    /// <exception cref="BadInputException">As <see cref="Read(string)"/>.</exception>
    internal static Graph ReadBack(string path) => Read(path, CoreMlDocument.OpenOwn);

    private static Graph Read(string path, Func<string, CoreMlDocument> open) => InOneLine(() => ReadDocument(open(path)));

    /// <summary>Reads something of a model. What a broken file has for a name does not break the line that tells of it.</summary>
    internal static Graph InOneLine(Func<Graph> read)
    {
        try
        {
            return read();
        }
        catch (BadInputException exception) when (OneLine.Short(exception.Message) != exception.Message)
        {
            throw new BadInputException(OneLine.Short(exception.Message), exception);
        }
    }

    /// <summary>Reads a model of a document.</summary>
    /// <exception cref="BadInputException">As <see cref="Read(string)"/>.</exception>
    internal static Graph ReadDocument(CoreMlDocument document)
    {
        ImmutableArray<ModelStage> stages = document.Stages;
        bool isPipeline = ModelStage.PipelineOf(document.Model) is not null;
        if (stages.IsEmpty || !stages.Any(stage => stage.Model.TypeCase == Model.TypeOneofCase.MlProgram || ModelKinds.IsNetwork(stage.Model)))
        {
            throw new BadInputException($"{document.Container.ModelPath}: found {Describe(document)}, expected an ML program, a neural network, or a pipeline with one of them.");
        }

        (string Name, StageGraph Graph)[] graphs = [.. stages.Select(stage => (stage.Name, ReadStage(stage, document.Container)))];
        PipelineComposer composer = new();
        StageGraph whole = isPipeline ? composer.Compose(document.Model.Description ?? new ModelDescription(), graphs) : graphs[0].Graph;
        ImmutableArray<StageOrigin> origins = [.. graphs.Select(stage => stage.Graph.Origin)];
        StageOrigin only = origins[0];
        return new Graph
        {
            Source = document.Container.Path,
            Inputs = whole.Inputs,
            Outputs = whole.Outputs,
            Nodes = whole.Nodes,
            Weights = whole.Weights,
            ClassLabels = whole.ClassLabels,
            Origin = new CoreMlOrigin(
                document, origins,
                isPipeline ? composer.Places : whole.Weights.ToDictionary(weight => weight.Name, weight => (only, weight.Name), StringComparer.Ordinal),
                Extras(document)),
            Facts = DocumentFacts.Of(document, origins),
            FormatDescription = ModelDescriptions.Of(document, origins),
        };
    }

    private static StageGraph ReadStage(ModelStage stage, ModelContainer container) =>
        stage.Model.TypeCase == Model.TypeOneofCase.MlProgram ? ProgramStage.Read(stage, container)
        : ModelKinds.IsNetwork(stage.Model) ? NetworkReader.Read(stage, container.ModelPath)
        : OtherStage.Read(stage, container.ModelPath);

    private static string Describe(CoreMlDocument document) => ModelStage.PipelineOf(document.Model) is null
        ? ModelKinds.WithArticle(document.Model)
        : $"a pipeline {(document.Stages.IsEmpty ? "without stages" : $"of {string.Join(", ", document.Stages.Select(stage => ModelKinds.WithArticle(stage.Model)))}")}";

    // Values that the graph does not show (other functions, attributes) must lie in the package too.
    private static IReadOnlyList<PackageExtra> Extras(CoreMlDocument document)
    {
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (ModelStage stage in document.Stages.Where(stage => stage.Model.TypeCase == Model.TypeOneofCase.MlProgram))
        {
            new ProgramValues(value =>
            {
                if (value.BlobFileValue is { } reference)
                {
                    names.Add(reference.FileName);
                    document.Container.BlobFile(reference.FileName, "a value of the program").Read(reference.Offset, "a value of the program");
                }
            }).Visit(stage.Model.MlProgram);
        }

        return document.Container.Extras(names);
    }
}
