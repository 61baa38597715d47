using System.Collections.Immutable;
using SweepCluster.Engine.Actors;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Clusters;

/// <summary>Copies a finished sweep from a shared store into one of this machine, so that its result folder needs no other. Holds a page and what was recorded out of turn, not the sweep.</summary>
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
        await target.AddSweepAsync(sweep, SweepControl.Default, [SweepActor.FirstJob], cancellationToken);
        ClaimFilter filter = ClaimFilter.Any with { SweepId = sweep.Id };
        Dictionary<long, JobResult> waiting = []; // results that were read before their job's turn
        long read = 0;
        while (await target.ClaimAsync(filter, "copy", PageSize, s_lease, cancellationToken) is { IsEmpty: false } claims)
        {
            List<Task> recording = [];
            foreach (Claim claim in claims)
            {
                JobResult? result;
                while (!waiting.Remove(claim.Sequence, out result))
                {
                    read = await ReadPageAsync(source, sweep.Id, read, waiting, cancellationToken);
                }

                IReadOnlyList<Job> proposals = claim.Job.Kind == JobKind.Coordinate ? await ReadRoundAsync(source, sweep.Id, claim.Sequence + 1, cancellationToken) : [];
                recording.Add(target.TryRecordAsync(claim, result, proposals, cancellationToken));
            }

            await Task.WhenAll(recording);
        }
    }

    private static async Task<long> ReadPageAsync(ISweepStore source, string sweepId, long after, Dictionary<long, JobResult> waiting, CancellationToken cancellationToken)
    {
        ImmutableArray<RecordedResult> page = await source.ReadResultsAsync(sweepId, after, PageSize, cancellationToken);
        if (page.IsEmpty)
        {
            throw new SweepStoppedException($"sweep {sweepId}: somebody removed it from the store while it was copied.");
        }

        foreach (RecordedResult result in page)
        {
            waiting[result.JobSequence] = result.Result;
        }

        return page[^1].Sequence;
    }

    /// <summary>The round that a coordinator's job proposed: what stands after it, to the next coordinator's job.</summary>
    private static async Task<List<Job>> ReadRoundAsync(ISweepStore source, string sweepId, long from, CancellationToken cancellationToken)
    {
        List<Job> round = [];
        while (await source.ReadJobsAsync(sweepId, from + round.Count, PageSize, cancellationToken) is { IsEmpty: false } page)
        {
            foreach (QueuedJob entry in page)
            {
                round.Add(entry.Job);
                if (entry.Job.Kind == JobKind.Coordinate)
                {
                    return round;
                }
            }
        }

        return round;
    }
}
