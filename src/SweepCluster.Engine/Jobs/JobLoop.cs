using System.Runtime.ExceptionServices;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Telemetry;

namespace SweepCluster.Engine.Jobs;

/// <summary>What a silo does: claim a job, run it, record its result, until the sweep is finished or it is stopped. A slot goes on with the next job while its last result is on the way to disk.</summary>
internal sealed class JobLoop
{
    private readonly ISweepStore _store;
    private readonly IJobHost _host;
    private readonly JobLoopOptions _options;
    private readonly TimeProvider _time;
    private readonly Action<FinishedJob> _finished;
    private ExceptionDispatchInfo? _error;

    /// <summary>A loop over a store.</summary>
    /// <param name="store">Where jobs come from and results go.</param>
    /// <param name="host">Runs the jobs.</param>
    /// <param name="options">Slots and leases.</param>
    /// <param name="time">The clock.</param>
    /// <param name="finished">Told of each result that this loop brought to the record, from any thread.</param>
    internal JobLoop(ISweepStore store, IJobHost host, JobLoopOptions options, TimeProvider time, Action<FinishedJob> finished)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Slots, 1, nameof(options));
        _store = store;
        _host = host;
        _options = options;
        _time = time;
        _finished = finished;
    }

    /// <summary>Works until the sweep is finished; waits while it is paused. Call it once.</summary>
    /// <param name="sweepId">The sweep; null: every sweep of the store, until it is stopped.</param>
    /// <param name="cancellationToken">Stops: running jobs are given back, what was computed is recorded.</param>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    /// <exception cref="SweepStoppedException">Somebody cancelled, stopped or removed the sweep.</exception>
    /// <exception cref="Graphs.SweepException">The store or this silo cannot go on; everything recorded before is safe.</exception>
    internal async Task RunAsync(string? sweepId, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        LeaseKeeper keeper = new(_store, _options, _time);
        Prefetch prefetch = new(_options.Slots);
        SetAsideSweeps setAside = new(_time);
        NextLook next = new(_time);
        using ClaimQueue queue = new(_store, _options, keeper, prefetch, setAside, next, _time, sweepId);
        AttemptRunner runner = new(_store, _host, _options, keeper, prefetch, setAside, next, _time);
        using ResultRecorder recorder = new(_store, _options, keeper, _finished);

        using IDisposable shown = SiloGauges.Show(new View(_options.Slots, queue, runner, recorder, keeper));
        await StopOnErrorAsync(() => keeper.JoinAsync(stop.Token), stop);
        Task keeping = StopOnErrorAsync(() => keeper.RunAsync(stop.Token), stop);
        using (stop.Token.UnsafeRegister(static keeper => ((LeaseKeeper)keeper!).CancelAll(), keeper))
        {
            await Task.WhenAll(Enumerable.Range(0, _options.Slots).Select(
                _ => Task.Run(() => StopOnErrorAsync(() => WorkAsync(queue, runner, recorder, stop), stop), CancellationToken.None)));
        }

        await stop.CancelAsync();
        await keeping;
        await keeper.GiveBackAsync(queue.Drain());
        await recorder.DrainAsync();
        await keeper.LeaveAsync();
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

    /// <summary>One slot.</summary>
    private async Task WorkAsync(ClaimQueue queue, AttemptRunner runner, ResultRecorder recorder, CancellationTokenSource stop)
    {
        while (!stop.IsCancellationRequested && await queue.TakeAsync(stop.Token) is { } held)
        {
            if (await runner.RunAsync(held, stop.Token) is var (outcome, elapsed))
            {
                await recorder.ReserveAsync();
                _ = StopOnErrorAsync(() => recorder.RecordAsync(held, outcome, elapsed), stop);
            }
        }
    }

    /// <summary>What gauges tell of a loop.</summary>
    private sealed class View(int slots, ClaimQueue queue, AttemptRunner runner, ResultRecorder recorder, LeaseKeeper keeper) : ILoopView
    {
        public (int Used, int All) Slots => (Math.Min(runner.Running, slots), slots);

        public int Ready => queue.Ready;

        public int Pending => recorder.Pending;

        public IEnumerable<(string SweepId, JobKind Kind, TimeSpan Age)> Running => keeper.Running;
    }
}
