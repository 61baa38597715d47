using System.Collections.Concurrent;
using System.Collections.Immutable;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Tests.Jobs;

/// <summary>A store that notes what a loop asks of it, and answers otherwise where it is told to.</summary>
internal sealed class ScriptedStore(ISweepStore inner) : DelegatingStore(inner)
{
    private int _beats;

    /// <summary>How many jobs each call asked for.</summary>
    public ConcurrentQueue<int> Asked { get; } = new();

    /// <summary>Failed attempts.</summary>
    public ConcurrentQueue<(string Key, string Reason, TimeSpan Pause)> Failed { get; } = new();

    /// <summary>Jobs that were given back.</summary>
    public ConcurrentQueue<string> Released { get; } = new();

    /// <summary>Changes what is given out.</summary>
    public Func<Claim, Claim> OnClaim { get; set; } = claim => claim;

    /// <summary>Gives copies out.</summary>
    public Func<Claim?> OnCopy { get; set; } = () => null;

    /// <summary>Says which claims still hold.</summary>
    public Func<Claim, bool> Holds { get; set; } = _ => true;

    /// <summary>Records otherwise; null: as the store does.</summary>
    public Func<Claim, RecordOutcome>? OnRecord { get; set; }

    public SiloRecord? Joined { get; private set; }

    public string? Left { get; private set; }

    public int Beats => Volatile.Read(ref _beats);

    public override async Task<ImmutableArray<Claim>> ClaimAsync(ClaimFilter filter, string silo, int limit, TimeSpan lease, CancellationToken cancellationToken)
    {
        Asked.Enqueue(limit);
        return [.. (await base.ClaimAsync(filter, silo, limit, lease, cancellationToken)).Select(OnClaim)];
    }

    public override Task<Claim?> ClaimCopyAsync(ClaimFilter filter, string silo, TimeSpan leastAge, TimeSpan lease, CancellationToken cancellationToken) => Task.FromResult(OnCopy());

    public override async Task<ImmutableArray<bool>> RenewAsync(IReadOnlyList<Claim> claims, TimeSpan lease, CancellationToken cancellationToken) =>
        [.. (await base.RenewAsync(claims, lease, cancellationToken)).Zip(claims, (held, claim) => held && Holds(claim))];

    public override async Task ReleaseAsync(IReadOnlyList<Claim> claims, CancellationToken cancellationToken)
    {
        await base.ReleaseAsync(claims, cancellationToken);
        foreach (Claim claim in claims)
        {
            Released.Enqueue(claim.Job.Key);
        }
    }

    public override async Task FailAsync(Claim claim, string reason, TimeSpan pause, CancellationToken cancellationToken)
    {
        await base.FailAsync(claim, reason, pause, cancellationToken);
        Failed.Enqueue((claim.Job.Key, reason, pause));
    }

    public override Task<RecordOutcome> TryRecordAsync(Claim claim, JobResult result, IReadOnlyList<Job> proposals, CancellationToken cancellationToken) =>
        OnRecord is null ? base.TryRecordAsync(claim, result, proposals, cancellationToken) : Task.FromResult(OnRecord(claim));

    public override Task HeartbeatAsync(SiloRecord silo, TimeSpan lease, CancellationToken cancellationToken)
    {
        Joined = silo;
        Interlocked.Increment(ref _beats);
        return Task.CompletedTask;
    }

    public override Task LeaveAsync(string silo, CancellationToken cancellationToken)
    {
        Left = silo;
        return Task.CompletedTask;
    }
}
