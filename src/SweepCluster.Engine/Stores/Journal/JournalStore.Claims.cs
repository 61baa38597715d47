using System.Collections.Immutable;
using SweepCluster.Engine.Jobs;
using SweepCluster.Graphs;

namespace SweepCluster.Engine.Stores.Journal;

public sealed partial class JournalStore
{
    /// <inheritdoc/>
    public Task<ImmutableArray<Claim>> ClaimAsync(ClaimFilter filter, string silo, int limit, TimeSpan lease, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _ = Writer;
        List<(JournalSpan Text, Func<Job, Claim> With)> found = [];
        lock (_gate)
        {
            long now = _time.GetTimestamp(), until = now + Ticks(lease);
            List<SweepLedger> candidates = Candidates(filter, now);
            while (found.Count < limit && candidates.Count > 0)
            {
                SweepLedger next = candidates.Count == 1 ? candidates[0] : candidates.MinBy(ledger => (-(long)ledger.Control.Priority, ledger.LeasedCount))!; // the first of equals
                if (next.Claim(silo, now, until) is (int sequence, long epoch, JobAttempts attempts))
                {
                    SweepControl control = next.Control;
                    found.Add((next.JobText(sequence), job => new Claim(next.Sweep.Id, sequence, job, epoch, silo)
                    {
                        Life = next.Life,
                        Attempts = attempts.Count,
                        LastError = attempts.LastError,
                        MaxAttempts = control.MaxAttempts,
                        TimeLimit = control.TimeLimit,
                    }));
                }
                else
                {
                    candidates.Remove(next);
                }
            }
        }

        JournalText.Pass pass = _text.Begin(several: found.Count > 2);
        return Task.FromResult<ImmutableArray<Claim>>([.. found.Select(entry => entry.With(pass.ReadJob(entry.Text)))]);
    }

    /// <inheritdoc/>
    /// <remarks>A journal has one process, so no other silo can be late.</remarks>
    public Task<Claim?> ClaimCopyAsync(ClaimFilter filter, string silo, TimeSpan leastAge, TimeSpan lease, CancellationToken cancellationToken) => Task.FromResult<Claim?>(null);

    /// <inheritdoc/>
    public Task<ImmutableArray<bool>> RenewAsync(IReadOnlyList<Claim> claims, TimeSpan lease, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            long now = _time.GetTimestamp();
            return Task.FromResult<ImmutableArray<bool>>([.. claims.Select(claim => LedgerAt(claim, now)?.Renew(claim, now + Ticks(lease)) ?? false)]);
        }
    }

    /// <inheritdoc/>
    public Task ReleaseAsync(IReadOnlyList<Claim> claims, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            foreach (Claim claim in claims)
            {
                LedgerAt(claim, _time.GetTimestamp())?.Release(claim);
            }
        }

        _changes.Announce();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async Task FailAsync(Claim claim, string reason, TimeSpan pause, CancellationToken cancellationToken)
    {
        Task durable;
        lock (_gate)
        {
            long now = _time.GetTimestamp();
            durable = LedgerAt(claim, now)?.Fail(claim, OneLine.Of(reason), pause > TimeSpan.Zero ? now + Ticks(pause) : null) ?? Task.CompletedTask;
        }

        await durable.WaitAsync(cancellationToken);
        _changes.Announce();
    }

    private List<SweepLedger> Candidates(ClaimFilter filter, long now)
    {
        List<SweepLedger> candidates = new(_sweeps.Count);
        foreach (SweepLedger ledger in _sweeps.Values)
        {
            ledger.Advance(now);
            if (ledger.Control.Phase == SweepPhase.Running && filter.Admits(ledger.Sweep))
            {
                candidates.Add(ledger);
            }
        }

        return candidates;
    }

    /// <summary>The sweep of a claim; null where it was removed, even if it was added again.</summary>
    private SweepLedger? LedgerOf(Claim claim) => _sweeps.TryGetValue(claim.SweepId, out SweepLedger? ledger) && ledger.Life == claim.Life ? ledger : null;

    /// <summary>The same with its leases as they are now.</summary>
    private SweepLedger? LedgerAt(Claim claim, long now)
    {
        SweepLedger? ledger = LedgerOf(claim);
        ledger?.Advance(now);
        return ledger;
    }
}
