using SweepCluster.Graphs;

namespace SweepCluster.Engine.Jobs;

/// <summary>The sweep that somebody waits for does not go on: it was cancelled, stopped or removed. What is recorded of it stays unless it was removed.</summary>
public sealed class SweepStoppedException : SweepException
{
    internal SweepStoppedException(string message)
        : base(message)
    {
    }
}
