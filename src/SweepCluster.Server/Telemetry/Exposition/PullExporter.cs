using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace SweepCluster.Server.Telemetry.Exposition;

/// <summary>Takes metrics out of a reader when it is asked for them. One caller at a time.</summary>
[ExportModes(ExportModes.Pull)]
internal sealed class PullExporter : BaseExporter<Metric>, IPullMetricExporter
{
    private List<Metric>? _into;

    /// <inheritdoc/>
    public Func<int, bool>? Collect { get; set; }

    /// <summary>Collects.</summary>
    /// <param name="into">Receives the metrics; their values stand until the next call.</param>
    internal void CollectInto(List<Metric> into)
    {
        _into = into;
        Collect?.Invoke(Timeout.Infinite);
        _into = null;
    }

    /// <inheritdoc/>
    public override ExportResult Export(in Batch<Metric> batch)
    {
        foreach (Metric metric in batch)
        {
            _into?.Add(metric);
        }

        return ExportResult.Success;
    }
}
