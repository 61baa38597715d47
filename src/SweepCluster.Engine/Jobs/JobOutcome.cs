namespace SweepCluster.Engine.Jobs;

/// <summary>What running a job gave.</summary>
/// <param name="Result">Its result.</param>
/// <param name="Proposals">For a coordinator's job: the next round. Empty for others.</param>
public sealed record JobOutcome(JobResult Result, IReadOnlyList<Job> Proposals)
{
    /// <summary>The outcome of a job that proposes nothing.</summary>
    public static JobOutcome Of(JobResult result) => new(result, []);
}
