using SweepCluster.Engine.Jobs;

namespace SweepCluster.Engine.Stores;

/// <summary>A job at its place in a sweep.</summary>
/// <param name="Sequence">Place among the sweep's jobs, from 0, without gaps, in the order in which they were proposed.</param>
/// <param name="Job">The job.</param>
public sealed record QueuedJob(long Sequence, Job Job);
