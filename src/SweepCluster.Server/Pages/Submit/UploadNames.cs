using SweepCluster.Graphs;

namespace SweepCluster.Server.Pages.Submit;

/// <summary>Names of files as browsers and archives send them.</summary>
internal static class FileNames
{
    private const int Longest = 500;

    /// <summary>Whether a file is what desktops leave in archives.</summary>
    internal static bool IsLitter(string path) => path.StartsWith("__MACOSX/", StringComparison.Ordinal) || path.Split('/', '\\')[^1].StartsWith('.');

    /// <summary>A relative path of letters, digits, <c>.</c>, <c>_</c>, <c>-</c> and spaces.</summary>
    /// <exception cref="BadInputException">It is another.</exception>
    internal static string Check(string field, string path)
    {
        string clean = path.Replace('\\', '/');
        return clean.Length is > 0 and <= Longest && clean.Split('/').All(IsPart)
            ? clean
            : throw new BadInputException($"{field}: found a file named '{(path.Length > 80 ? path[..80] + ".." : path)}', expected letters, digits, '.', '_', '-' and spaces between slashes, and no leading dot.");
    }

    /// <summary>Name of the folder for the files of an archive.</summary>
    internal static string Root(string archive, string folderExtension)
    {
        string name = Path.GetFileNameWithoutExtension(archive);
        string safe = string.Concat(name.Select(letter => IsLetter(letter) ? letter : '-')).TrimStart('.', '-', ' ');
        return (safe.Length == 0 ? "upload" : safe) + (safe.EndsWith(folderExtension, StringComparison.OrdinalIgnoreCase) ? "" : folderExtension);
    }

    private static bool IsPart(string part) => part.Length > 0 && part[0] != '.' && part.All(IsLetter);

    private static bool IsLetter(char letter) => char.IsLetterOrDigit(letter) || letter is '.' or '_' or '-' or ' ';
}
