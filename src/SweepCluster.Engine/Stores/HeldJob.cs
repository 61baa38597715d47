using SweepCluster.Engine.Jobs;

namespace SweepCluster.Engine.Stores;

/// <summary>A job that a silo holds.</summary>
/// <param name="SweepId">The sweep.</param>
/// <param name="Sequence">The job's place in it.</param>
/// <param name="Job">The job.</param>
/// <param name="Silo">Who holds it.</param>
/// <param name="Age">Time since it was claimed.</param>
/// <param name="IsCopy">Whether another silo is at the same job, late.</param>
public sealed record HeldJob(string SweepId, long Sequence, Job Job, string Silo, TimeSpan Age, bool IsCopy)
{
    /// <summary>What it is about: the layer, or the plan's label; null where a round is proposed, or another version wrote it.</summary>
    public string? About => JobSubjects.Of(Job);
}
