using System.Collections.Immutable;
using SweepCluster.Engine.Jobs;
using SweepCluster.Graphs;

namespace SweepCluster.Engine.Stores.Journal;

public sealed partial class JournalStore
{
    /// <inheritdoc/>
    public async Task HeartbeatAsync(SiloRecord silo, TimeSpan lease, CancellationToken cancellationToken)
    {
        Task durable = Task.CompletedTask;
        lock (_gate)
        {
            long now = _time.GetTimestamp();
            bool joined = _silos.Hear(silo, _time.GetUtcNow(), now, now + Ticks(lease));
            RemoveLostSilos(now); // whoever speaks is not among them, however late
            if (joined)
            {
                durable = Tell(StoreEventKind.SiloJoined, null, EventText.Joined(silo));
            }
        }

        await durable.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async Task LeaveAsync(string silo, CancellationToken cancellationToken)
    {
        Task durable = Task.CompletedTask;
        lock (_gate)
        {
            if (_silos.Remove(silo))
            {
                durable = Tell(StoreEventKind.SiloLeft, null, EventText.Left(silo));
            }
        }

        await durable.WaitAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<SiloStatus>> ListSilosAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            long now = _time.GetTimestamp();
            RemoveLostSilos(now);
            foreach (SweepLedger ledger in _sweeps.Values)
            {
                ledger.Advance(now);
            }

            return Task.FromResult<ImmutableArray<SiloStatus>>([.. _silos.All.Select(entry => new SiloStatus(
                entry.Silo, entry.Joined, _time.GetElapsedTime(entry.Heard, now), _sweeps.Values.Sum(ledger => (long)ledger.LeasedBy(entry.Silo.Name))))]);
        }
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<HeldJob>> ListHeldAsync(CancellationToken cancellationToken)
    {
        List<(string SweepId, long Sequence, JobLease Lease, JournalSpan Text)> held = [];
        long now = _time.GetTimestamp();
        lock (_gate)
        {
            foreach (SweepLedger ledger in _sweeps.Values)
            {
                ledger.Advance(now);
                held.AddRange(ledger.Held.Select(entry => (ledger.Sweep.Id, (long)entry.Sequence, entry.Lease, entry.Text)));
            }
        }

        JournalText.Pass pass = _text.Begin(several: held.Count > 2);
        return Task.FromResult<ImmutableArray<HeldJob>>([.. held
            .Select(entry => new HeldJob(entry.SweepId, entry.Sequence, pass.ReadJob(entry.Text), entry.Lease.Silo, _time.GetElapsedTime(entry.Lease.Since, now), IsCopy: false))
            .OrderBy(job => job.Silo, StringComparer.Ordinal).ThenBy(job => job.SweepId, StringComparer.Ordinal).ThenBy(job => job.Sequence)]);
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<StoreEvent>> ReadEventsAsync(string? sweepId, long after, int limit, CancellationToken cancellationToken)
    {
        Task durable;
        ImmutableArray<StoreEvent> events;
        lock (_gate)
        {
            RemoveLostSilos(_time.GetTimestamp());
            events = _events.Read(sweepId, after, limit);
            durable = _events.Durable;
        }

        await durable.WaitAsync(cancellationToken); // nobody sees an event that a crash can take back
        return events;
    }

    private void RemoveLostSilos(long now)
    {
        foreach (string silo in _silos.RemoveLost(now))
        {
            Tell(StoreEventKind.SiloLost, null, EventText.Lost(silo));
        }
    }

    private void TellOfResult(SweepLedger ledger, Claim claim, JobResult result)
    {
        if (result.IsSetAside)
        {
            Tell(StoreEventKind.SetAside, ledger.Sweep, EventText.SetAside(claim.Sequence, result));
        }

        if (ledger.IsFinished)
        {
            Tell(StoreEventKind.Finished, ledger.Sweep, EventText.Finished(ledger.Sweep.Name, ledger.JobCount));
        }
    }

    /// <summary>Journals an event. Called under the lock.</summary>
    /// <returns>Completes when it is on disk.</returns>
    private Task Tell(StoreEventKind kind, SweepRecord? sweep, string text) => Tell(new(_time.GetUtcNow(), kind, sweep?.Id, OneLine.Of(text), null, null));

    /// <summary>Journals a failed attempt. Called under the lock.</summary>
    private Task TellOfFailure(SweepLedger ledger, FailedAttempt attempt) => Tell(new(
        _time.GetUtcNow(), StoreEventKind.AttemptFailed, ledger.Sweep.Id,
        EventText.AttemptFailed(attempt.Sequence, attempt.Silo, attempt.Attempts, attempt.Reason), attempt.Sequence, attempt.Reason));

    private Task Tell(JournalEntry.EventHappened happened)
    {
        if (happened is { Kind: StoreEventKind.Submitted, Sweep: { } added })
        {
            Ledger(added).Added = happened.At;
        }

        Task durable = Writer.AppendAsync(Serialize(happened), out _);
        _events.Add(happened, durable);
        return durable;
    }
}
