using SweepCluster.Engine.Actors;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Clusters;

/// <summary>Copies a finished sweep from a shared store into one of this machine, so that its result folder needs no other.</summary>
internal static class JournalCopy
{
    private const int PageSize = 1000;
    private static readonly TimeSpan s_lease = TimeSpan.FromHours(1); // nobody else claims here

    /// <summary>Copies what is not there yet.</summary>
    /// <param name="source">Holds the finished sweep.</param>
    /// <param name="target">Receives it; may have a part of it already.</param>
    /// <param name="sweep">The sweep as the target keeps it.</param>
    /// <param name="cancellationToken">Stops; a second call goes on.</param>
    internal static async Task CopyAsync(ISweepStore source, ISweepStore target, SweepRecord sweep, CancellationToken cancellationToken)
    {
        List<Job> jobs = [];
        while (await source.ReadJobsAsync(sweep.Id, jobs.Count, PageSize, cancellationToken) is { IsEmpty: false } page)
        {
            jobs.AddRange(page.Select(entry => entry.Job));
        }

        JobResult[] results = new JobResult[jobs.Count];
        long read = 0;
        while (await source.ReadResultsAsync(sweep.Id, read, PageSize, cancellationToken) is { IsEmpty: false } page)
        {
            foreach (RecordedResult result in page)
            {
                results[result.JobSequence] = result.Result;
            }

            read = page[^1].Sequence;
        }

        await target.AddSweepAsync(sweep, SweepControl.Default, [SweepActor.FirstJob], cancellationToken);
        ClaimFilter filter = ClaimFilter.Any with { SweepId = sweep.Id };
        while (await target.ClaimAsync(filter, "copy", PageSize, s_lease, cancellationToken) is { IsEmpty: false } claims)
        {
            await Task.WhenAll(claims.Select(claim => target.TryRecordAsync(claim, results[claim.Sequence], FollowersOf(jobs, claim), cancellationToken)));
        }
    }

    /// <summary>The round that a coordinator's job proposed: what stands after it, to the next coordinator's job.</summary>
    private static List<Job> FollowersOf(List<Job> jobs, Claim claim)
    {
        if (claim.Job.Kind != JobKind.Coordinate)
        {
            return [];
        }

        int first = (int)claim.Sequence + 1;
        int next = jobs.FindIndex(first, job => job.Kind == JobKind.Coordinate);
        return jobs[first..(next < 0 ? jobs.Count : next + 1)];
    }
}
