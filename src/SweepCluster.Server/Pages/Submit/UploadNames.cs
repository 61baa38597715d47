using SweepCluster.Graphs;
using SweepCluster.Server.Api.Submissions;

namespace SweepCluster.Server.Pages.Submit;

/// <summary>Names of files as browsers and archives send them.</summary>
internal static class UploadNames
{
    private const int MostShown = 80; // characters of a name in a message
    private const int MostRoot = 100; // characters of an archive's folder, so that there is room for what is in it

    /// <summary>Whether a file is what desktops leave in archives.</summary>
    internal static bool IsLitter(string path) => path.StartsWith("__MACOSX/", StringComparison.Ordinal) || path.Split('/', '\\')[^1].StartsWith('.');

    /// <summary>A name that the server takes, with slashes.</summary>
    /// <exception cref="BadInputException">It is another.</exception>
    internal static string Check(string field, string path)
    {
        string clean = path.Replace('\\', '/');
        return FileNames.IsPath(clean)
            ? clean
            : throw new BadInputException($"{field}: found a file named '{(path.Length > MostShown ? path[..MostShown] + ".." : path)}', expected {FileNames.Expected}.");
    }

    /// <summary>Name of the folder for the files of an archive.</summary>
    internal static string Root(string archive, string folderExtension)
    {
        string name = Path.GetFileNameWithoutExtension(archive);
        string safe = string.Concat(name.Take(MostRoot).Select(letter => FileNames.IsHarmless(letter) ? letter : '-')).TrimStart('.', '-', ' ').TrimEnd(' ');
        return (safe.Length == 0 ? "upload" : safe) + (safe.EndsWith(folderExtension, StringComparison.OrdinalIgnoreCase) ? "" : folderExtension);
    }
}
