using System.Globalization;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Stores;
using SweepCluster.Reports.Formatting;
using SweepCluster.Server.Api;

namespace SweepCluster.Server.Pages;

/// <summary>How the pages say times and states.</summary>
public static class PageWords
{
    private const char NoBreak = '\u00A0';

    /// <summary>A time as people say it, rounded: <c>12 s</c>, <c>3 min</c>, <c>2 h 10 min</c>, <c>4 d</c>.</summary>
    public static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 59.5 } => $"{Math.Max(0, (int)Math.Round(time.TotalSeconds))}{NoBreak}s",
        { TotalMinutes: < 59.5 } => $"{(int)Math.Round(time.TotalMinutes)}{NoBreak}min",
        { TotalHours: < 9.9 } => Two((int)Math.Round(time.TotalMinutes) / 60, "h", (int)Math.Round(time.TotalMinutes) % 60, "min"),
        { TotalHours: < 47.5 } => $"{(int)Math.Round(time.TotalHours)}{NoBreak}h",
        _ => $"{(int)Math.Round(time.TotalDays)}{NoBreak}d",
    };

    /// <summary>A share in whole per cent, never rounded up to the end.</summary>
    public static string Share(double share) => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(Math.Clamp(share, 0, 1) * 100):0}{NoBreak}%");

    /// <summary>A number for an attribute.</summary>
    public static string Attribute(double value) => value.ToString("0.####", CultureInfo.InvariantCulture);

    /// <summary>A date and time for people, in UTC; the script shows it in the visitor's own zone.</summary>
    public static string Date(DateTimeOffset at) => at.ToUniversalTime().ToString("d MMM yyyy HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>A date and time for machines.</summary>
    public static string Machine(DateTimeOffset at) => at.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>What a running sweep is at.</summary>
    public static string Stage(SweepStage stage) => stage switch
    {
        SweepStage.Opening => "opening model and data",
        SweepStage.Cells => "making cells",
        SweepStage.Uniform => "uniform plans and probes",
        SweepStage.Mixed => "mixed plans",
        SweepStage.Confirming => "confirming on unseen samples",
        _ => "everything is recorded",
    };

    /// <summary>What a silo does with a job, in a few words.</summary>
    public static string Job(WorkingJob job) => (job.Kind, job.About) switch
    {
        (JobKind.Layer, { } layer) => $"makes cells of {layer}",
        (JobKind.Probe, { } layer) => $"probes {layer}",
        (JobKind.Trial, { } plan) => $"measures {plan}",
        (JobKind.Coordinate, _) => "proposes the next round",
        _ => ApiJson.NameOf(job.Kind),
    };

    /// <summary>Classes of the mark before a job.</summary>
    public static string Mark(WorkingJob job) => $"job-kind {ApiJson.NameOf(job.Kind)}";

    /// <summary>How an event is coloured: <c>good</c>, <c>warn</c>, <c>bad</c> or <c>plain</c>.</summary>
    public static string Tone(StoreEventKind kind) => kind switch
    {
        StoreEventKind.Finished => "good",
        StoreEventKind.AttemptFailed => "warn",
        StoreEventKind.SetAside or StoreEventKind.SiloLost => "bad",
        _ => "plain",
    };

    /// <summary>The best trial so far in a few words.</summary>
    /// <param name="best">The trial.</param>
    /// <param name="metric">The objective's metric.</param>
    public static string Drop(BestPoint best, MetricUnit metric) => Quantities.Drop(metric with { IsShare = metric.IsShare && best.Drop.Samples > 0 }, best.Drop.Value);

    private static string Two(int large, string largeUnit, int small, string smallUnit) =>
        small == 0 ? $"{large}{NoBreak}{largeUnit}" : $"{large}{NoBreak}{largeUnit} {small}{NoBreak}{smallUnit}";
}
