using System.Collections.Immutable;
using System.Diagnostics;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Telemetry;

/// <summary>A store whose calls are timed. Where nobody listens they go straight through. Waiting for news is no work and not timed.</summary>
internal sealed class MeteredStore(ISweepStore inner, SiloLog? log = null) : DelegatingStore(inner)
{
    private readonly SiloLog? _log = log is { IsOn: true } ? log : null;

    private bool IsWatched => StoreMetrics.Enabled || _log is not null;

    /// <inheritdoc/>
    public override Task<bool> AddSweepAsync(SweepRecord sweep, SweepControl control, IReadOnlyList<Job> jobs, CancellationToken cancellationToken) =>
        Time("add_sweep", Start(), base.AddSweepAsync(sweep, control, jobs, cancellationToken));

    /// <inheritdoc/>
    public override Task<ImmutableArray<SweepRecord>> ListSweepsAsync(CancellationToken cancellationToken) =>
        Time("list_sweeps", Start(), base.ListSweepsAsync(cancellationToken));

    /// <inheritdoc/>
    public override Task<SweepControl> ChangeAsync(string sweepId, Func<SweepControl, SweepControl> change, CancellationToken cancellationToken) =>
        Time("change", Start(), base.ChangeAsync(sweepId, change, cancellationToken));

    /// <inheritdoc/>
    public override Task RemoveSweepAsync(string sweepId, CancellationToken cancellationToken) =>
        Time("remove_sweep", Start(), base.RemoveSweepAsync(sweepId, cancellationToken));

    /// <inheritdoc/>
    public override Task AppendJobsAsync(string sweepId, long expectedSequence, IReadOnlyList<Job> jobs, CancellationToken cancellationToken) =>
        Time("append", Start(), base.AppendJobsAsync(sweepId, expectedSequence, jobs, cancellationToken));

    /// <inheritdoc/>
    public override Task<ImmutableArray<QueuedJob>> ReadJobsAsync(string sweepId, long from, int limit, CancellationToken cancellationToken) =>
        Time("read_jobs", Start(), base.ReadJobsAsync(sweepId, from, limit, cancellationToken));

    /// <inheritdoc/>
    public override Task<ImmutableArray<Claim>> ClaimAsync(ClaimFilter filter, string silo, int limit, TimeSpan lease, CancellationToken cancellationToken) =>
        Time("claim", Start(), base.ClaimAsync(filter, silo, limit, lease, cancellationToken));

    /// <inheritdoc/>
    public override Task<Claim?> ClaimCopyAsync(ClaimFilter filter, string silo, TimeSpan leastAge, TimeSpan lease, CancellationToken cancellationToken) =>
        Time("claim_copy", Start(), base.ClaimCopyAsync(filter, silo, leastAge, lease, cancellationToken));

    /// <inheritdoc/>
    public override Task<ImmutableArray<bool>> RenewAsync(IReadOnlyList<Claim> claims, TimeSpan lease, CancellationToken cancellationToken) =>
        Time("renew", Start(), base.RenewAsync(claims, lease, cancellationToken));

    /// <inheritdoc/>
    public override Task ReleaseAsync(IReadOnlyList<Claim> claims, CancellationToken cancellationToken) =>
        Time("release", Start(), base.ReleaseAsync(claims, cancellationToken));

    /// <inheritdoc/>
    public override Task FailAsync(Claim claim, string reason, TimeSpan pause, CancellationToken cancellationToken) =>
        Time("fail", Start(), base.FailAsync(claim, reason, pause, cancellationToken));

    /// <inheritdoc/>
    public override Task<RecordOutcome> TryRecordAsync(Claim claim, JobResult result, IReadOnlyList<Job> proposals, CancellationToken cancellationToken) =>
        Time("record", Start(), base.TryRecordAsync(claim, result, proposals, cancellationToken));

    /// <inheritdoc/>
    public override Task<ImmutableArray<RecordedResult>> ReadResultsAsync(string sweepId, long after, int limit, CancellationToken cancellationToken) =>
        Time("read_results", Start(), base.ReadResultsAsync(sweepId, after, limit, cancellationToken));

    /// <inheritdoc/>
    public override Task<ImmutableArray<ResultOrigin>> ReadOriginsAsync(string sweepId, long after, int limit, CancellationToken cancellationToken) =>
        Time("read_origins", Start(), base.ReadOriginsAsync(sweepId, after, limit, cancellationToken));

    /// <inheritdoc/>
    public override Task<ImmutableArray<RecordedResult>> FindResultsAsync(string subject, CancellationToken cancellationToken) =>
        Time("find_results", Start(), base.FindResultsAsync(subject, cancellationToken));

    /// <inheritdoc/>
    public override Task HeartbeatAsync(SiloRecord silo, TimeSpan lease, CancellationToken cancellationToken) =>
        Time("heartbeat", Start(), base.HeartbeatAsync(silo, lease, cancellationToken));

    /// <inheritdoc/>
    public override Task LeaveAsync(string silo, CancellationToken cancellationToken) =>
        Time("leave", Start(), base.LeaveAsync(silo, cancellationToken));

    /// <inheritdoc/>
    public override Task<ImmutableArray<SiloStatus>> ListSilosAsync(CancellationToken cancellationToken) =>
        Time("list_silos", Start(), base.ListSilosAsync(cancellationToken));

    /// <inheritdoc/>
    public override Task<ImmutableArray<HeldJob>> ListHeldAsync(CancellationToken cancellationToken) =>
        Time("list_held", Start(), base.ListHeldAsync(cancellationToken));

    /// <inheritdoc/>
    public override Task<ImmutableArray<StoreEvent>> ReadEventsAsync(string? sweepId, long after, int limit, CancellationToken cancellationToken) =>
        Time("read_events", Start(), base.ReadEventsAsync(sweepId, after, limit, cancellationToken));

    /// <inheritdoc/>
    public override Task<SweepStatus> ReadStatusAsync(string sweepId, CancellationToken cancellationToken) =>
        Time("read_status", Start(), base.ReadStatusAsync(sweepId, cancellationToken));

    private long Start() => IsWatched ? Stopwatch.GetTimestamp() : 0;

    private Task Time(string operation, long started, Task call) => started == 0 ? call : WaitAsync(operation, started, call);

    private Task<T> Time<T>(string operation, long started, Task<T> call) => started == 0 ? call : WaitAsync(operation, started, call);

    private async Task<T> WaitAsync<T>(string operation, long started, Task<T> call)
    {
        await WaitAsync(operation, started, (Task)call).ConfigureAwait(false);
        return await call.ConfigureAwait(false);
    }

    private async Task WaitAsync(string operation, long started, Task call)
    {
        try
        {
            await call.ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            StoreMetrics.Record(operation, false, started);
            throw;
        }

        StoreMetrics.Record(operation, true, started);
        _log?.LookAtCall(operation, started);
    }
}
