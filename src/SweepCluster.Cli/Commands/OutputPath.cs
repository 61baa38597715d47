using SweepCluster.Graphs;

namespace SweepCluster.Cli.Commands;

/// <summary>Holds where a model is written to what the model is: a package and a single file have different names, and neither becomes the other.</summary>
internal static class OutputPath
{
    private const string Package = ".mlpackage";
    private const string SingleFile = ".mlmodel";

    /// <summary>Checks a path before any work begins.</summary>
    /// <param name="path">Where to write.</param>
    /// <param name="graph">What will be written.</param>
    /// <exception cref="BadInputException">Its extension is not that of the model's kind, or something is there.</exception>
    internal static void Check(string path, Graph graph)
    {
        if (Path.Exists(path))
        {
            throw new BadInputException($"{path}: found something that exists, expected a new path.");
        }

        string found = Path.GetExtension(Path.TrimEndingDirectorySeparator(path));
        if (graph.Facts is not { } facts || string.Equals(found, ExtensionOf(facts), StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        string what = found.Length == 0 ? "no extension" : $"the extension '{found}'";
        throw new BadInputException($"{path}: found {what}, expected '{ExtensionOf(facts)}': {graph.Source} is {Article(facts.Kind)} {facts.Kind} in a {facts.Container}, and so is what is made of it.");
    }

    /// <summary>Checks the path of what is made of a sweep's model: it must end as the model's own does.</summary>
    /// <param name="path">Where to write.</param>
    /// <param name="modelName">File name of the sweep's model.</param>
    /// <exception cref="BadInputException">It ends otherwise.</exception>
    internal static void CheckLike(string path, string modelName)
    {
        string expected = Path.GetExtension(modelName), found = Path.GetExtension(Path.TrimEndingDirectorySeparator(path));
        if (expected is Package or SingleFile && !string.Equals(found, expected, StringComparison.OrdinalIgnoreCase))
        {
            throw new BadInputException($"{path}: found {(found.Length == 0 ? "no extension" : $"the extension '{found}'")}, expected '{expected}', as the sweep's model {modelName} has.");
        }
    }

    /// <summary>The target that a model has as it is, for writes that need no newer one; null where it has several.</summary>
    internal static string? OwnTarget(Graph graph) => graph.Facts is { Stages.IsEmpty: true } facts ? facts.Target : null;

    private static string ExtensionOf(ModelFacts facts) => facts.Container == "file" ? SingleFile : Package;

    private static string Article(string kind) => "aeioM".Contains(kind[0], StringComparison.Ordinal) ? "an" : "a";
}
