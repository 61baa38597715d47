using SweepCluster.Engine.Jobs;

namespace SweepCluster.Engine.Stores.Journal;

/// <summary>An attempt at a job that ended without a result.</summary>
/// <param name="Kind">What was to be done.</param>
/// <param name="Sequence">The job's place.</param>
/// <param name="Silo">Who was at it.</param>
/// <param name="Attempts">Failed attempts at the job, this one among them.</param>
/// <param name="Reason">How it ended.</param>
internal readonly record struct FailedAttempt(JobKind Kind, int Sequence, string Silo, int Attempts, string Reason);
