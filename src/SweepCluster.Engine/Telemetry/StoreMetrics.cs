using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace SweepCluster.Engine.Telemetry;

/// <summary>Times calls of stores.</summary>
internal static class StoreMetrics
{
    private static readonly Histogram<double> s_duration = EngineTelemetry.Meter.CreateHistogram(
        "sweepcluster.store.operation.duration", "s", "One call of the store.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] });

    /// <summary>Whether anybody wants to know.</summary>
    internal static bool Enabled => s_duration.Enabled;

    /// <summary>A call ended.</summary>
    internal static void Record(string operation, bool isOk, long started) => s_duration.Record(
        Stopwatch.GetElapsedTime(started).TotalSeconds, new("operation", operation), new KeyValuePair<string, object?>("outcome", isOk ? "ok" : "error"));
}
