using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Jobs;

/// <summary>Where the slots of a silo take their jobs from. One slot asks the store for all that wait, and where there is nothing waits for all of them.</summary>
internal sealed class ClaimQueue : IDisposable
{
    private readonly ISweepStore _store;
    private readonly JobLoopOptions _options;
    private readonly LeaseKeeper _keeper;
    private readonly Prefetch _prefetch;
    private readonly SetAsideSweeps _setAside;
    private readonly NextLook _next;
    private readonly TimeProvider _time;
    private readonly string? _sweepId;
    private readonly ClaimFilter _filter;
    private readonly ConcurrentQueue<HeldClaim> _ready = new();
    private readonly SemaphoreSlim _asking = new(1);
    private int _waiting;
    private long _seen;
    private long? _askedForCopy;
    private bool _isFinished;

    /// <summary>A queue before a store.</summary>
    /// <param name="store">The store.</param>
    /// <param name="options">Who asks, and how.</param>
    /// <param name="keeper">Renews what is taken.</param>
    /// <param name="prefetch">How much to take.</param>
    /// <param name="setAside">What not to take.</param>
    /// <param name="next">When to look again unasked.</param>
    /// <param name="time">The clock.</param>
    /// <param name="sweepId">Takes jobs of this sweep alone, until it is finished; null: of every sweep, for ever.</param>
    internal ClaimQueue(ISweepStore store, JobLoopOptions options, LeaseKeeper keeper, Prefetch prefetch, SetAsideSweeps setAside, NextLook next, TimeProvider time, string? sweepId)
    {
        _store = store;
        _options = options;
        _keeper = keeper;
        _prefetch = prefetch;
        _setAside = setAside;
        _next = next;
        _time = time;
        _sweepId = sweepId;
        _filter = new ClaimFilter(sweepId, options.Version, []) { Capacity = options.Capacity };
    }

    /// <summary>Jobs that wait for a slot.</summary>
    internal int Ready => _ready.Count;

    /// <summary>The next job for a slot; null when the sweep is finished. Waits as long as there is none.</summary>
    /// <exception cref="SweepStoppedException">The sweep does not go on.</exception>
    internal ValueTask<HeldClaim?> TakeAsync(CancellationToken stop) =>
        TryTake(out HeldClaim? held) ? ValueTask.FromResult<HeldClaim?>(held) : new ValueTask<HeldClaim?>(AskAsync(stop));

    /// <summary>Takes out what no slot has begun.</summary>
    internal IReadOnlyList<HeldClaim> Drain()
    {
        List<HeldClaim> left = [];
        while (TryTake(out HeldClaim? held))
        {
            left.Add(held);
        }

        return left;
    }

    /// <inheritdoc/>
    public void Dispose() => _asking.Dispose();

    private bool TryTake([NotNullWhen(true)] out HeldClaim? held)
    {
        while (_ready.TryDequeue(out held))
        {
            if (held.TryTake())
            {
                return true;
            }
        }

        return false;
    }

    private async Task<HeldClaim?> AskAsync(CancellationToken stop)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            while (true)
            {
                await _asking.WaitAsync(stop);
                try
                {
                    if (TryTake(out HeldClaim? held))
                    {
                        return held;
                    }

                    if (_isFinished || !await FillAsync(stop))
                    {
                        _isFinished = true;
                        return null;
                    }
                }
                finally
                {
                    _asking.Release();
                }
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Asks the store once. Where it has nothing, looks for a copy to make, or waits until something may have changed.</summary>
    /// <returns>False: there will never be more.</returns>
    private async Task<bool> FillAsync(CancellationToken stop)
    {
        int waiting = Volatile.Read(ref _waiting);
        long looked = _time.GetTimestamp();
        ImmutableArray<Claim> claims = await _store.ClaimAsync(_setAside.Except(_filter), _options.Silo, _prefetch.Limit(waiting), _options.Lease, stop);
        if (!claims.IsEmpty)
        {
            await AddAsync(claims, waiting);
            return true;
        }

        if (_sweepId is not null && await IsFinishedAsync(_sweepId, stop))
        {
            return false;
        }

        if (!await AddCopyAsync(stop))
        {
            _seen = await StoreChanges.WaitAsync(_store, _seen, _next.Wait(looked, Poll), _time, stop); // a lease may run out meanwhile, or a pause
        }

        return true;
    }

    private async Task AddAsync(ImmutableArray<Claim> claims, int waiting)
    {
        int kept = _prefetch.Keep(claims, waiting);
        foreach (Claim claim in claims.AsSpan()[..kept])
        {
            _ready.Enqueue(_keeper.Hold(claim));
        }

        await _keeper.GiveBackAsync([.. claims.Skip(kept).Select(_keeper.Hold)]);
    }

    private async Task<bool> IsFinishedAsync(string sweepId, CancellationToken stop)
    {
        SweepStatus status;
        try
        {
            status = await _store.ReadStatusAsync(sweepId, stop);
        }
        catch (ArgumentException)
        {
            throw new SweepStoppedException($"sweep {sweepId}: was removed.");
        }

        return status.IsFinished || status.Control.Phase switch
        {
            SweepPhase.Cancelled => throw new SweepStoppedException($"sweep {sweepId}: was cancelled."),
            SweepPhase.Stopped => throw new SweepStoppedException($"sweep {sweepId}: was stopped: {status.Control.Reason ?? "nobody said why"}"),
            _ => false,
        };
    }

    /// <summary>Looks for a job that another silo is late with, now and then.</summary>
    private async Task<bool> AddCopyAsync(CancellationToken stop)
    {
        if (_options.CopyAfter is not { } age || (_askedForCopy is { } asked && _time.GetElapsedTime(asked) < Poll))
        {
            return false;
        }

        Claim? copy = await _store.ClaimCopyAsync(_setAside.Except(_filter), _options.Silo, age, _options.Lease, stop);
        if (copy is null)
        {
            _askedForCopy = _time.GetTimestamp();
            return false;
        }

        _ready.Enqueue(_keeper.Hold(copy));
        return true;
    }

    private TimeSpan Poll => _options.Poll ?? _options.Lease;
}
