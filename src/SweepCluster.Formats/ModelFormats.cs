using SweepCluster.Formats.CoreMl;
using SweepCluster.Formats.Files;
using SweepCluster.Formats.Telemetry;
using SweepCluster.Graphs;

namespace SweepCluster.Formats;

/// <summary>The formats that this program reads and writes.</summary>
public static class ModelFormats
{
    private static readonly IModelFormat[] s_all = [new MeteredFormat(new CoreMlFormat())];

    /// <summary>Their names.</summary>
    internal static IEnumerable<string> Names => s_all.Select(format => format.Name);

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

        return s_all.FirstOrDefault(format => format.Recognizes(path))
            ?? throw new BadInputException($"{path}: found no known model format, expected a {string.Join(" or a ", s_all.Select(format => format.Name))}.");
    }
}
