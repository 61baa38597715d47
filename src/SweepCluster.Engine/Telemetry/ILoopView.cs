using SweepCluster.Engine.Jobs;

namespace SweepCluster.Engine.Telemetry;

/// <summary>A look at a job loop from outside, at any moment, from any thread.</summary>
internal interface ILoopView
{
    /// <summary>Slots in use, and all of them.</summary>
    (int Used, int All) Slots { get; }

    /// <summary>Claims that wait for a slot.</summary>
    int Ready { get; }

    /// <summary>Results on their way to the store.</summary>
    int Pending { get; }

    /// <summary>Jobs that run, with the time since they began.</summary>
    IEnumerable<(string SweepId, JobKind Kind, TimeSpan Age)> Running { get; }
}
