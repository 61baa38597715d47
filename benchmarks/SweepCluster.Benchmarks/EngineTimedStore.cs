using System.Collections.Immutable;
using System.Diagnostics;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Benchmarks;

/// <summary>A store that times how long each result takes to be acknowledged.</summary>
internal sealed class TimedStore(ISweepStore store, Action<long> recorded) : ISweepStore
{
    public async Task<RecordOutcome> TryRecordAsync(Claim claim, JobResult result, IReadOnlyList<Job> proposals, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        RecordOutcome outcome = await store.TryRecordAsync(claim, result, proposals, cancellationToken);
        recorded(Stopwatch.GetElapsedTime(start).Ticks);
        return outcome;
    }

    public Task<bool> AddSweepAsync(SweepRecord sweep, IReadOnlyList<Job> jobs, CancellationToken cancellationToken) => store.AddSweepAsync(sweep, jobs, cancellationToken);

    public Task<ImmutableArray<SweepRecord>> ListSweepsAsync(CancellationToken cancellationToken) => store.ListSweepsAsync(cancellationToken);

    public Task AppendJobsAsync(string sweepId, long expectedSequence, IReadOnlyList<Job> jobs, CancellationToken cancellationToken) =>
        store.AppendJobsAsync(sweepId, expectedSequence, jobs, cancellationToken);

    public Task<ImmutableArray<QueuedJob>> ReadJobsAsync(string sweepId, long from, int limit, CancellationToken cancellationToken) =>
        store.ReadJobsAsync(sweepId, from, limit, cancellationToken);

    public Task<ImmutableArray<Claim>> ClaimAsync(ClaimFilter filter, string silo, int limit, TimeSpan lease, CancellationToken cancellationToken) =>
        store.ClaimAsync(filter, silo, limit, lease, cancellationToken);

    public Task<ImmutableArray<bool>> RenewAsync(IReadOnlyList<Claim> claims, TimeSpan lease, CancellationToken cancellationToken) =>
        store.RenewAsync(claims, lease, cancellationToken);

    public Task ReleaseAsync(IReadOnlyList<Claim> claims, CancellationToken cancellationToken) => store.ReleaseAsync(claims, cancellationToken);

    public Task<ImmutableArray<RecordedResult>> ReadResultsAsync(string sweepId, long after, int limit, CancellationToken cancellationToken) =>
        store.ReadResultsAsync(sweepId, after, limit, cancellationToken);

    public Task<SweepStatus> ReadStatusAsync(string sweepId, CancellationToken cancellationToken) => store.ReadStatusAsync(sweepId, cancellationToken);

    public Task<long> WaitForChangeAsync(long seen, CancellationToken cancellationToken) => store.WaitForChangeAsync(seen, cancellationToken);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
