using System.Diagnostics;
using System.Diagnostics.Metrics;
using SweepCluster.Compression.Telemetry;
using SweepCluster.Formats.Telemetry;
using SweepCluster.Inference.Telemetry;

namespace SweepCluster.Engine.Telemetry;

/// <summary>The meters of this room and those before it, and its source of spans.</summary>
internal static class EngineTelemetry
{
    internal const string MeterName = "SweepCluster.Engine", SweepsMeterName = "SweepCluster.Sweeps", SourceName = "SweepCluster.Engine";

    /// <summary>The engine's own instruments.</summary>
    internal static Meter Meter { get; } = new(MeterName);

    /// <summary>The gauges of sweeps.</summary>
    internal static Meter SweepsMeter { get; } = new(SweepsMeterName);

    /// <summary>Spans: a sweep handed in, worked on, its jobs.</summary>
    internal static ActivitySource Source { get; } = new(SourceName);

    /// <summary>Names of all meters.</summary>
    internal static IReadOnlyList<string> Meters { get; } = [MeterName, CellMetrics.MeterName, InferenceMetrics.MeterName, FormatMetrics.MeterName, SweepsMeterName];

    /// <summary>Names of all sources of spans.</summary>
    internal static IReadOnlyList<string> Sources { get; } = [SourceName];

    /// <summary>How many series an instrument may have; null: as many as any.</summary>
    internal static int? MostSeriesOf(Instrument instrument) => SweepGauges.MostSeriesOf(instrument);

    /// <summary>Makes sure that every instrument is there, and shows every count at 0, so that the first of anything is a change.</summary>
    internal static void Prime()
    {
        CellMetrics.Prime();
        InferenceMetrics.Prime();
        FormatMetrics.Prime();
        WorkMetrics.Prime();
        BlobMetrics.Prime();
        SiloGauges.Prime();
        SweepGauges.Prime();
        _ = StoreMetrics.Enabled;
    }
}
