using System.Buffers;

namespace SweepCluster.Cli.Terminal;

/// <summary>Words of a command line as a POSIX shell reads them.</summary>
internal static class ShellWord
{
    private static readonly SearchValues<char> s_plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=,:+@%");

    /// <summary>The word, in single quotes where a shell would read it differently.</summary>
    internal static string Quote(string word) => word.Length > 0 && !word.AsSpan().ContainsAnyExcept(s_plain)
        ? word
        : "'" + word.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
