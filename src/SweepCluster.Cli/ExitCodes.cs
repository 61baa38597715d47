namespace SweepCluster.Cli;

/// <summary>What the program's exit code says.</summary>
internal static class ExitCodes
{
    internal const int Success = 0;

    /// <summary>The work was begun and did not succeed.</summary>
    internal const int Failed = 1;

    /// <summary>A file, a spec or an option cannot be used; nothing was written.</summary>
    internal const int BadInput = 2;

    /// <summary>Stopped by the user (128 + SIGINT).</summary>
    internal const int Interrupted = 130;
}
