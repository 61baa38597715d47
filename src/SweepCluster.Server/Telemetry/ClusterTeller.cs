using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Telemetry;
using SweepCluster.Graphs;
using SweepCluster.Server.Feeds;

namespace SweepCluster.Server.Telemetry;

/// <summary>Prepares what a server tells of its store: its sweeps, silos and events, about once a second while somebody looks.</summary>
internal sealed partial class ClusterTeller : BackgroundService
{
    internal const string MeterName = "SweepCluster.Cluster";

    private const int PageSize = 1000;
    private const int MostRunning = SummaryShelf.MostOpen - 1; // running sweeps that are asked for summaries again and again: one place is left to who looks
    private const int MostOthers = 4; // sweeps that are asked for the one summary of what they have, at a time
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_rest = TimeSpan.FromSeconds(30); // before what failed is asked for again
    private static readonly TimeSpan s_longFinished = TimeSpan.FromHours(1);

    private readonly ServerParts _parts;
    private readonly ISweepFeeds _feeds;
    private readonly TimeProvider _time;
    private readonly ILogger<ClusterTeller> _log;
    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _events;
    private readonly IDisposable _registration;
    private readonly Dictionary<string, Fold> _folds = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _finished = new(StringComparer.Ordinal); // when, by the store's clock
    private readonly NotedKinds _failures = new();
    private ImmutableArray<ToldSweep> _told = [];
    private ClusterState _state = ClusterState.Unknown;
    private Dictionary<string, SweepListing> _listed = []; // finished ones
    private long _eventsRead;

    /// <summary>Tells nothing yet.</summary>
    internal ClusterTeller(ServerParts parts, ISweepFeeds feeds, TimeProvider time, ILogger<ClusterTeller> log)
    {
        _parts = parts;
        _feeds = feeds;
        _time = time;
        _log = log;
        _events = _meter.CreateCounter<long>("sweepcluster.events", "{event}", "Events of the store since this process was started.");
        _meter.CreateObservableGauge<long>("sweepcluster.sweeps", () => _state.Phases, "{sweep}", "Sweeps of the store.");
        _meter.CreateObservableGauge<long>("sweepcluster.sweeps.untold", () => _state.Untold, "{sweep}", "Sweeps without sweep gauges.");
        _meter.CreateObservableGauge("sweepcluster.silo.slots", () => Silos(static silo => silo.Silo.Capacity.Slots), "{slot}", "Slots of a silo that is there.");
        _meter.CreateObservableGauge("sweepcluster.silo.jobs", () => Silos(static silo => silo.Leased), "{job}", "Jobs that a silo holds.");
        _meter.CreateObservableGauge("sweepcluster.silo.memory", () => Silos(static silo => silo.Silo.Capacity.MemoryBytes), "By", "Memory that a silo has for sweeps.");
        _meter.CreateObservableGauge("sweepcluster.silo.silence", () => Silos(static silo => silo.Silence.TotalSeconds), "s", "Time since a silo was heard of.");
        _registration = SweepGauges.Add(() => _told);
    }

    /// <summary>Looks at the store and prepares everything anew, whether or not somebody looks. One caller at a time.</summary>
    internal async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await ReadEventsAsync(count: true, cancellationToken);
        ImmutableArray<SweepListing> sweeps = await ListAsync(cancellationToken);
        DateTimeOffset now = _time.GetUtcNow();
        SweepListing[] told = [.. sweeps
            .Where(sweep => !sweep.Status.IsFinished || (_finished.TryGetValue(sweep.Id, out DateTimeOffset at) && now - at < s_longFinished))
            .OrderByDescending(static sweep => sweep.IsRunning)
            .ThenByDescending(static sweep => sweep.Status.Added)
            .Take(SweepGauges.MostSweeps)];
        _state = new ClusterState(
            [.. SweepListing.Phases.Select(phase => new Measurement<long>(sweeps.Count(sweep => sweep.Phase == phase), new KeyValuePair<string, object?>("phase", phase)))],
            [new Measurement<long>(sweeps.Length - told.Length)],
            await _parts.Store.ListSilosAsync(cancellationToken));
        ImmutableArray<ToldSweep>.Builder prepared = ImmutableArray.CreateBuilder<ToldSweep>(told.Length);
        int running = 0, others = 0;
        foreach (SweepListing sweep in told)
        {
            Fold fold = FoldOf(sweep.Id);
            bool maySummarize = sweep.IsRunning ? running++ < MostRunning : fold.HasNews(sweep) && others++ < MostOthers;
            prepared.Add(await TellAsync(fold, sweep, maySummarize, cancellationToken));
        }

        _told = prepared.ToImmutable();
        foreach (string gone in _folds.Keys.Except(told.Select(static sweep => sweep.Id)).ToArray())
        {
            _folds.Remove(gone);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _registration.Dispose();
        _meter.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (StoreEventKind kind in Enum.GetValues<StoreEventKind>())
        {
            _events.Add(0, TagOf(kind));
        }

        bool hasBegun = false;
        using PeriodicTimer timer = new(s_period, _time);
        try
        {
            do
            {
                try
                {
                    if (!hasBegun)
                    {
                        await ReadEventsAsync(count: false, stoppingToken); // what was before this process
                        hasBegun = true;
                    }

                    if (SweepGauges.IsWanted)
                    {
                        await PrepareAsync(stoppingToken);
                    }
                    else if (_log.IsEnabled(LogLevel.Information))
                    {
                        await ReadEventsAsync(count: true, stoppingToken);
                    }
                }
                catch (Exception error) when (!stoppingToken.IsCancellationRequested)
                {
                    _state = ClusterState.Unknown; // what is not known is not told
                    Note(error);
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private async Task ReadEventsAsync(bool count, CancellationToken cancellationToken)
    {
        for (ImmutableArray<StoreEvent> page; !(page = await _parts.Store.ReadEventsAsync(null, _eventsRead, PageSize, cancellationToken)).IsEmpty;)
        {
            foreach (StoreEvent entry in page)
            {
                _eventsRead = entry.Number;
                if (count)
                {
                    _events.Add(1, TagOf(entry.Kind));
                    LogLevel level = LevelOf(entry.Kind);
                    LogEvent(level, entry.Kind, entry.SweepId, entry.Text);
                }

                if (entry is { Kind: StoreEventKind.Finished, SweepId: { } finished })
                {
                    _finished[finished] = entry.At;
                }
                else if (entry is { Kind: StoreEventKind.Removed, SweepId: { } removed })
                {
                    _finished.Remove(removed);
                }
            }
        }
    }

    /// <summary>Every sweep with its counts. One that is finished stays so, until it is removed.</summary>
    private async Task<ImmutableArray<SweepListing>> ListAsync(CancellationToken cancellationToken)
    {
        ImmutableArray<SweepListing>.Builder sweeps = ImmutableArray.CreateBuilder<SweepListing>();
        foreach (SweepRecord sweep in await _parts.Store.ListSweepsAsync(cancellationToken))
        {
            try
            {
                sweeps.Add(_listed.TryGetValue(sweep.Id, out SweepListing? known) ? known : new SweepListing(sweep, await _parts.Store.ReadStatusAsync(sweep.Id, cancellationToken)));
            }
            catch (ArgumentException)
            {
                // Somebody removed it meanwhile.
            }
        }

        _listed = sweeps.Where(static sweep => sweep.Status.IsFinished && sweep.Status.Jobs > 0).ToDictionary(static sweep => sweep.Id, StringComparer.Ordinal);
        return sweeps.DrainToImmutable();
    }

    private Fold FoldOf(string sweepId)
    {
        if (!_folds.TryGetValue(sweepId, out Fold? fold))
        {
            _folds.Add(sweepId, fold = new Fold(_feeds, _time));
        }

        return fold;
    }

    /// <summary>Tells one sweep; where that fails, the others are told all the same.</summary>
    private async Task<ToldSweep> TellAsync(Fold fold, SweepListing sweep, bool maySummarize, CancellationToken cancellationToken)
    {
        try
        {
            return await fold.TellAsync(sweep, maySummarize, cancellationToken);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            Note(error); // its model is lost, somebody removed it just now, or the disk is full
            return fold.Fail(sweep);
        }
    }

    /// <summary>Logs an error that is none of the store's sweeps, each kind once, not every second.</summary>
    private void Note(Exception error)
    {
        if (error is not (SweepException or ArgumentException) && _failures.IsFirst(error)) // those others say
        {
            LogFailure(error, JobFailures.Describe(error));
        }
    }

    private IEnumerable<Measurement<double>> Silos(Func<SiloStatus, double> figure) =>
        _state.Silos.Select(silo => new Measurement<double>(figure(silo), new KeyValuePair<string, object?>("silo", silo.Silo.Name)));

    /// <summary>The label of an event.</summary>
    internal static KeyValuePair<string, object?> TagOf(StoreEventKind kind) => new("kind", JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString()));

    private static LogLevel LevelOf(StoreEventKind kind) => kind switch
    {
        StoreEventKind.AttemptFailed or StoreEventKind.SiloLost => LogLevel.Warning,
        StoreEventKind.SetAside => LogLevel.Error,
        _ => LogLevel.Information,
    };

    [LoggerMessage(EventId = 3001, EventName = "StoreEvent", Message = "{Kind} {SweepId}: {Text}")]
    private partial void LogEvent(LogLevel level, StoreEventKind kind, string? sweepId, string text);

    [LoggerMessage(EventId = 3002, Level = LogLevel.Error, Message = "What a server tells of its sweeps could not be prepared in whole: {Reason}")]
    private partial void LogFailure(Exception error, string reason);

    /// <summary>What is known of one sweep from one time to the next: what is told, and no summary.</summary>
    private sealed class Fold(ISweepFeeds feeds, TimeProvider time)
    {
        private readonly SummaryPace _pace = new(time);
        private ToldSweep? _told;
        private long _version = -1;
        private long? _failed; // when

        /// <summary>Whether a summary would say something new, and can be had as far as is known.</summary>
        internal bool HasNews(SweepListing sweep) => _pace.HasNews(sweep.Status.Results) && (_failed is not { } at || time.GetElapsedTime(at) >= s_rest);

        internal async Task<ToldSweep> TellAsync(SweepListing sweep, bool maySummarize, CancellationToken cancellationToken)
        {
            if (_told is not null && sweep.Status.IsFinished && !_pace.HasNews(sweep.Status.Results))
            {
                return _told; // nothing new comes
            }

            SweepState state = await feeds.NextAsync(sweep.Id, 0, cancellationToken);
            if (maySummarize && HasNews(state.Sweep) && _pace.IsDue(state.Sweep.Status.Results, isUrgent: _told?.HasSummary != true || state.Sweep.Status.IsFinished))
            {
                long start = time.GetTimestamp();
                _told = new ToldSweep(state.Sweep, state.Progress, await feeds.SummarizeAsync(sweep.Id, cancellationToken), []);
                _pace.Made(state.Sweep.Status.Results, start);
                _failed = null;
            }
            else if (_told is null || state.Version != _version)
            {
                _told = new ToldSweep(state.Sweep, state.Progress, _told);
            }

            _version = state.Version;
            return _told;
        }

        /// <summary>What is told where nothing can be learnt now.</summary>
        internal ToldSweep Fail(SweepListing sweep)
        {
            _failed = time.GetTimestamp();
            return new ToldSweep(sweep, null, _told);
        }
    }
}
