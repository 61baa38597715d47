using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.Packages;

/// <summary>Paths inside a package, as its manifest and program name them.</summary>
internal static class PackagePath
{
    /// <summary>Resolves a relative path with forward slashes under a folder, without ever leaving it.</summary>
    /// <param name="folder">The folder; exists.</param>
    /// <param name="relative">The path as the file has it.</param>
    /// <param name="place">Where it stands, for messages.</param>
    /// <returns>The path; what is there is not checked, except that no part is a symbolic link.</returns>
    /// <exception cref="BadInputException">The path is empty, rooted, has a part <c>..</c>, or a part is a symbolic link.</exception>
    internal static string Resolve(string folder, string relative, string place)
    {
        string[] parts = relative.Split('/');
        if (parts.Any(part => part.Length == 0 || part is "." or ".." || part.AsSpan().IndexOfAny('\\', ':', '\0') >= 0))
        {
            throw new BadInputException($"{place}: found path '{relative}', expected a path inside the package.");
        }

        string path = folder;
        foreach (string part in parts)
        {
            path = Path.Combine(path, part);
            if (new FileInfo(path).LinkTarget is not null)
            {
                throw new BadInputException($"{place}: found '{relative}', in which '{part}' is a symbolic link, expected a path of plain files and folders.");
            }
        }

        return path;
    }
}
