using SweepCluster.Engine.Jobs;

namespace SweepCluster.Engine.Stores;

/// <summary>A result as the store keeps it.</summary>
/// <param name="Sequence">Place among the sweep's results, from 1, in the order in which they were recorded: another one in every run.</param>
/// <param name="JobSequence">The job's place among the sweep's jobs.</param>
/// <param name="Job">The job.</param>
/// <param name="Result">What it came to.</param>
public sealed record RecordedResult(long Sequence, long JobSequence, Job Job, JobResult Result);
