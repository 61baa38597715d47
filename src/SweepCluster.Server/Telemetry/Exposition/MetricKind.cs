namespace SweepCluster.Server.Telemetry.Exposition;

/// <summary>What Prometheus calls the type of a metric.</summary>
internal enum MetricKind
{
    /// <summary>Only grows.</summary>
    Counter,

    /// <summary>Goes up and down.</summary>
    Gauge,

    /// <summary>Counts by bucket, with their sum.</summary>
    Histogram,
}
