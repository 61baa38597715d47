namespace SweepCluster.Sweeps.Specs;

/// <summary>The folder that a spec's paths start from, and whether they may lead out of it.</summary>
/// <param name="Path">The folder, absolute.</param>
/// <param name="IsConfined">Whether every path must stay in it.</param>
internal sealed record SpecFolder(string Path, bool IsConfined)
{
    /// <summary>A path of the spec, absolute; null where it may not lead there.</summary>
    public string? Resolve(string given)
    {
        if (!IsConfined)
        {
            return System.IO.Path.GetFullPath(System.IO.Path.Combine(Path, given));
        }

        bool leads = given.Split('/', '\\').Any(part => part is ".." || part.AsSpan().IndexOfAny('\0', ':') >= 0) || System.IO.Path.IsPathRooted(given);
        string path = leads ? "" : System.IO.Path.GetFullPath(System.IO.Path.Combine(Path, given));
        return path.StartsWith(Path + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal) ? path : null;
    }

    /// <summary>What is said of a path that leads out of the folder.</summary>
    public static string Refuse(string given) => $"found '{given}', expected the relative path of a file that came with the spec";
}
