using SweepCluster.Formats.CoreMl.Documents;
using SweepCluster.Formats.CoreMl.Float16;
using SweepCluster.Formats.CoreMl.Limits;
using SweepCluster.Formats.CoreMl.NeuralNetworks;
using SweepCluster.Formats.CoreMl.Packages;
using SweepCluster.Formats.CoreMl.Skeletons;
using SweepCluster.Formats.CoreMl.Writing;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.CoreMl;

/// <summary>Core ML models: ML programs, neural networks and pipelines of them, in packages (<c>.mlpackage</c>: a folder of a manifest, a protobuf model and weight files) or in one file (<c>.mlmodel</c>).</summary>
public sealed class CoreMlFormat : IModelFormat
{
    /// <inheritdoc/>
    public string Name => "Core ML model";

    /// <inheritdoc/>
    public bool Recognizes(string path) =>
        CoreMlDocument.HasExtension(path, CoreMlDocument.PackageExtension) || CoreMlDocument.HasExtension(path, CoreMlDocument.FileExtension)
        || CoreMlDocument.HasExtension(path, CoreMlDocument.CompiledExtension)
        || (Directory.Exists(path) ? File.Exists(Path.Combine(path, PackageManifest.FileName)) : SingleFile.LooksLikeModel(path));

    /// <inheritdoc/>
    public Graph Read(string path) => CoreMlReader.Read(path);

    /// <inheritdoc/>
    public ModelTarget ResolveTarget(Graph graph, string? requested) => TargetResolution.Resolve(OriginOf(graph), graph.Source, requested);

    /// <inheritdoc/>
    public string? Refuses(Scheme scheme, ModelTarget target) => SchemeSupport.Refuses(scheme, CoreMlTarget.Of(target));

    /// <inheritdoc/>
    public string? Refuses(Graph graph, Weight weight, Scheme scheme, ModelTarget target) =>
        NetworkLayers.Find(OriginOf(graph), weight.Name) is { } place ? NetworkSupport.Refuses(place.Layer, place.Slot, scheme)
        : scheme is not UntouchedScheme && OriginOf(graph).Document.Container is SingleFile ? "an ML program in one file has no weight file, a package has room for one"
        : null;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, CompressedWeight> Complete(Graph graph, IReadOnlyDictionary<string, CompressedWeight> replacements, ModelTarget target) =>
        LayerPrecision.Complete(graph, OriginOf(graph), replacements);

    /// <inheritdoc/>
    /// <remarks>Exact, and without copying a weight. Takes time proportional to the program, not to its weights.</remarks>
    public long Measure(Graph graph, IReadOnlyDictionary<string, CompressedWeight> replacements, ModelTarget target)
    {
        EditedModel edited = EditedModel.Of(graph, replacements, target);
        if (edited.Origin.Document.Container is PackageContent package)
        {
            return WritePlanner.Plan(edited, package).SizeBytes;
        }

        edited.CheckNoWeightFile();
        return MessageOf(edited).Length;
    }

    /// <inheritdoc/>
    public string? Warns(Graph graph, IReadOnlyDictionary<string, CompressedWeight> replacements, ModelTarget target)
    {
        EditedModel edited = EditedModel.Of(graph, replacements, target);
        if (edited.Origin.Document.Container is not PackageContent package || !edited.Programs.Any())
        {
            return null; // a network is no larger in memory than its file allows
        }

        WritePlan plan = WritePlanner.Plan(edited, package);
        return ModelParser.Refuses(plan.Model, plan.SizeBytes) is { } reason ? $"the result is checked as any, but no command will read it again: {reason}" : null;
    }

    /// <inheritdoc/>
    /// <remarks>Equal content gives equal bytes: the manifest's identifiers are derived from the content, and maps are written by key.</remarks>
    public void Write(Graph graph, IReadOnlyDictionary<string, CompressedWeight> replacements, ModelTarget target, string path, CancellationToken cancellationToken)
    {
        EditedModel edited = EditedModel.Of(graph, replacements, target);
        if (edited.Origin.Document.Container is PackageContent package)
        {
            CoreMlPackageWriter.Write(WritePlanner.Plan(edited, package), path, cancellationToken);
        }
        else
        {
            edited.CheckNoWeightFile();
            ModelFileWriter.Write(MessageOf(edited), path, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public Float16Program ToFloat16(Graph graph, Func<CompressedWeight, CompressedWeight>? keep) => Float16Conversion.Convert(graph, OriginOf(graph), keep);

    private static ModelMessage MessageOf(EditedModel edited) => new ModelMessage(edited.Model).Checked(edited.Origin.Document.Container.Path);

    private static CoreMlOrigin OriginOf(Graph graph) =>
        graph.Origin as CoreMlOrigin ?? throw new ArgumentException($"{graph.Source} was not read from a Core ML model.", nameof(graph));
}
