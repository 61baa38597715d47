using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace SweepCluster.Server.Telemetry.Exposition;

/// <summary>Answers scrapes: one collection each, those that come at the same time share one. Thread-safe.</summary>
/// <param name="exporters">Where the metrics come from.</param>
/// <param name="resource">What the process is.</param>
internal sealed class Scrapes(IReadOnlyList<PullExporter> exporters, Resource resource)
{
    private readonly Lock _collecting = new();
    private readonly Lock _gate = new();
    private readonly Task<ReadOnlyMemory<byte>>?[] _running = new Task<ReadOnlyMemory<byte>>?[2]; // by format

    /// <summary>Every metric in a form.</summary>
    internal Task<ReadOnlyMemory<byte>> CollectAsync(ExpositionFormat format)
    {
        lock (_gate)
        {
            return _running[(int)format] ??= Task.Run(() => Collect(format));
        }
    }

    private ReadOnlyMemory<byte> Collect(ExpositionFormat format)
    {
        lock (_collecting)
        {
            lock (_gate)
            {
                _running[(int)format] = null; // who comes from here on may have seen something newer
            }

            List<Metric> metrics = [];
            foreach (PullExporter exporter in exporters)
            {
                exporter.CollectInto(metrics);
            }

            return Write(metrics, format);
        }
    }

    private ReadOnlyMemory<byte> Write(List<Metric> metrics, ExpositionFormat format)
    {
        ExpositionWriter writer = new(format);
        writer.WriteTarget(resource.Attributes);
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (IGrouping<string, (PrometheusName Name, Metric Metric)> family in metrics
            .Where(metric => KindOf(metric) is not null)
            .Select(metric => (Name: PrometheusName.Of(metric.Name, metric.Unit, KindOf(metric)!.Value), Metric: metric))
            .GroupBy(entry => entry.Name.Full, StringComparer.Ordinal)
            .OrderBy(family => family.Key, StringComparer.Ordinal))
        {
            (PrometheusName name, Metric first) = family.First();
            if (!names.Add(name.Family))
            {
                continue; // a gauge of the name of a counter: OpenMetrics has no place for it
            }

            writer.WriteHead(name, first.Description is { Length: > 0 } text ? text : first.Name);
            foreach ((_, Metric metric) in family.Where(entry => entry.Name == name)) // another meter's of the same name and another type has no place
            {
                writer.WriteSamples(name, metric);
            }
        }

        writer.WriteEnd();
        return writer.Written;
    }

    private static MetricKind? KindOf(Metric metric) => metric.MetricType switch
    {
        MetricType.LongSum or MetricType.DoubleSum => Meters.IsLevel(metric.Name) ? MetricKind.Gauge : MetricKind.Counter,
        MetricType.Histogram => MetricKind.Histogram,
        MetricType.ExponentialHistogram => null, // no text form has it, and no instrument here asks for it
        _ => MetricKind.Gauge,
    };
}
