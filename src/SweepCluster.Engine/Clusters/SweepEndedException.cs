using SweepCluster.Graphs;

namespace SweepCluster.Engine.Clusters;

/// <summary>A sweep that somebody waits for was cancelled, stopped or removed.</summary>
public sealed class SweepEndedException : SweepException
{
    internal SweepEndedException(string message)
        : base(message)
    {
    }
}
