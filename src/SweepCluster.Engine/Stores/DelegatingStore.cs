using System.Collections.Immutable;
using SweepCluster.Engine.Jobs;

namespace SweepCluster.Engine.Stores;

/// <summary>A store that hands every call to another one; what watches or disturbs a store derives from it. It does not own the other one.</summary>
internal abstract class DelegatingStore(ISweepStore inner) : ISweepStore
{
    /// <inheritdoc/>
    public virtual Task<bool> AddSweepAsync(SweepRecord sweep, SweepControl control, IReadOnlyList<Job> jobs, CancellationToken cancellationToken) =>
        inner.AddSweepAsync(sweep, control, jobs, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<ImmutableArray<SweepRecord>> ListSweepsAsync(CancellationToken cancellationToken) =>
        inner.ListSweepsAsync(cancellationToken);

    /// <inheritdoc/>
    public virtual Task<SweepControl> ChangeAsync(string sweepId, Func<SweepControl, SweepControl> change, CancellationToken cancellationToken) =>
        inner.ChangeAsync(sweepId, change, cancellationToken);

    /// <inheritdoc/>
    public virtual Task RemoveSweepAsync(string sweepId, CancellationToken cancellationToken) =>
        inner.RemoveSweepAsync(sweepId, cancellationToken);

    /// <inheritdoc/>
    public virtual Task AppendJobsAsync(string sweepId, long expectedSequence, IReadOnlyList<Job> jobs, CancellationToken cancellationToken) =>
        inner.AppendJobsAsync(sweepId, expectedSequence, jobs, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<ImmutableArray<QueuedJob>> ReadJobsAsync(string sweepId, long from, int limit, CancellationToken cancellationToken) =>
        inner.ReadJobsAsync(sweepId, from, limit, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<ImmutableArray<Claim>> ClaimAsync(ClaimFilter filter, string silo, int limit, TimeSpan lease, CancellationToken cancellationToken) =>
        inner.ClaimAsync(filter, silo, limit, lease, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<Claim?> ClaimCopyAsync(ClaimFilter filter, string silo, TimeSpan leastAge, TimeSpan lease, CancellationToken cancellationToken) =>
        inner.ClaimCopyAsync(filter, silo, leastAge, lease, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<ImmutableArray<bool>> RenewAsync(IReadOnlyList<Claim> claims, TimeSpan lease, CancellationToken cancellationToken) =>
        inner.RenewAsync(claims, lease, cancellationToken);

    /// <inheritdoc/>
    public virtual Task ReleaseAsync(IReadOnlyList<Claim> claims, CancellationToken cancellationToken) =>
        inner.ReleaseAsync(claims, cancellationToken);

    /// <inheritdoc/>
    public virtual Task FailAsync(Claim claim, string reason, TimeSpan pause, CancellationToken cancellationToken) =>
        inner.FailAsync(claim, reason, pause, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<RecordOutcome> TryRecordAsync(Claim claim, JobResult result, IReadOnlyList<Job> proposals, CancellationToken cancellationToken) =>
        inner.TryRecordAsync(claim, result, proposals, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<ImmutableArray<RecordedResult>> ReadResultsAsync(string sweepId, long after, int limit, CancellationToken cancellationToken) =>
        inner.ReadResultsAsync(sweepId, after, limit, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<ImmutableArray<ResultOrigin>> ReadOriginsAsync(string sweepId, long after, int limit, CancellationToken cancellationToken) =>
        inner.ReadOriginsAsync(sweepId, after, limit, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<ImmutableArray<RecordedResult>> FindResultsAsync(string subject, CancellationToken cancellationToken) =>
        inner.FindResultsAsync(subject, cancellationToken);

    /// <inheritdoc/>
    public virtual Task HeartbeatAsync(SiloRecord silo, TimeSpan lease, CancellationToken cancellationToken) =>
        inner.HeartbeatAsync(silo, lease, cancellationToken);

    /// <inheritdoc/>
    public virtual Task LeaveAsync(string silo, CancellationToken cancellationToken) =>
        inner.LeaveAsync(silo, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<ImmutableArray<SiloStatus>> ListSilosAsync(CancellationToken cancellationToken) =>
        inner.ListSilosAsync(cancellationToken);

    /// <inheritdoc/>
    public virtual Task<ImmutableArray<HeldJob>> ListHeldAsync(CancellationToken cancellationToken) =>
        inner.ListHeldAsync(cancellationToken);

    /// <inheritdoc/>
    public virtual Task<ImmutableArray<StoreEvent>> ReadEventsAsync(string? sweepId, long after, int limit, CancellationToken cancellationToken) =>
        inner.ReadEventsAsync(sweepId, after, limit, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<SweepStatus> ReadStatusAsync(string sweepId, CancellationToken cancellationToken) =>
        inner.ReadStatusAsync(sweepId, cancellationToken);

    /// <inheritdoc/>
    public virtual Task<long> WaitForChangeAsync(long seen, CancellationToken cancellationToken) =>
        inner.WaitForChangeAsync(seen, cancellationToken);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }
}
