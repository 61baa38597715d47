using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.ExceptionServices;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Jobs;

/// <summary>What a silo does: claim a job, run it, record its result, until the sweep is finished or it is stopped. A slot goes on with the next job while its last result is on the way to disk.</summary>
internal sealed class JobLoop
{
    private readonly ISweepStore _store;
    private readonly IJobHost _host;
    private readonly JobLoopOptions _options;
    private readonly TimeProvider _time;
    private readonly Action<FinishedJob> _finished;
    private readonly ConcurrentDictionary<Claim, CancellationTokenSource> _running = new();
    private ImmutableHashSet<string> _setAside = [];
    private ExceptionDispatchInfo? _error;

    /// <summary>A loop over a store.</summary>
    /// <param name="store">Where jobs come from and results go.</param>
    /// <param name="host">Runs the jobs.</param>
    /// <param name="options">Slots and leases.</param>
    /// <param name="time">The clock.</param>
    /// <param name="finished">Told of each result that is on record, from any thread.</param>
    internal JobLoop(ISweepStore store, IJobHost host, JobLoopOptions options, TimeProvider time, Action<FinishedJob> finished)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Slots, 1, nameof(options));
        _store = store;
        _host = host;
        _options = options;
        _time = time;
        _finished = finished;
    }

    /// <summary>Works until the sweep is finished. Call it once.</summary>
    /// <param name="sweepId">The sweep; null: every sweep of the store, until it is stopped.</param>
    /// <param name="cancellationToken">Stops: running jobs are given back, what was computed is recorded.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="Graphs.SweepException">The store or this silo cannot go on; everything recorded before is safe.</exception>
    internal async Task RunAsync(string? sweepId, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using SemaphoreSlim pending = new(_options.PendingResults);
        Task renewing = StopOnErrorAsync(() => RenewAsync(stop.Token), stop);
        await Task.WhenAll(Enumerable.Range(0, _options.Slots).Select(
            _ => Task.Run(() => StopOnErrorAsync(() => WorkAsync(sweepId, pending, stop), stop), CancellationToken.None)));
        await stop.CancelAsync();
        await renewing;
        for (int i = 0; i < _options.PendingResults; i++)
        {
            await pending.WaitAsync(CancellationToken.None); // every result that was on its way has arrived or failed
        }

        _error?.Throw();
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Keeps the first error of this loop and stops the rest of it. Being stopped is no error.</summary>
    private async Task StopOnErrorAsync(Func<Task> work, CancellationTokenSource stop)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The caller stopped the loop, or it is finished, or another error goes out.
        }
        catch (Exception error)
        {
            Interlocked.CompareExchange(ref _error, ExceptionDispatchInfo.Capture(error), null);
            await stop.CancelAsync();
        }
    }

    private async Task WorkAsync(string? sweepId, SemaphoreSlim pending, CancellationTokenSource stop)
    {
        long seen = 0;
        while (!stop.IsCancellationRequested)
        {
            ImmutableArray<Claim> claims = await _store.ClaimAsync(new ClaimFilter(sweepId, _options.Version, _setAside), _options.Silo, 1, _options.Lease, stop.Token);
            if (claims.IsEmpty)
            {
                if (sweepId is not null && (await _store.ReadStatusAsync(sweepId, stop.Token)).IsFinished)
                {
                    return;
                }

                seen = await WaitAsync(seen, stop.Token);
                continue;
            }

            await WorkAsync(claims[0], pending, stop);
        }
    }

    private async Task WorkAsync(Claim claim, SemaphoreSlim pending, CancellationTokenSource stop)
    {
        long start = _time.GetTimestamp();
        JobOutcome outcome;
        try
        {
            outcome = await RunAsync(claim, stop.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return; // the claim was lost; whoever has it now computes it
        }
        catch (SweepSetAsideException)
        {
            ImmutableInterlocked.Update(ref _setAside, set => set.Add(claim.SweepId)); // its jobs are left to other silos
            return;
        }

        TimeSpan elapsed = _time.GetElapsedTime(start);
        await pending.WaitAsync(CancellationToken.None);
        _ = StopOnErrorAsync(() => RecordAsync(claim, outcome, elapsed, pending), stop);
    }

    private async Task<JobOutcome> RunAsync(Claim claim, CancellationToken stop)
    {
        CancellationTokenSource lost = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _running[claim] = lost;
        bool done = false;
        try
        {
            JobOutcome outcome = await _host.RunAsync(claim, lost.Token);
            done = true;
            return outcome;
        }
        catch (Exception error) when (JobFailures.BelongsTo(claim.Job.Kind, error))
        {
            done = true;
            return JobOutcome.Of(JobResult.Failed(JobFailures.Describe(error)));
        }
        finally
        {
            if (_running.TryRemove(claim, out _))
            {
                lost.Dispose(); // else the renewal is cancelling it at this moment
            }

            if (!done)
            {
                await _store.ReleaseAsync([claim], CancellationToken.None);
            }
        }
    }

    private async Task RecordAsync(Claim claim, JobOutcome outcome, TimeSpan elapsed, SemaphoreSlim pending)
    {
        try
        {
            await _store.TryRecordAsync(claim, outcome.Result, outcome.Proposals, CancellationToken.None);
            _finished(new FinishedJob(claim, outcome.Result, elapsed));
        }
        finally
        {
            pending.Release();
        }
    }

    private async Task<long> WaitAsync(long seen, CancellationToken stop)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using ITimer timer = _time.CreateTimer(static source => ((CancellationTokenSource)source!).Cancel(), limit, _options.Poll ?? _options.Lease, Timeout.InfiniteTimeSpan);
        try
        {
            return await _store.WaitForChangeAsync(seen, limit.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return seen; // a lease may have run out meanwhile
        }
    }

    private async Task RenewAsync(CancellationToken stop)
    {
        using PeriodicTimer timer = new(_options.Lease / 3, _time);
        while (await timer.WaitForNextTickAsync(stop))
        {
            Claim[] claims = [.. _running.Keys];
            ImmutableArray<bool> held = await _store.RenewAsync(claims, _options.Lease, stop);
            for (int i = 0; i < claims.Length; i++)
            {
                if (!held[i] && _running.TryRemove(claims[i], out CancellationTokenSource? lost))
                {
                    await lost.CancelAsync();
                }
            }
        }
    }
}
