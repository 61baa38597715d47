using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Clusters;

/// <summary>A job that a silo is at.</summary>
/// <param name="SweepId">The sweep's id.</param>
/// <param name="Kind">What it does.</param>
/// <param name="About">The layer, or the plan's label; null where a round is proposed.</param>
/// <param name="Age">Time since it was claimed.</param>
public sealed record WorkingJob(string SweepId, JobKind Kind, string? About, TimeSpan Age)
{
    /// <summary>What a store knows of a job.</summary>
    internal static WorkingJob Of(HeldJob job) => new(job.SweepId, job.Job.Kind, job.About, job.Age);
}
