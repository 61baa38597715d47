namespace SweepCluster.Server.Api.Submissions;

/// <summary>Names of files that the server takes, whoever sends them: relative, of few characters, the same on every system, and leading nowhere else.</summary>
internal static class FileNames
{
    /// <summary>Most characters of a path.</summary>
    internal const int MostPath = 400;

    /// <summary>Most characters between two slashes.</summary>
    internal const int MostName = 200;

    /// <summary>What a message expects.</summary>
    internal const string Expected = "a relative path of at most 400 characters, '/' between folders, each part of letters, digits, '.', '_', '-' and spaces and not beginning with a dot";

    private const int MostDepth = 16;

    /// <summary>Whether a path can be used.</summary>
    internal static bool IsPath(string path) => path.Length <= MostPath && path.Split('/') is { Length: <= MostDepth } parts && parts.All(IsName);

    /// <summary>Whether a name may have a character.</summary>
    internal static bool IsHarmless(char letter) => char.IsLetterOrDigit(letter) || letter is '.' or '_' or '-' or ' ';

    private static bool IsName(string name) => name.Length is > 0 and <= MostName && name[0] is not ('.' or ' ') && name[^1] != ' ' && name.All(IsHarmless);
}
