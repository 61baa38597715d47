using System.Collections.Immutable;
using System.Text.Json;
using SweepCluster.Engine.Actors;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Stores.Journal;
using SweepCluster.Testing;

namespace SweepCluster.Engine.Tests.Clusters;

public sealed class JournalCopyTests : IDisposable
{
    private const int Rounds = 3, Round = 2_300; // several pages each
    private static readonly TimeSpan s_lease = TimeSpan.FromMinutes(5);
    private static readonly SweepRecord s_sweep = new("a", "a", "", "", null, "", "{}");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Copy_RoundsOfSeveralPagesRecordedOutOfTurn_HasEveryJobAndResult()
    {
        await using JournalStore source = await FinishedAsync(), target = JournalStore.Open(_folder["target"], TimeProvider.System);
        PagedStore pages = new(source);

        await JournalCopy.CopyAsync(pages, target, s_sweep, default);

        int jobs = 1 + (Rounds * (Round + 1));
        Assert.Equal(new SweepStatus(jobs, jobs, 0) { Failures = 1 }, (await target.ReadStatusAsync("a", default)) with { Added = null });
        Assert.Equal(await JobsAsync(source), await JobsAsync(target));
        Assert.Equal(await ResultsAsync(source), await ResultsAsync(target));
        Assert.InRange(pages.LargestPage, 1, 1000);
    }

    [Fact]
    public async Task Copy_StoppedHalfway_GoesOn()
    {
        await using JournalStore source = await FinishedAsync(), target = JournalStore.Open(_folder["target"], TimeProvider.System);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => JournalCopy.CopyAsync(new PagedStore(source) { PagesLeft = 6 }, target, s_sweep, default));
        SweepStatus half = await target.ReadStatusAsync("a", default);
        Assert.InRange(half.Results, 1, half.Jobs - 1);

        await using JournalStore again = await ReopenAsync(target);
        await JournalCopy.CopyAsync(source, again, s_sweep, default);

        Assert.Equal(await ResultsAsync(source), await ResultsAsync(again));
    }

    private async Task<JournalStore> ReopenAsync(JournalStore store)
    {
        await store.DisposeAsync();
        return JournalStore.Open(_folder["target"], TimeProvider.System);
    }

    private async Task<JournalStore> FinishedAsync()
    {
        JournalStore store = JournalStore.Open(_folder["source"], TimeProvider.System);
        await store.AddSweepAsync(s_sweep, SweepControl.Default, [SweepActor.FirstJob], default);
        Random random = new(3);
        int round = 0;
        while (await store.ClaimAsync(ClaimFilter.Any, "test", int.MaxValue, s_lease, default) is { IsEmpty: false } taken)
        {
            Claim[] claims = [.. taken];
            random.Shuffle(claims);
            await Task.WhenAll(claims.Select(claim => store.TryRecordAsync(
                claim,
                claim.Job.Key == "probe 1 7" ? JobResult.Failed("broke") : JobResult.Of($"\"result of {claim.Job.Key}\""),
                claim.Job.Kind == JobKind.Coordinate && round < Rounds ? RoundOf(++round) : [],
                default)));
        }

        return store;
    }

    private static Job[] RoundOf(int round) =>
    [
        .. Enumerable.Range(0, Round).Select(number => new Job(JobKind.Probe, $"probe {round} {number}", JsonSerializer.Serialize(number))),
        new Job(JobKind.Coordinate, JobKeys.OfRound(round), "{}"),
    ];

    private static async Task<(long, Job)[]> JobsAsync(JournalStore store) =>
        [.. (await store.ReadJobsAsync("a", 0, int.MaxValue, default)).Select(entry => (entry.Sequence, entry.Job))];

    private static async Task<(long, JobResult)[]> ResultsAsync(JournalStore store) =>
        [.. (await store.ReadResultsAsync("a", 0, int.MaxValue, default)).Select(result => (result.JobSequence, result.Result)).OrderBy(entry => entry.JobSequence)];

    private sealed class PagedStore(ISweepStore inner) : DelegatingStore(inner)
    {
        internal int LargestPage { get; private set; }

        internal int PagesLeft { get; set; } = int.MaxValue;

        public override async Task<ImmutableArray<QueuedJob>> ReadJobsAsync(string sweepId, long from, int limit, CancellationToken cancellationToken) =>
            Count(await base.ReadJobsAsync(sweepId, from, limit, cancellationToken));

        public override async Task<ImmutableArray<RecordedResult>> ReadResultsAsync(string sweepId, long after, int limit, CancellationToken cancellationToken) =>
            Count(await base.ReadResultsAsync(sweepId, after, limit, cancellationToken));

        private ImmutableArray<T> Count<T>(ImmutableArray<T> page)
        {
            LargestPage = Math.Max(LargestPage, page.Length);
            return PagesLeft-- > 0 ? page : throw new OperationCanceledException();
        }
    }
}
