using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using SweepCluster.Engine.Jobs;

namespace SweepCluster.Engine.Telemetry;

/// <summary>The gauges of sweeps, answered from what was prepared: who folds a sweep's records tells them here, and who scrapes waits for nothing.</summary>
internal static class SweepGauges
{
    /// <summary>Sweeps that are told at most.</summary>
    internal const int MostSweeps = 100;

    /// <summary>Points of a frontier that are told at most.</summary>
    internal const int MostPoints = 64;

    /// <summary>Pairs of layer and scheme of a sweep that are told at most.</summary>
    internal const int MostLayerDrops = 400;

    /// <summary>Layers of a sweep whose time is told at most.</summary>
    internal const int MostLayerTimes = 50;

    /// <summary>Series of one gauge that are told at most, over all sweeps: readers keep a place for each.</summary>
    internal const int MostSeries = 10_000;

    private static readonly TimeSpan s_interest = TimeSpan.FromMinutes(2); // who pushes does so once a minute
    private static readonly Registry<Func<ImmutableArray<ToldSweep>>> s_tellers = new();
    private static readonly FrozenDictionary<string, int> s_mostSeries;
    private static readonly Instrument s_any;
    private static long s_asked = Stopwatch.GetTimestamp();

    static SweepGauges()
    {
        Dictionary<string, int> most = [];
        void Add(SweepGauge gauge, string name, string unit, string description, int each)
        {
            most.Add(name + unit, Math.Min(MostSweeps * each, MostSeries));
            EngineTelemetry.SweepsMeter.CreateObservableGauge(name, () => Tell(gauge), unit, description);
        }

        Add(SweepGauge.Phase, "sweepcluster.sweep.phase", "{sweep}", "1 for the phase that it is in, 0 for the others.", 5);
        Add(SweepGauge.Jobs, "sweepcluster.sweep.jobs", "{job}", "Jobs.", 4);
        Add(SweepGauge.Progress, "sweepcluster.sweep.progress", "1", "Share of the expected work that is done, 0..1.", 1);
        Add(SweepGauge.TimeLeft, "sweepcluster.sweep.time.left", "s", "Estimate of the time to the end.", 1);
        Add(SweepGauge.Trials, "sweepcluster.sweep.trials", "{trial}", "Trials measured on the choice samples.", 1);
        Add(SweepGauge.BaselineBytes, "sweepcluster.sweep.baseline", "By", "Size of the uncompressed model.", 1);
        Add(SweepGauge.BaselineScore, "sweepcluster.sweep.baseline.score", "{score}", "Metric of the uncompressed model.", 1);
        Add(SweepGauge.BestBytes, "sweepcluster.sweep.best", "By", "Size of the best trial at the goal so far.", 1);
        Add(SweepGauge.BestScore, "sweepcluster.sweep.best.score", "{score}", "Metric of the best trial at the goal so far.", 1);
        Add(SweepGauge.BestDrop, "sweepcluster.sweep.best.drop", "{score}", "Loss of the best trial at the goal so far.", 1);
        Add(SweepGauge.BestRatio, "sweepcluster.sweep.best.ratio", "1", "How many times smaller the best trial at the goal so far is.", 1);
        Add(SweepGauge.MaxDrop, "sweepcluster.sweep.max.drop", "{score}", "The largest drop that the spec accepts.", 1);
        Add(SweepGauge.FrontierPoints, "sweepcluster.sweep.frontier.points", "{trial}", "Points of the frontier so far.", 1);
        Add(SweepGauge.Hypervolume, "sweepcluster.sweep.frontier.hypervolume", "1", "Share of the rectangle between nothing and the uncompressed model that the frontier dominates.", 1);
        Add(SweepGauge.FrontierBytes, "sweepcluster.sweep.frontier", "By", "Sizes of the frontier's points.", MostPoints);
        Add(SweepGauge.FrontierDrop, "sweepcluster.sweep.frontier.drop", "{score}", "Losses of the frontier's points.", MostPoints);
        Add(SweepGauge.ConfirmedDrop, "sweepcluster.sweep.confirmed.drop", "{score}", "Drop of the confirmed plans on unseen samples.", 2 * MostPoints);
        Add(SweepGauge.LayerDrop, "sweepcluster.layer.drop", "{score}", "Sensitivity: loss when this layer alone is compressed so.", MostLayerDrops);
        Add(SweepGauge.LayerSeconds, "sweepcluster.layer", "s", "Time of the slowest job that made this layer's cells.", MostLayerTimes);
        most.Add("sweepcluster.sweep.oldest.jobs", MostSweeps * Enum.GetValues<JobKind>().Length);
        s_any = EngineTelemetry.SweepsMeter.CreateObservableGauge("sweepcluster.sweep.oldest.job", TellOldestJobs, "s", "Age of the oldest job that runs.");
        s_mostSeries = most.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Whether somebody looks, so that preparing is worth it.</summary>
    internal static bool IsWanted => Stopwatch.GetElapsedTime(Interlocked.Read(ref s_asked)) < s_interest && s_any.Enabled;

    /// <summary>Sweeps that are told now: each once, running ones first, then those that came last.</summary>
    internal static IEnumerable<ToldSweep> Told => s_tellers.Items
        .SelectMany(static teller => teller())
        .GroupBy(static sweep => sweep.Id, StringComparer.Ordinal)
        .Select(static sweep => sweep.MaxBy(static told => (told.HasSummary, told.Results, told[SweepGauge.LayerSeconds].Length))!) // who works on it knows more
        .OrderByDescending(static sweep => sweep.IsRunning)
        .ThenByDescending(static sweep => sweep.Added)
        .ThenBy(static sweep => sweep.Id, StringComparer.Ordinal)
        .Take(MostSweeps);

    /// <summary>Makes sure that the instruments are there.</summary>
    internal static void Prime() => Interlocked.Exchange(ref s_asked, Stopwatch.GetTimestamp());

    /// <summary>Adds somebody who has prepared sweeps, until it is disposed of.</summary>
    internal static IDisposable Add(Func<ImmutableArray<ToldSweep>> teller) => s_tellers.Add(teller);

    /// <summary>How many series an instrument may have; null where it is none of these.</summary>
    internal static int? MostSeriesOf(Instrument instrument) =>
        instrument.Meter.Name == EngineTelemetry.SweepsMeterName && s_mostSeries.TryGetValue(instrument.Name + instrument.Unit, out int most) ? Math.Max(most, MostSweeps) + 1 : null;

    private static IEnumerable<Measurement<double>> Tell(SweepGauge gauge)
    {
        Interlocked.Exchange(ref s_asked, Stopwatch.GetTimestamp());
        return Told.SelectMany(sweep => sweep[gauge]).Take(MostSeries);
    }

    private static IEnumerable<Measurement<double>> TellOldestJobs()
    {
        Dictionary<string, string> names = Told.ToDictionary(static sweep => sweep.Id, static sweep => sweep.Name, StringComparer.Ordinal);
        foreach (((string sweepId, JobKind kind), TimeSpan age) in SiloGauges.OldestJobs())
        {
            if (names.TryGetValue(sweepId, out string? name))
            {
                yield return new(age.TotalSeconds, new("sweep", sweepId), new("name", name), JobTags.Of(kind));
            }
        }
    }
}
