using SweepCluster.Engine.Stores;

namespace SweepCluster.Orleans.Sweeps;

/// <summary>Counts of a sweep, as the store has them.</summary>
/// <param name="Jobs">Jobs proposed.</param>
/// <param name="Results">Jobs with a result.</param>
/// <param name="Leased">Jobs that some silo holds.</param>
/// <param name="IsFinished">Whether nothing is left to do.</param>
[GenerateSerializer, Immutable, Alias("sweep.counts")]
public sealed record SweepCounts([property: Id(0)] long Jobs, [property: Id(1)] long Results, [property: Id(2)] long Leased, [property: Id(3)] bool IsFinished)
{
    internal static SweepCounts Of(SweepStatus status) => new(status.Jobs, status.Results, status.Leased, status.IsFinished);
}
