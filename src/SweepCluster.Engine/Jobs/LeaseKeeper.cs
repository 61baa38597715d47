using System.Collections.Concurrent;
using System.Collections.Immutable;
using SweepCluster.Engine.Sessions;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Telemetry;

namespace SweepCluster.Engine.Jobs;

/// <summary>Keeps what a silo has in the store: its claims, renewed three times a lease, and its place among the silos. Thread-safe.</summary>
internal sealed class LeaseKeeper(ISweepStore store, JobLoopOptions options, TimeProvider time)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5); // to give back what ends by itself a little later

    private readonly ConcurrentDictionary<HeldClaim, bool> _held = new();

    /// <summary>Holds claims that were just given out.</summary>
    internal HeldClaim Hold(Claim claim)
    {
        HeldClaim held = new(claim);
        _held[held] = true;
        return held;
    }

    /// <summary>Renews a claim no longer.</summary>
    internal void Forget(HeldClaim held)
    {
        _held.TryRemove(held, out _);
        held.Dispose();
    }

    /// <summary>Jobs that run, with the time since they began.</summary>
    internal IEnumerable<(string SweepId, JobKind Kind, TimeSpan Age)> Running => _held.Keys
        .Select(static held => (held.Claim, held.Began)).Where(static job => job.Began != 0).Select(job => (job.Claim.SweepId, job.Claim.Job.Kind, time.GetElapsedTime(job.Began)));

    /// <summary>Gives claims back, without blame. Where the store does not answer, their leases end by themselves.</summary>
    internal async Task GiveBackAsync(IReadOnlyList<HeldClaim> claims)
    {
        foreach (HeldClaim held in claims)
        {
            Forget(held);
        }

        if (claims.Count > 0)
        {
            await BrieflyAsync(token => store.ReleaseAsync([.. claims.Select(held => held.Claim)], token));
        }
    }

    /// <summary>Shows the silo to the store, where it is to be seen.</summary>
    internal Task JoinAsync(CancellationToken cancellationToken) => options.Capacity is { } capacity
        ? store.HeartbeatAsync(new SiloRecord(options.Silo, options.Version ?? SweepModel.Version, capacity), options.Lease, cancellationToken)
        : Task.CompletedTask;

    /// <summary>Says that the silo goes. Where the store does not answer, it finds out by itself.</summary>
    internal Task LeaveAsync() => options.Capacity is null ? Task.CompletedTask : BrieflyAsync(token => store.LeaveAsync(options.Silo, token));

    /// <summary>Renews until it is stopped. A job whose claim is lost is cancelled; what was claimed ahead and no slot has begun since the last time is given back.</summary>
    internal async Task RunAsync(CancellationToken stop)
    {
        using PeriodicTimer timer = new(options.Lease / 3, time);
        while (await timer.WaitForNextTickAsync(stop))
        {
            await RenewAsync(stop);
            await JoinAsync(stop);
        }
    }

    /// <summary>Tells every job to stop.</summary>
    internal void CancelAll()
    {
        foreach (HeldClaim held in _held.Keys)
        {
            _ = held.CancelAsync();
        }
    }

    private async Task RenewAsync(CancellationToken stop)
    {
        ILookup<bool, HeldClaim> held = _held.Keys.ToLookup(claim => claim.TryTakeLate());
        await GiveBackAsync([.. held[true]]); // claimed ahead, and the slots are at something longer: others may be free
        HeldClaim[] claims = [.. held[false]];
        if (claims.Length == 0)
        {
            return;
        }

        ImmutableArray<bool> kept = await store.RenewAsync([.. claims.Select(claim => claim.Claim)], options.Lease, stop);
        for (int i = 0; i < claims.Length; i++)
        {
            if (!kept[i] && _held.TryRemove(claims[i], out _))
            {
                if (claims[i].Began != 0) // else its own result was just recorded
                {
                    WorkMetrics.LoseLease(claims[i].Claim.Job.Kind);
                    options.Log.LoseLease(claims[i].Claim);
                }

                await claims[i].CancelAsync();
            }
        }
    }

    private async Task BrieflyAsync(Func<CancellationToken, Task> call)
    {
        using CancellationTokenSource patience = new(s_patience, time);
        try
        {
            await call(patience.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or StoreUnavailableException)
        {
            // Nothing is lost by it: leases end by themselves.
        }
    }
}
