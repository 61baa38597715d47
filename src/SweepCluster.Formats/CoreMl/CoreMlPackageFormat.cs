using SweepCluster.Formats.CoreMl.Packages;
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
    public ModelTarget ResolveTarget(Graph graph, string? requested) => throw new NotSupportedException();

    /// <inheritdoc/>
    public string? Refuses(Scheme scheme, ModelTarget target) => throw new NotSupportedException();

    /// <inheritdoc/>
    public long Measure(Graph graph, IReadOnlyDictionary<string, CompressedWeight> replacements, ModelTarget target) => throw new NotSupportedException();

    /// <inheritdoc/>
    public void Write(Graph graph, IReadOnlyDictionary<string, CompressedWeight> replacements, ModelTarget target, string path) => throw new NotSupportedException();

    private static bool HasExtension(string path) =>
        string.Equals(Path.GetExtension(path.TrimEnd('/', Path.DirectorySeparatorChar)), Extension, StringComparison.OrdinalIgnoreCase);
}
