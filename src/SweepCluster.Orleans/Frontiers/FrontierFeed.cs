using SweepCluster.Engine.Actors;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Stores;
using SweepCluster.Orleans.Sweeps;

namespace SweepCluster.Orleans.Frontiers;

/// <summary>Follows a sweep's records with a <see cref="FrontierActor"/> and hands out each new state. Reading and folding happen on this process's threads, never on the scheduler of whoever waits. Thread-safe.</summary>
internal sealed class FrontierFeed : IAsyncDisposable
{
    private static readonly TimeSpan s_breath = TimeSpan.FromMilliseconds(100); // between two looks at the store, however much is recorded

    private readonly string _sweepId;
    private readonly ISweepStore _store;
    private readonly SiloJobHost _jobs;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly Task _following;
    private TaskCompletionSource<FrontierView> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FrontierView? _state;

    /// <summary>Begins.</summary>
    internal FrontierFeed(string sweepId, ISweepStore store, SiloJobHost jobs, TimeProvider time)
    {
        _sweepId = sweepId;
        _store = store;
        _jobs = jobs;
        _time = time;
        _following = Task.Run(FollowAsync);
    }

    /// <summary>Whether it gives no new states any more.</summary>
    internal bool HasEnded => _following.IsCompleted;

    /// <summary>The present state, or where <paramref name="seen"/> is that one, the next.</summary>
    internal Task<FrontierView> NextAsync(FrontierView? seen, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _state is not null && !ReferenceEquals(_state, seen) ? Task.FromResult(_state) : _next.Task.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Stops following.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following;
        _stop.Dispose();
    }

    private async Task FollowAsync()
    {
        try
        {
            await _store.ReadStatusAsync(_sweepId, _stop.Token); // says so if there is no such sweep
            await _jobs.LookAsync(_sweepId, FollowAsync, _stop.Token);
        }
        catch (Exception error)
        {
            lock (_gate)
            {
                _next.TrySetException(error);
                _ = _next.Task.Exception; // seen, whether or not somebody waits
            }
        }
    }

    private async Task FollowAsync(OpenedSweep sweep)
    {
        FrontierActor frontier = new(sweep.Session.Spec.Objective, sweep.Records);
        for (long seen = 0; _state is not { IsOver: true }; seen = await SweepWatch.ChangeAsync(_store, seen, _time, _stop.Token))
        {
            bool isOver = SweepCounts.Of(await _store.ReadStatusAsync(_sweepId, _stop.Token)).IsOver;
            await sweep.Records.CatchUpAsync(_stop.Token); // after the status: a finished sweep's last state has all its trials
            frontier.Fold();
            Publish(new FrontierView(
                frontier.Trials, [.. frontier.Frontier.Select(FrontierPoint.Of)], frontier.Best is null ? null : FrontierPoint.Of(frontier.Best), isOver));
            await Task.Delay(isOver ? TimeSpan.Zero : s_breath, _time, _stop.Token);
        }
    }

    private void Publish(FrontierView state)
    {
        TaskCompletionSource<FrontierView> next;
        lock (_gate)
        {
            if (_state is not null && _state.SaysTheSameAs(state))
            {
                return;
            }

            _state = state;
            (next, _next) = (_next, new TaskCompletionSource<FrontierView>(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        next.SetResult(state);
    }
}
