using SweepCluster.Graphs;

namespace SweepCluster.Engine.Jobs;

/// <summary>This silo cannot work on a sweep; others may. It leaves the sweep's jobs alone, blames none of them, and goes on with other sweeps.</summary>
public sealed class SweepSetAsideException : SweepException
{
    internal SweepSetAsideException(string message, Exception? inner, TimeSpan? pause = null)
        : base(message, inner)
    {
        Pause = pause;
    }

    /// <summary>How long to leave it alone: there may be room, or files, by then. Null: until the silo is started again.</summary>
    public TimeSpan? Pause { get; }
}
