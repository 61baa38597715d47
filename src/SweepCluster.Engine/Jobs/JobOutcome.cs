namespace SweepCluster.Engine.Jobs;

/// <summary>What running a job gave.</summary>
/// <param name="Result">Its result.</param>
/// <param name="Proposals">For a coordinator's job: the next round. Empty for others.</param>
public sealed record JobOutcome(JobResult Result, IReadOnlyList<Job> Proposals)
{
    /// <summary>How many cells, probed cells or trials were taken over from earlier sweeps instead of computed. Part of no record.</summary>
    public int TakenOver { get; init; }

    /// <summary>The outcome of a job that proposes nothing.</summary>
    public static JobOutcome Of(JobResult result) => new(result, []);
}
