using System.Collections.Immutable;
using SweepCluster.Engine.Actors;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Records;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Stores;
using SweepCluster.Sweeps.Specs;

namespace SweepCluster.Server.Feeds;

/// <summary>Follows one sweep for all who watch it, and ends when nobody has asked for a while. It needs neither model nor data. Thread-safe.</summary>
internal sealed class SweepFeed
{
    private static readonly TimeSpan s_breath = TimeSpan.FromMilliseconds(250); // between two states, however much is recorded
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1); // without anybody who asks

    private readonly SweepRecord _sweep;
    private readonly ISweepStore _store;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private TaskCompletionSource<SweepState> _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private SweepState? _state;
    private long _version;
    private long _asked;
    private int _waiting;
    private bool _isClosed;

    /// <summary>A feed that has not begun.</summary>
    internal SweepFeed(SweepRecord sweep, ISweepStore store, TimeProvider time)
    {
        _sweep = sweep;
        _store = store;
        _time = time;
        _asked = time.GetTimestamp();
        _version = time.GetUtcNow().ToUnixTimeMilliseconds(); // greater than any that an earlier feed of this sweep gave out, also before a restart
    }

    /// <summary>Completes when nobody is told anything any more.</summary>
    internal Task Following { get; private set; } = Task.CompletedTask;

    /// <summary>Whether it has ended, or is about to.</summary>
    internal bool IsClosed
    {
        get
        {
            lock (_gate)
            {
                return _isClosed;
            }
        }
    }

    /// <summary>Begins to follow.</summary>
    internal void Begin(CancellationToken cancellationToken) => Following = Task.Run(() => RunAsync(cancellationToken), CancellationToken.None);

    /// <summary>The present state, or where <paramref name="seen"/> is that one, the next.</summary>
    /// <returns>Null: it has ended, and another feed must begin.</returns>
    internal Task<SweepState>? TryNext(long seen, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return null;
            }

            _asked = _time.GetTimestamp();
            if (_state is { } state && state.Version != seen)
            {
                return Task.FromResult(state);
            }

            _waiting++;
            return WaitAsync(_next.Task, cancellationToken);
        }
    }

    private async Task<SweepState> WaitAsync(Task<SweepState> next, CancellationToken cancellationToken)
    {
        try
        {
            return await next.WaitAsync(cancellationToken);
        }
        finally
        {
            lock (_gate)
            {
                _waiting--;
                _asked = _time.GetTimestamp();
            }
        }
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (!HasNobody())
            {
                await FollowAsync(cancellationToken);
            }
        }
        catch (Exception error)
        {
            lock (_gate)
            {
                _isClosed = true;
                _next.TrySetException(error is ArgumentException ? SweepWatch.Removed(_sweep) : error);
                _ = _next.Task.Exception; // seen, whether or not somebody waits
            }
        }
    }

    /// <summary>Follows one life of the sweep.</summary>
    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        WatchedRecords records = new(_store, _sweep.Id);
        await records.CatchUpAsync(cancellationToken);
        SweepSpec spec = Bundles.SpecOf(_sweep.Request);
        ProgressMeter meter = new(spec, () => SweepWatch.SpaceOf(spec, records), records, _time);
        FrontierActor frontier = meter.Frontier;
        for (long seen = 0; !HasNobody(); seen = await SweepWatch.ChangeAsync(_store, seen, _time, cancellationToken))
        {
            SweepStatus status = await SweepWatch.ReadStatusAsync(_store, _sweep, cancellationToken);
            if (status.Jobs < records.Counts.Jobs && status.Results < records.Counts.Results)
            {
                return; // removed and handed in again
            }

            await records.CatchUpAsync(cancellationToken); // after the status: a finished sweep's last state has all its trials
            SweepProgress progress = meter.Measure(status.IsFinished) with { Phase = status.Control.Phase };
            Publish(new SweepListing(_sweep, status), progress, frontier.Trials, frontier.Frontier);
            await Task.Delay(s_breath, _time, cancellationToken);
        }
    }

    private void Publish(SweepListing sweep, SweepProgress progress, int trials, ImmutableArray<BestPoint> frontier)
    {
        TaskCompletionSource<SweepState> next;
        SweepState state;
        lock (_gate)
        {
            if (_state is { } known && known.Sweep.Status == sweep.Status && known.Trials == trials && known.Progress.JobsDone == progress.JobsDone && known.Progress.Stage == progress.Stage)
            {
                return;
            }

            ImmutableArray<BestPoint> points = _state is { } before && before.Frontier.SequenceEqual(frontier) ? before.Frontier : frontier;
            _state = state = new SweepState(++_version, sweep, progress, trials, points)
            {
                IsOver = sweep.Status.IsFinished || sweep.Status.Control.Phase is SweepPhase.Cancelled or SweepPhase.Stopped,
            };
            (next, _next) = (_next, new TaskCompletionSource<SweepState>(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        next.SetResult(state);
    }

    /// <summary>Whether nobody has asked for a while; then nobody can any more.</summary>
    private bool HasNobody()
    {
        lock (_gate)
        {
            return _isClosed |= _waiting == 0 && _time.GetElapsedTime(_asked) >= s_patience;
        }
    }
}
