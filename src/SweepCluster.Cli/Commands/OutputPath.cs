using SweepCluster.Graphs;

namespace SweepCluster.Cli.Commands;

/// <summary>Holds where a model is written to the kind of model it is: the old and the new kind have different names, and neither is the other.</summary>
internal static class OutputPath
{
    private const string Package = ".mlpackage";
    private const string File = ".mlmodel";

    /// <summary>Checks a path before any work begins.</summary>
    /// <param name="path">Where to write.</param>
    /// <param name="format">The format that will write.</param>
    /// <exception cref="BadInputException">Its extension is that of another kind, or something is there.</exception>
    internal static void Check(string path, IModelFormat format)
    {
        if (Path.Exists(path))
        {
            throw new BadInputException($"{path}: found something that exists, expected a new path.");
        }
    }
}
