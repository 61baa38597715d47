using SweepCluster.Formats.CoreMl;
using SweepCluster.Formats.CoreMl.Documents;
using SweepCluster.Formats.Files;
using SweepCluster.Formats.Telemetry;
using SweepCluster.Graphs;

namespace SweepCluster.Formats;

/// <summary>The formats that this program reads and writes.</summary>
public static class ModelFormats
{
    private static readonly IModelFormat[] s_all = [new MeteredFormat(new CoreMlFormat())];

    private static string Expected => string.Join(" or a ", s_all.Select(format => format.Name)) + " (.mlpackage or .mlmodel)";

    /// <summary>Their names.</summary>
    internal static IEnumerable<string> Names => s_all.Select(format => format.Name);

    /// <summary>The extension by which formats tell what a model is, as <c>.mlpackage</c>; empty where a name has none of them.</summary>
    /// <param name="name">Name or path of a model.</param>
    public static string ExtensionOf(string name) => CoreMlDocument.ExtensionOf(name);

    /// <summary>Checks that what is made of a model will be named as its kind is: a package and a single file are told apart by their names, and neither becomes the other.</summary>
    /// <param name="path">Where to write.</param>
    /// <param name="what">The model in words, as <c>the sweep's model Net.mlmodel</c>.</param>
    /// <param name="name">Its name or path.</param>
    /// <exception cref="BadInputException">The path ends otherwise than the name.</exception>
    public static void CheckExtension(string path, string what, string name)
    {
        string expected = ExtensionOf(name), found = Path.GetExtension(Path.TrimEndingDirectorySeparator(path));
        if (expected.Length > 0 && !string.Equals(found, expected, StringComparison.OrdinalIgnoreCase))
        {
            throw new BadInputException($"{path}: found {(found.Length == 0 ? "no extension" : $"the extension '{found}'")}, expected '{expected}', as {what} has.");
        }
    }

    /// <summary>The format of a model, told from its path and first bytes.</summary>
    /// <exception cref="BadInputException">Nothing is there, or no format knows it.</exception>
    public static IModelFormat For(string path)
    {
        if (!Path.Exists(path))
        {
            throw new BadInputException($"{path}: found nothing there, expected a model.");
        }

        if (TemporarySibling.IsOne(path))
        {
            throw new BadInputException($"{path}: found what a write that did not end has left, expected a model. The next write to its target removes it.");
        }

        if (ForeignFile.Describe(path) is { } foreign)
        {
            throw new BadInputException($"{path}: found {foreign}, expected a {Expected}.");
        }

        return s_all.FirstOrDefault(format => format.Recognizes(path)) ?? throw new BadInputException($"{path}: found no known model format, expected a {Expected}.");
    }
}
