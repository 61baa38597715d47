using SweepCluster.Formats;
using SweepCluster.Formats.Files;
using SweepCluster.Graphs;

namespace SweepCluster.Cli.Commands;

/// <summary>Holds where a model is written to what the model is: a package and a single file have different names, and neither becomes the other.</summary>
internal static class OutputPath
{
    /// <summary>Checks a path before any work begins.</summary>
    /// <param name="path">Where to write.</param>
    /// <param name="graph">What will be written.</param>
    /// <exception cref="BadInputException">Its extension is not that of the model's kind, something is there, or it lies inside the model or another package.</exception>
    internal static void Check(string path, Graph graph)
    {
        NewPath.Check(path);
        string source = Path.GetFullPath(graph.Source).TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar;
        if (Path.GetFullPath(path).StartsWith(source, StringComparison.Ordinal))
        {
            throw new BadInputException($"{path}: found a path inside the model {graph.Source}, expected one outside it.");
        }

        if (PackageAround(path) is { } package)
        {
            throw new BadInputException($"{path}: found a path inside the package {package}, expected one outside it.");
        }

        string found = Path.GetExtension(Path.TrimEndingDirectorySeparator(path));
        if (graph.Facts is not { } facts || string.Equals(found, facts.Extension, StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        string what = found.Length == 0 ? "no extension" : $"the extension '{found}'";
        throw new BadInputException($"{path}: found {what}, expected '{facts.Extension}': {graph.Source} is {Article(facts.Kind)} {facts.Kind} in a {facts.Container}, and so is what is made of it.");
    }

    private static string? PackageAround(string path)
    {
        string? above = Path.GetDirectoryName(Path.GetFullPath(path));
        while (above is not null && !(ModelFormats.ExtensionOf(above).Length > 0 && Directory.Exists(above)))
        {
            above = Path.GetDirectoryName(above);
        }

        return above;
    }

    /// <summary>The target that a model has as it is, for writes that need no newer one; null where it has several.</summary>
    internal static string? OwnTarget(Graph graph) => graph.Facts is { Stages.IsEmpty: true } facts ? facts.Target : null;

    private static string Article(string kind) => "aeioM".Contains(kind[0], StringComparison.Ordinal) ? "an" : "a"; // an ML program
}
