using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace SweepCluster.Inference.Telemetry;

/// <summary>Counts samples and times batches. Costs nothing as long as nobody listens.</summary>
public static class InferenceMetrics
{
    /// <summary>Name of this room's meter.</summary>
    public const string MeterName = "SweepCluster.Inference";

    private static readonly Meter s_meter = new(MeterName);
    private static readonly Counter<long> s_samples = s_meter.CreateCounter<long>("sweepcluster.inference.samples", "{sample}", "Samples that a network was run on.");
    private static readonly Histogram<double> s_duration = s_meter.CreateHistogram(
        "sweepcluster.inference.batch.duration", "s", "Time of one batch on one thread.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] });

    /// <summary>Shows every count at 0 to who listens from now on.</summary>
    public static void Prime() => s_samples.Add(0);

    /// <summary>A batch begins.</summary>
    /// <returns>What <see cref="Ran"/> takes; 0 where nobody listens.</returns>
    internal static long Begin() => s_duration.Enabled ? Stopwatch.GetTimestamp() : 0;

    /// <summary>A batch has run.</summary>
    internal static void Ran(int samples, long begun)
    {
        s_samples.Add(samples);
        if (begun != 0)
        {
            s_duration.Record(Stopwatch.GetElapsedTime(begun).TotalSeconds);
        }
    }
}
