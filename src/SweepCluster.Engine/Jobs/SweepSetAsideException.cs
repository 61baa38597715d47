using SweepCluster.Graphs;

namespace SweepCluster.Engine.Jobs;

/// <summary>This silo cannot work on a sweep; others may. It leaves the sweep's jobs alone and goes on with other sweeps.</summary>
public sealed class SweepSetAsideException : SweepException
{
    internal SweepSetAsideException(string message, Exception? inner)
        : base(message, inner)
    {
    }
}
