using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Stores;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Engine.Telemetry;

/// <summary>A sweep as its gauges tell it at one moment, every measurement ready to be handed out.</summary>
internal sealed class ToldSweep
{
    // What does not follow from the status and the progress alone.
    private static readonly SweepGauge[] s_ofSummary =
    [
        SweepGauge.Trials, SweepGauge.BaselineBytes, SweepGauge.BaselineScore, SweepGauge.BestBytes, SweepGauge.BestScore, SweepGauge.BestDrop, SweepGauge.BestRatio, SweepGauge.MaxDrop,
        SweepGauge.FrontierPoints, SweepGauge.Hypervolume, SweepGauge.FrontierBytes, SweepGauge.FrontierDrop, SweepGauge.ConfirmedDrop, SweepGauge.LayerDrop, SweepGauge.LayerSeconds,
    ];

    private readonly Measurement<double>[]?[] _gauges = new Measurement<double>[]?[Enum.GetValues<SweepGauge>().Length];
    private readonly KeyValuePair<string, object?> _sweep, _name;
    private readonly string? _best; // the trial whose score is told

    /// <summary>Prepares a sweep.</summary>
    /// <param name="sweep">The sweep and its counts.</param>
    /// <param name="progress">How far it is; null: not known yet.</param>
    /// <param name="summary">What is recorded of it; null before the uncompressed model has been measured.</param>
    /// <param name="layerTimes">The slowest job of each layer's cells, as far as it is known.</param>
    internal ToldSweep(SweepListing sweep, SweepProgress? progress, SweepSummary? summary, IEnumerable<KeyValuePair<string, TimeSpan>> layerTimes)
        : this(sweep, progress)
    {
        if (summary is not null)
        {
            HasSummary = true;
            TellSummary(summary);
            if (progress?.Best is { } best)
            {
                _best = best.TrialId;
                TellBest(best, summary.Metric);
                TellScore(best, summary);
            }
        }

        Set(SweepGauge.LayerSeconds, layerTimes
            .OrderByDescending(static layer => layer.Value).ThenBy(static layer => layer.Key, StringComparer.Ordinal).Take(SweepGauges.MostLayerTimes)
            .Select(layer => Of(layer.Value.TotalSeconds, Tag("layer", layer.Key))));
    }

    /// <summary>Prepares a sweep without a summary of now.</summary>
    /// <param name="sweep">The sweep and its counts.</param>
    /// <param name="progress">How far it is, with its frontier; null: not known now.</param>
    /// <param name="earlier">What was told of it before: what only a summary knows stays; null: nothing was.</param>
    internal ToldSweep(SweepListing sweep, SweepProgress? progress, ToldSweep? earlier)
        : this(sweep, progress)
    {
        HasSummary = earlier?.HasSummary == true;
        _best = earlier?._best;
        foreach (SweepGauge gauge in s_ofSummary)
        {
            _gauges[(int)gauge] = earlier?._gauges[(int)gauge];
        }

        if (progress is not null)
        {
            TellFrontier(progress);
            if (progress.Best?.TrialId != _best)
            {
                Set(SweepGauge.BestScore, []);
            }
        }
    }

    private ToldSweep(SweepListing sweep, SweepProgress? progress)
    {
        Id = sweep.Id;
        Name = sweep.Record.Name;
        Results = sweep.Status.Results;
        Added = sweep.Status.Added;
        IsRunning = sweep.IsRunning;
        _sweep = Tag("sweep", Id);
        _name = Tag("name", Name);
        TellStatus(sweep);
        if (progress is not null)
        {
            TellProgress(progress, sweep.Status.IsFinished);
        }
    }

    /// <summary>The sweep's id.</summary>
    internal string Id { get; }

    /// <summary>Its name.</summary>
    internal string Name { get; }

    /// <summary>Whether silos take its jobs.</summary>
    internal bool IsRunning { get; }

    /// <summary>Results that it had.</summary>
    internal long Results { get; }

    /// <summary>Whether what is recorded of it was looked at in whole, once at least.</summary>
    internal bool HasSummary { get; }

    /// <summary>When it was handed in; null: nobody knows.</summary>
    internal DateTimeOffset? Added { get; }

    /// <summary>What a gauge tells of it.</summary>
    internal Measurement<double>[] this[SweepGauge gauge] => _gauges[(int)gauge] ?? [];

    private void TellStatus(SweepListing sweep)
    {
        SweepStatus status = sweep.Status;
        string phase = sweep.Phase;
        long open = status.Jobs - status.Results, running = Math.Min(status.Leased, open);
        Set(SweepGauge.Phase, SweepListing.Phases.Select(name => Of(name == phase ? 1 : 0, Tag("phase", name))));
        Set(SweepGauge.Jobs,
        [
            Of(open - running, Tag("state", "waiting")), Of(running, Tag("state", "running")),
            Of(status.Results - status.Failures, Tag("state", "done")), Of(status.Failures, Tag("state", "failed")),
        ]);
    }

    private void TellProgress(SweepProgress progress, bool isFinished)
    {
        Set(SweepGauge.Progress, [Of(isFinished ? 1 : progress.Share)]);
        if (isFinished || progress.TimeLeft is not null)
        {
            Set(SweepGauge.TimeLeft, [Of(isFinished ? 0 : progress.TimeLeft!.Value.TotalSeconds)]);
        }
    }

    private void TellSummary(SweepSummary summary)
    {
        KeyValuePair<string, object?> metric = Tag("metric", summary.Metric);
        double? score = ScoreOf(summary.Baseline, summary.Metric);
        TrialSummary[] frontier = [.. summary.Trials.Where(static trial => trial is { OnFrontier: true, Choice: not null }).OrderBy(static trial => trial.SizeBytes)];
        TrialSummary[] shown = FrontierPoints.Spread(frontier, static trial => trial.SizeBytes, SweepGauges.MostPoints);
        Set(SweepGauge.Trials, [Of(summary.Trials.Count(static trial => trial.Choice is not null) + 1)]);
        Set(SweepGauge.BaselineBytes, [Of(summary.Baseline.SizeBytes)]);
        Set(SweepGauge.BaselineScore, Of(score, metric));
        Set(SweepGauge.MaxDrop, Of(summary.MaxDrop, metric));
        Set(SweepGauge.FrontierPoints, [Of(frontier.Length)]);
        Set(SweepGauge.FrontierBytes, shown.Select(trial => Of(trial.SizeBytes, [.. TagsOf(trial)])));
        Set(SweepGauge.FrontierDrop, shown.Select(trial => Of(trial.Choice!.Drop.Value, [.. TagsOf(trial)])));
        Set(SweepGauge.ConfirmedDrop, ConfirmedOf(summary).SelectMany(trial => Bounds(trial, trial.Confirm!.Drop)));
        Set(SweepGauge.LayerDrop, LayerDropsOf(summary));
        if (summary.Higher && score is { } most)
        {
            Set(SweepGauge.Hypervolume, Of(FrontierPoints.Hypervolume(
                frontier.Select(trial => (trial.SizeBytes, ScoreOf(trial, summary.Metric) ?? 0)), summary.Baseline.SizeBytes, most)));
        }
    }

    private void TellFrontier(SweepProgress progress)
    {
        BestPoint[] shown = FrontierPoints.Spread([.. progress.Frontier], static point => point.SizeBytes, SweepGauges.MostPoints);
        Set(SweepGauge.MaxDrop, Of(progress.MaxDrop, Tag("metric", progress.Metric)));
        Set(SweepGauge.FrontierPoints, [Of(progress.Frontier.Length)]);
        Set(SweepGauge.FrontierBytes, shown.Select(point => Of(point.SizeBytes, Tag("trial", point.TrialId), Tag("label", point.Label))));
        Set(SweepGauge.FrontierDrop, shown.Select(point => Of(point.Drop.Value, Tag("trial", point.TrialId), Tag("label", point.Label))));
        if (progress.Best is { } best)
        {
            TellBest(best, progress.Metric);
        }
    }

    private void TellBest(BestPoint best, string metric)
    {
        Set(SweepGauge.BestBytes, [Of(best.SizeBytes)]);
        Set(SweepGauge.BestRatio, [Of(best.CompressionRatio)]);
        Set(SweepGauge.BestDrop, [Of(best.Drop.Value, Tag("metric", metric))]);
    }

    private void TellScore(BestPoint best, SweepSummary summary) => Set(
        SweepGauge.BestScore, Of(summary.Trials.FirstOrDefault(trial => trial.Id == best.TrialId) is { } trial ? ScoreOf(trial, summary.Metric) : null, Tag("metric", summary.Metric)));

    /// <summary>Layers and schemes, those that cost the model most first.</summary>
    private IEnumerable<Measurement<double>> LayerDropsOf(SweepSummary summary)
    {
        Dictionary<string, string> labels = summary.Schemes.ToDictionary(static scheme => scheme.Canonical, static scheme => scheme.Label, StringComparer.Ordinal);
        return summary.Sensitivities
            .Where(static entry => entry.Drop is not null)
            .OrderByDescending(static entry => entry.Drop!.Value).ThenBy(static entry => entry.Layer, StringComparer.Ordinal).ThenBy(static entry => entry.Scheme, StringComparer.Ordinal)
            .Take(SweepGauges.MostLayerDrops)
            .Select(entry => Of(entry.Drop!.Value, Tag("layer", entry.Layer), Tag("scheme", labels.GetValueOrDefault(entry.Scheme, entry.Scheme))));
    }

    private static TrialSummary[] ConfirmedOf(SweepSummary summary) => FrontierPoints.Spread(
        [.. summary.Trials.Where(static trial => trial.Confirm is not null && trial.Kind != PlanKind.Baseline).OrderBy(static trial => trial.SizeBytes)],
        static trial => trial.SizeBytes, SweepGauges.MostPoints);

    private IEnumerable<Measurement<double>> Bounds(TrialSummary trial, Estimate drop) =>
        [Of(drop.Value, [.. TagsOf(trial), Tag("bound", "value")]), Of(drop.High, [.. TagsOf(trial), Tag("bound", "high")])];

    private static double? ScoreOf(TrialSummary trial, string metric) => trial.Choice?.Values.GetValueOrDefault(metric)?.Value;

    private static IEnumerable<KeyValuePair<string, object?>> TagsOf(TrialSummary trial) => [Tag("trial", trial.Id), Tag("label", trial.Label)];

    private void Set(SweepGauge gauge, IEnumerable<Measurement<double>> measurements) => _gauges[(int)gauge] = [.. measurements];

    /// <summary>One measurement; none where there is no value.</summary>
    private IEnumerable<Measurement<double>> Of(double? value, params ReadOnlySpan<KeyValuePair<string, object?>> more) => value is { } known ? [Of(known, more)] : [];

    private Measurement<double> Of(double value, params ReadOnlySpan<KeyValuePair<string, object?>> more) => new(value, [_sweep, _name, .. more]);

    private static KeyValuePair<string, object?> Tag(string key, string value) => new(key, value);
}
