using System.Collections.Immutable;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Runs;
using SweepCluster.Reports.Components;
using SweepCluster.Reports.Findings;
using SweepCluster.Reports.Html;
using SweepCluster.Reports.Listing;
using SweepCluster.Server.Feeds;
using SweepCluster.Server.Pages.Events;
using SweepCluster.Server.Pages.Live;
using SweepCluster.Server.Pages.Silos;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Server.Pages.Sweeps;

/// <summary>One sweep, live.</summary>
/// <param name="sources">What the pages are made from.</param>
/// <param name="sweepId">The sweep's whole id.</param>
/// <param name="query">Which trials are listed.</param>
/// <param name="time">The clock.</param>
internal sealed class SweepView(PageSources sources, string sweepId, TrialQuery query, TimeProvider time) : ILiveView
{
    private const int Slowest = 10; // of the time that passes at most one part in so many goes into one watcher's summaries

    private static readonly TimeSpan s_least = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_most = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(5); // silos and time left move without a state
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(600); // of a page for results that are still being read

    private static readonly PagePart[] s_none = [new("verdict", ""), new("export", ""), new("skipped", ""), new("provenance", "")]; // their places, before there are results

    private readonly LivePage _live = new(Api.ApiPaths.Sweeps + "/" + sweepId + "/", id => (query with { Trial = id }).ToQueryString() + "#t-" + id);
    private SweepState? _state;
    private Task<SweepSummary?>? _reading;
    private SweepSummary? _summary;
    private long _readAt;
    private TimeSpan _pause;
    private long _number;

    /// <inheritdoc/>
    public async Task<PageView> NextAsync(long seen, CancellationToken cancellationToken)
    {
        _state = await StateAsync(seen, cancellationToken);
        await SummarizeAsync(seen, cancellationToken);
        bool isFinal = _state.Sweep.Status.IsFinished;
        string name = _state.Sweep.Record.Name, phase = _state.Sweep.Phase;
        double share = isFinal ? 1 : _state.Progress.Share;
        string title = _state.Sweep.IsRunning ? $"{PageWords.Share(share)} {name}" : $"{name}, {phase}";
        string said = _state.Sweep.IsRunning ? $"{name}: {PageWords.Stage(_state.Progress.Stage)}, {(int)(share * 10) * 10} % done" : $"{name} is {phase}";
        bool isOver = _state.IsOver && isFinal && _reading is null && _summary is not null;
        return new PageView(++_number, title, said, await PartsAsync(_state, isFinal, cancellationToken)) { IsOver = isOver };
    }

    private async Task<SweepState> StateAsync(long seen, CancellationToken cancellationToken)
    {
        if (seen == 0 || _state is null)
        {
            return await sources.Feeds.NextAsync(sweepId, 0, cancellationToken);
        }

        using CancellationTokenSource waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task<SweepState> next = sources.Feeds.NextAsync(sweepId, _state.Version, waiting.Token);
        Task tick = Task.Delay(_reading is null ? s_tick : s_least, time, waiting.Token);
        Task first = await Task.WhenAny(next, tick);
        await waiting.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        return first == next ? await next : _state;
    }

    // What is not read in time comes with a later view; what is large is read less often.
    private async Task SummarizeAsync(long seen, CancellationToken cancellationToken)
    {
        if (_reading is null && (_summary is null || time.GetElapsedTime(_readAt) >= _pause))
        {
            _readAt = time.GetTimestamp();
            _reading = sources.Feeds.SummarizeAsync(sweepId, cancellationToken);
        }

        if (_reading is not null && (_reading.IsCompleted || await Task.WhenAny(_reading, Task.Delay(seen == 0 ? s_patience : s_least, time, cancellationToken)) == _reading))
        {
            _summary = await _reading ?? _summary;
            _reading = null;
            TimeSpan took = time.GetElapsedTime(_readAt) * Slowest;
            _pause = _state!.Sweep.Status.IsFinished ? TimeSpan.Zero : took < s_least ? TimeSpan.Zero : took > s_most ? s_most : took;
        }
    }

    private async Task<ImmutableArray<PagePart>> PartsAsync(SweepState state, bool isFinal, CancellationToken cancellationToken)
    {
        EventPage events = await sources.Events.ReadAsync(sweepId, cancellationToken);
        SiloBoard board = await sources.Silos.ReadAsync(cancellationToken);
        RenderShelf shelf = sources.Shelf;
        string? waits = Standstill.Of(state.Sweep, [.. board.Silos.Select(silo => silo.Status)]);
        SweepHeadView head = Head(state with { Sweep = state.Sweep with { Waits = waits } }, _summary);
        PagePart top = await shelf.RenderAsync<SweepHead>(state, "head", $"{head.Trials} {head.OnFrontier} {head.Best?.TrialId} {waits}", () => new Dictionary<string, object?> { ["View"] = head });
        PagePart silos = await shelf.RenderAsync<SweepSilos>(board, "silos", sweepId, () => new Dictionary<string, object?> { ["Board"] = board, ["SweepId"] = sweepId });
        PagePart happened = await shelf.RenderAsync<SweepEvents>(events, "events", sweepId, () => new Dictionary<string, object?> { ["Entries"] = events.Entries });
        if (_summary is not { } summary)
        {
            PagePart[] held =
            [
                top, s_none[0], await WaitingAsync(state, "frontier", "Frontier"), silos, happened, await WaitingAsync(state, "trials", "Trials"), s_none[1],
                await WaitingAsync(state, "sensitivity", "Sensitivity"), s_none[2], s_none[3],
            ];
            return _reading is null ? [.. held] : [.. held.Select(part => part == top || part == silos || part == happened ? part : part with { IsPlaceholder = true })];
        }

        string final = isFinal ? "final" : "";
        LivePage live = isFinal ? _live with { Export = id => (query with { Trial = id }).ToQueryString() + "#export" } : _live;
        return
        [
            top,
            await OnPageAsync<SweepVerdict>(live, summary, "verdict", final, new Dictionary<string, object> { ["Summary"] = summary, ["IsFinal"] = isFinal }),
            await OnPageAsync<FrontierPlot>(live, summary, "frontier", final + query.ToQueryString(), new Dictionary<string, object> { ["Summary"] = summary }),
            silos,
            happened,
            await OnPageAsync<TrialListing>(live, summary, "trials", final + query.ToQueryString(), new Dictionary<string, object> { ["Summary"] = summary, ["Query"] = query }),
            await OnPageAsync<SweepExport>(live, summary, "export", final + query.Trial, new Dictionary<string, object> { ["Summary"] = summary, ["IsFinal"] = isFinal, ["Picked"] = query.Trial! }),
            await OnPageAsync<SensitivityMap>(live, summary, "sensitivity", "", new Dictionary<string, object> { ["Summary"] = summary }),
            await OnPageAsync<SkippedTable>(live, summary, "skipped", "", new Dictionary<string, object> { ["Summary"] = summary }),
            await OnPageAsync<ProvenancePanel>(live, summary, "provenance", "", new Dictionary<string, object> { ["Summary"] = summary }),
        ];
    }

    // One source for what is said of trials: the parts must not contradict each other.
    private static SweepHeadView Head(SweepState state, SweepSummary? summary)
    {
        SweepHeadView head = new(state.Sweep, state.Progress, state.Trials, state.Frontier.Length, state.Progress.Best, SweepMetric.Of(state.Sweep.Record));
        return summary is null ? head : head with
        {
            Trials = summary.Trials.Length,
            OnFrontier = summary.Trials.Count(trial => trial.OnFrontier),
            Best = BestSoFar.Of(summary) is { } best ? new BestPoint(best.Id, best.Label, best.SizeBytes, best.CompressionRatio, best.Choice!.Drop) : null,
        };
    }

    private Task<PagePart> OnPageAsync<TComponent>(LivePage live, SweepSummary summary, string name, string variant, Dictionary<string, object> parameters)
        where TComponent : Microsoft.AspNetCore.Components.IComponent => sources.Shelf.RenderAsync<OnPage>(
            summary, name, variant, () => new Dictionary<string, object?> { ["Live"] = live, ["Type"] = typeof(TComponent), ["Parameters"] = parameters });

    private Task<PagePart> WaitingAsync(SweepState state, string id, string title) => sources.Shelf.RenderAsync<Waiting>(state, id, _reading is null ? "" : "reading", () => new Dictionary<string, object?>
    {
        ["Id"] = id,
        ["Title"] = title,
        ["Text"] = _reading is not null ? "Reading the results …" : state.Sweep.IsRunning ? "Comes as soon as the uncompressed model is measured." : "Nothing was measured yet.",
    });
}
