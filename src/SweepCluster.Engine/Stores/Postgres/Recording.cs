using SweepCluster.Engine.Jobs;

namespace SweepCluster.Engine.Stores.Postgres;

/// <summary>A result on its way into the store.</summary>
/// <param name="Claim">Under which it was computed.</param>
/// <param name="Result">The result.</param>
/// <param name="Proposals">Jobs that follow from it.</param>
internal sealed record Recording(Claim Claim, JobResult Result, IReadOnlyList<Job> Proposals);
