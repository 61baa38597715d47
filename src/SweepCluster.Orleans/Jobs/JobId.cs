using SweepCluster.Engine.Stores;

namespace SweepCluster.Orleans.Jobs;

/// <summary>One claim of one job.</summary>
/// <param name="SweepId">The sweep.</param>
/// <param name="Sequence">The job's place in it.</param>
/// <param name="Epoch">The claim's epoch.</param>
[GenerateSerializer, Immutable, Alias("sweep.job-id")]
public readonly record struct JobId([property: Id(0)] string SweepId, [property: Id(1)] long Sequence, [property: Id(2)] long Epoch)
{
    internal static JobId Of(Claim claim) => new(claim.SweepId, claim.Sequence, claim.Epoch);
}
