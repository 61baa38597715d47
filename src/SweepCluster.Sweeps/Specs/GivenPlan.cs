using SweepCluster.Graphs;

namespace SweepCluster.Sweeps.Specs;

/// <summary>A plan of the user's own, in coremltools' configuration form. Holds the text, so that a request means the same after its files have gone.</summary>
/// <param name="Path">Where it was read from.</param>
/// <param name="Text">The file's content, YAML.</param>
public sealed record GivenPlan(string Path, string Text)
{
    /// <summary>Reads a plan's file.</summary>
    /// <exception cref="BadInputException">It cannot be read.</exception>
    public static GivenPlan Read(string path)
    {
        try
        {
            return new GivenPlan(path, File.ReadAllText(path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: cannot be read ({exception.Message.TrimEnd('.')}).", exception);
        }
    }
}
