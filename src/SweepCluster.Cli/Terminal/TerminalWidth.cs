namespace SweepCluster.Cli.Terminal;

/// <summary>How wide a terminal is.</summary>
internal static class TerminalWidth
{
    /// <summary>Characters of a line; null for a file, a pipe, or a terminal that does not say.</summary>
    internal static int? Of(TextWriter output)
    {
        if (!ReferenceEquals(output, Console.Out) || Console.IsOutputRedirected)
        {
            return null;
        }

        try
        {
            return Console.WindowWidth is > 0 and int width ? width : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
