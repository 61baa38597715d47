using SweepCluster.Engine.Runs;

namespace SweepCluster.Cli.Terminal;

/// <summary>Shows a sweep while it runs, until it is disposed.</summary>
internal interface IProgressDisplay : IProgress<SweepProgress>, IDisposable
{
    /// <summary>Whether the last state stays on the screen when the display ends. Lines that were written stay anyway.</summary>
    bool Keeps { get; set; }
}
