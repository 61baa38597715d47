using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Jobs;

/// <summary>A job whose result this silo has on record.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Result">The result.</param>
/// <param name="Elapsed">Time that the job ran.</param>
/// <param name="TakenOver"><see cref="JobOutcome.TakenOver"/>.</param>
internal sealed record FinishedJob(Claim Claim, JobResult Result, TimeSpan Elapsed, int TakenOver);
