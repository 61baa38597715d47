using System.Collections.Immutable;
using SweepCluster.Formats.CoreMl.Blobs;
using SweepCluster.Formats.CoreMl.Constexprs;
using SweepCluster.Formats.CoreMl.Packages;
using SweepCluster.Formats.CoreMl.Programs;
using SweepCluster.Formats.CoreMl.Writing;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.CoreMl;

/// <summary>ML programs in Core ML packages (<c>.mlpackage</c>): a folder of a manifest, a protobuf model and weight files in blob storage version 2.</summary>
public sealed class CoreMlPackageFormat : IModelFormat
{
    private const string Extension = ".mlpackage";

    /// <inheritdoc/>
    public string Name => "Core ML package";

    /// <inheritdoc/>
    public bool Recognizes(string path) =>
        Directory.Exists(path)
            ? File.Exists(Path.Combine(path, PackageManifest.FileName)) || HasExtension(path)
            : HasExtension(path);

    /// <inheritdoc/>
    public Graph Read(string path) => CoreMlPackageReader.Read(path);

    /// <inheritdoc/>
    public ModelTarget ResolveTarget(Graph graph, string? requested)
    {
        if (graph.Origin is not CoreMlOrigin origin)
        {
            throw new ArgumentException($"{graph.Source} was not read from a Core ML package.", nameof(graph));
        }

        string own = CoreMlTargets.NameOf(origin.Level);
        int level = requested is null ? Math.Max(origin.Level, CoreMlTargets.IOS16)
            : CoreMlTargets.LevelOf(requested) is int asked and >= CoreMlTargets.IOS16 ? asked
            : throw new BadInputException($"target: found '{requested}', expected one of {CoreMlTargets.Writable}.");
        if (level < origin.Level)
        {
            throw new BadInputException($"target: found '{requested}' for {graph.Source}, which needs {own}; expected {own} or later.");
        }

        string? notice = null;
        if (level > origin.Level)
        {
            ImmutableArray<string> unproven = new OpsetRaise(level, new ValueReader(origin.Content), origin.Content.ModelPath).Check(origin.Model);
            notice = $"raised from {own} to {CoreMlTargets.NameOf(level)}"
                + (origin.Level < CoreMlTargets.IOS16 && requested is null ? $", because {own} has no compressed weights" : "")
                + (unproven.IsEmpty ? "" : $"; indices computed for {string.Join(", ", unproven)} must not be negative there");
        }

        return new ModelTarget(CoreMlTargets.NameOf(level), CoreMlTargets.ArithmeticOf(level), notice);
    }

    /// <inheritdoc/>
    public string? Refuses(Scheme scheme, ModelTarget target) => SchemeSupport.Refuses(scheme, target);

    /// <inheritdoc/>
    /// <remarks>For each tensor a record of 64 bytes, and its bytes up to the next multiple of 64; behind the last tensor of a file nothing is filled up. Tensors of fewer than 10 elements stand in the
    /// program and take none here.</remarks>
    /// <exception cref="ArgumentException">The target has no operation for the form.</exception>
    public long WeightBytes(CompressedWeight stored, ModelTarget target) => ConstexprForm.Of(stored, CoreMlTargets.LevelOf(target)).Tensors()
        .Where(ValueWriter.GoesToFile)
        .Sum(data => BlobFormat.RecordBytes + BlobFormat.Align(data.Bytes.Length));

    /// <inheritdoc/>
    /// <remarks>Exact, and without copying a weight. Takes time proportional to the program, not to its weights.</remarks>
    public long Measure(Graph graph, IReadOnlyDictionary<string, CompressedWeight> replacements, ModelTarget target) =>
        WritePlanner.Plan(graph, replacements, target).SizeBytes;

    /// <inheritdoc/>
    /// <remarks>Equal content gives equal bytes: the manifest's identifiers are derived from the content, and maps are written by key.</remarks>
    public void Write(Graph graph, IReadOnlyDictionary<string, CompressedWeight> replacements, ModelTarget target, string path, CancellationToken cancellationToken) =>
        CoreMlPackageWriter.Write(WritePlanner.Plan(graph, replacements, target), path, cancellationToken);

    private static bool HasExtension(string path) =>
        string.Equals(Path.GetExtension(path.TrimEnd('/', Path.DirectorySeparatorChar)), Extension, StringComparison.OrdinalIgnoreCase);
}
