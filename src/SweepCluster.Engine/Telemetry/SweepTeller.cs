using System.Collections.Immutable;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Records;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Stores;
using SweepCluster.Graphs;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Summaries;
using SweepCluster.Sweeps.Trials;

namespace SweepCluster.Engine.Telemetry;

/// <summary>Prepares the gauges of the sweeps that this process has open, about once a second while somebody looks, beside the jobs. Whatever goes wrong with it is no fault of the work's.</summary>
internal sealed class SweepTeller : IAsyncDisposable
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);

    private readonly ISweepStore _store;
    private readonly Func<ImmutableArray<OpenView>> _open;
    private readonly TimeProvider _time;
    private readonly SiloLog _log;
    private readonly LayerTimes _layers = new();
    private readonly Dictionary<SweepRecords, Fold> _folds = new(ReferenceEqualityComparer.Instance);
    private readonly NotedKinds _failures = new();
    private readonly SemaphoreSlim _preparing = new(1);
    private readonly CancellationTokenSource _stop = new();
    private readonly IDisposable _registration;
    private readonly Task _telling;
    private ImmutableArray<ToldSweep> _told = [];

    /// <summary>Begins to tell.</summary>
    /// <param name="store">The store.</param>
    /// <param name="open">The sweeps that are open now.</param>
    /// <param name="time">The clock.</param>
    /// <param name="log">Told what goes wrong.</param>
    internal SweepTeller(ISweepStore store, Func<ImmutableArray<OpenView>> open, TimeProvider time, SiloLog log)
    {
        _store = store;
        _open = open;
        _time = time;
        _log = log;
        _registration = SweepGauges.Add(() => _told);
        _telling = Task.Run(TellAsync, CancellationToken.None);
    }

    /// <summary>A job's result is on record.</summary>
    internal void Finish(FinishedJob job)
    {
        WorkMetrics.Finish(job);
        _layers.Add(job);
    }

    /// <summary>Prepares everything anew, whether or not somebody looks.</summary>
    internal async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await _preparing.WaitAsync(cancellationToken);
        try
        {
            await PrepareAllAsync(cancellationToken);
        }
        finally
        {
            _preparing.Release();
        }
    }

    /// <summary>Tells no more.</summary>
    public async ValueTask DisposeAsync()
    {
        _registration.Dispose();
        await _stop.CancelAsync();
        await _telling; // which throws nothing: the work's own result stands
        _stop.Dispose();
        _preparing.Dispose();
    }

    private async Task PrepareAllAsync(CancellationToken cancellationToken)
    {
        ImmutableArray<OpenView> open = _open();
        ImmutableArray<ToldSweep>.Builder told = ImmutableArray.CreateBuilder<ToldSweep>(open.Length);
        foreach (OpenView sweep in open.Take(SweepGauges.MostSweeps))
        {
            if (await PrepareAsync(sweep, cancellationToken) is { } prepared)
            {
                told.Add(prepared);
            }
        }

        _told = told.ToImmutable();
        KeepLayers(open);
        foreach (SweepRecords closed in _folds.Keys.Except(open.Select(static sweep => sweep.Records)).ToArray())
        {
            _folds.Remove(closed);
        }
    }

    private async Task TellAsync()
    {
        using PeriodicTimer timer = new(s_period, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                await TryPrepareAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // The work ends.
        }
    }

    private async Task TryPrepareAsync()
    {
        try
        {
            if (SweepGauges.IsWanted)
            {
                await PrepareAsync(_stop.Token);
            }
            else
            {
                KeepLayers(_open()); // jobs are noted whether or not somebody looks
            }
        }
        catch (Exception error) when (!_stop.IsCancellationRequested)
        {
            Note(error);
        }
    }

    /// <summary>Logs an error, each kind once, not every second.</summary>
    private void Note(Exception error)
    {
        if (_failures.IsFirst(error))
        {
            _log.SweepsUntold(error, JobFailures.Describe(error));
        }
    }

    private void KeepLayers(ImmutableArray<OpenView> open) => _layers.Keep(open.Select(static sweep => sweep.Session.Record.Id).ToHashSet(StringComparer.Ordinal));

    private async Task<ToldSweep?> PrepareAsync(OpenView sweep, CancellationToken cancellationToken)
    {
        try
        {
            SweepStatus status = await _store.ReadStatusAsync(sweep.Session.Record.Id, cancellationToken);
            await sweep.Records.CatchUpAsync(cancellationToken);
            if (!_folds.TryGetValue(sweep.Records, out Fold? fold))
            {
                _folds.Add(sweep.Records, fold = new Fold(sweep, _time));
            }

            return fold.Tell(status, _layers.Of(sweep.Session.Record.Id));
        }
        catch (Exception error) when (error is SweepException or ArgumentException or ObjectDisposedException)
        {
            return null; // the store is away, somebody removed the sweep, or it is closed just now
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            Note(error);
            return null; // the others are told
        }
    }

    /// <summary>What is known of one sweep from one time to the next.</summary>
    private sealed class Fold(OpenView sweep, TimeProvider time)
    {
        private readonly ProgressMeter _meter = new(sweep.Session, sweep.Records, time);
        private readonly SummaryPace _pace = new(time);
        private SweepSummary? _summary;

        internal ToldSweep Tell(SweepStatus status, IEnumerable<KeyValuePair<string, TimeSpan>> layerTimes)
        {
            int results = sweep.Records.Counts.Results;
            if (_pace.IsDue(results, isUrgent: _summary is null || status.IsFinished))
            {
                long start = time.GetTimestamp();
                _summary = IsMeasured(sweep.Records.FindTrial(Plan.Baseline.Id, SampleRange.Choice)) ? SummaryFactory.Build(sweep.Session.Model, sweep.Session.Record, sweep.Records) : null;
                _pace.Made(results, start);
            }

            return new ToldSweep(new SweepListing(sweep.Session.Record, status), _meter.Measure(status.IsFinished), _summary, layerTimes);
        }

        private static bool IsMeasured(TrialEntry? baseline) => baseline is { IsComplete: true } && baseline.ToResult().Failure is null;
    }
}
