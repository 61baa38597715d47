using SweepCluster.Engine.Stores;

namespace SweepCluster.Orleans.Sweeps;

/// <summary>Counts of a sweep, as the store has them.</summary>
/// <param name="Jobs">Jobs proposed.</param>
/// <param name="Results">Jobs with a result.</param>
/// <param name="Leased">Jobs that some silo holds.</param>
/// <param name="Failures">Results that are failures.</param>
/// <param name="Phase">Whether silos take its jobs.</param>
/// <param name="IsFinished">Whether nothing is left to do.</param>
[GenerateSerializer, Immutable, Alias("sweep.counts")]
public sealed record SweepCounts(
    [property: Id(0)] long Jobs, [property: Id(1)] long Results, [property: Id(2)] long Leased, [property: Id(3)] long Failures,
    [property: Id(4)] SweepPhase Phase, [property: Id(5)] bool IsFinished)
{
    /// <summary>Whether it is finished, or does not go on unless a person says so.</summary>
    public bool IsOver => IsFinished || Phase is SweepPhase.Cancelled or SweepPhase.Stopped;

    internal static SweepCounts Of(SweepStatus status) => new(status.Jobs, status.Results, status.Leased, status.Failures, status.Control.Phase, status.IsFinished);
}
