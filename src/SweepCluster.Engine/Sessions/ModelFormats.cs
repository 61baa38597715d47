using SweepCluster.Formats.CoreMl;
using SweepCluster.Graphs;

namespace SweepCluster.Engine.Sessions;

/// <summary>Every format that a sweep can work on.</summary>
public static class ModelFormats
{
    private static readonly IModelFormat[] s_all = [new CoreMlPackageFormat()];

    /// <summary>The format of a model, told from its path and first bytes.</summary>
    /// <exception cref="BadInputException">There is nothing at the path, or no format knows it.</exception>
    public static IModelFormat Of(string path)
    {
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            throw new BadInputException($"{path}: no such file or folder, expected a model.");
        }

        return s_all.FirstOrDefault(format => format.Recognizes(path))
            ?? throw new BadInputException($"{path}: found no known model, expected {string.Join(" or ", s_all.Select(format => format.Name))}.");
    }
}
