using System.Collections.Immutable;
using SweepCluster.Formats.CoreMl.Limits;
using SweepCluster.Formats.CoreMl.Packages;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Formats.Files;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.Documents;

/// <summary>A Core ML model as it lies on disk: what holds it, and its message.</summary>
/// <param name="Container">What holds it.</param>
/// <param name="Model">The model file's message.</param>
internal sealed record CoreMlDocument(ModelContainer Container, Model Model)
{
    internal const string FileExtension = ".mlmodel";
    internal const string PackageExtension = ".mlpackage";
    internal const string CompiledExtension = ".mlmodelc";

    /// <summary>The models that are no pipeline, in the order in which they run.</summary>
    internal ImmutableArray<ModelStage> Stages { get; } = [.. ModelStage.Of(Model)];

    /// <summary>Opens a model.</summary>
    /// <exception cref="BadInputException">There is none, or it is broken.</exception>
    internal static CoreMlDocument Open(string path) => Open(path, container => ModelParser.Parse(container.ModelPath, container.SizeBytes));

    /// <summary>Opens a model that was written here a moment ago, to compare it: what was in memory once may be there again.</summary>
    /// <exception cref="BadInputException">There is none, or it is broken.</exception>
    internal static CoreMlDocument OpenOwn(string path) => Open(path, container => ModelParser.ParseOwn(container.ModelPath));

    private static CoreMlDocument Open(string path, Func<ModelContainer, (Model Model, FileBytes? Weights)> parse)
    {
        if (HasExtension(path, CompiledExtension))
        {
            throw new BadInputException($"{path}: found a compiled model, expected the model that it was compiled from ({FileExtension} or {PackageExtension}).");
        }

        bool isFile = !HasExtension(path, PackageExtension) && (File.Exists(path) || HasExtension(path, FileExtension));
        ModelContainer container = isFile ? new SingleFile(path) : new PackageContent(path);
        (Model model, FileBytes? weights) = parse(container);
        container.Keep(weights);
        return new CoreMlDocument(container, model);
    }

    /// <summary>The extension of a model's name where it is one that tells the kinds apart, else nothing.</summary>
    internal static string ExtensionOf(string name) =>
        HasExtension(name, FileExtension) ? FileExtension : HasExtension(name, PackageExtension) ? PackageExtension : string.Empty;

    /// <summary>Parses a model file.</summary>
    /// <exception cref="BadInputException">It cannot be read, or is no protobuf message.</exception>
    internal static Model Parse(string path) => ModelParser.Parse(path, 0).Model;

    /// <summary>Whether a path, of a file or a folder, ends in an extension.</summary>
    internal static bool HasExtension(string path, string extension) =>
        string.Equals(Path.GetExtension(path.TrimEnd('/', Path.DirectorySeparatorChar)), extension, StringComparison.OrdinalIgnoreCase);
}
