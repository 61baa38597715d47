using System.Diagnostics.Metrics;
using System.Reflection;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using SweepCluster.Server.Telemetry.Exposition;

namespace SweepCluster.Server.Telemetry;

/// <summary>Listens to every meter of the process, for who scrapes it, and where it is asked for sends metrics and traces to an OTLP receiver.</summary>
/// <remarks>
/// Gauges that are observed stand in a provider of their own whose readers forget what is not observed any more: sweeps and points of a frontier come and go, and a reader that adds up since the start would
/// give each of them a place for good, until there is none left.
/// </remarks>
internal sealed class TelemetryPipeline : IDisposable
{
    private readonly MeterProvider _sums, _gauges;
    private readonly TracerProvider? _traces;

    /// <summary>Begins to listen.</summary>
    internal TelemetryPipeline(TelemetryOptions options)
    {
        ResourceBuilder resource = ResourceBuilder.CreateEmpty()
            .AddService(options.Service, "sweepcluster", VersionOf(typeof(TelemetryPipeline).Assembly), false, options.Instance ?? $"{Environment.MachineName}/{Environment.ProcessId}")
            .AddEnvironmentVariableDetector();
        PullExporter sums = new(), gauges = new();
        _sums = Build(options, resource, sums, MetricReaderTemporalityPreference.Cumulative, instrument => !IsObservedGauge(instrument));
        _gauges = Build(options, resource, gauges, MetricReaderTemporalityPreference.Delta, IsObservedGauge);
        _traces = options.IsPushing ? BuildTraces(options, resource) : null;
        Scrapes = new Scrapes([sums, gauges], resource.Build());
        Meters.Prime();
    }

    /// <summary>Answers scrapes.</summary>
    internal Scrapes Scrapes { get; }

    /// <summary>Sends what was not sent yet, and listens no more.</summary>
    public void Dispose()
    {
        _traces?.Dispose();
        _sums.Dispose();
        _gauges.Dispose();
    }

    private static MeterProvider Build(
        TelemetryOptions options, ResourceBuilder resource, PullExporter scraped, MetricReaderTemporalityPreference temporality, Func<Instrument, bool> takes)
    {
        MeterProviderBuilder builder = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter([.. Meters.All])
            .AddView(instrument => takes(instrument) ? Meters.StreamOf(instrument) : MetricStreamConfiguration.Drop)
            .AddReader(new BaseExportingMetricReader(scraped) { TemporalityPreference = temporality });
        if (options.IsPushing)
        {
            builder.AddOtlpExporter((exporter, reader) =>
            {
                Direct(exporter, options, "v1/metrics");
                reader.TemporalityPreference = temporality;
            });
        }

        return builder.Build();
    }

    private static TracerProvider BuildTraces(TelemetryOptions options, ResourceBuilder resource) => Sdk.CreateTracerProviderBuilder()
        .SetResourceBuilder(resource)
        .AddSource([.. Meters.Sources])
        .AddOtlpExporter(exporter => Direct(exporter, options, "v1/traces"))
        .Build();

    /// <summary>Where nothing is said on the command line, the exporter reads its environment variables itself.</summary>
    private static void Direct(OtlpExporterOptions exporter, TelemetryOptions options, string path)
    {
        if (options.Otlp is { } address)
        {
            exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
            exporter.Endpoint = new Uri(address.AbsoluteUri.EndsWith('/') ? address : new Uri($"{address.AbsoluteUri}/"), path);
        }
    }

    private static bool IsObservedGauge(Instrument instrument) =>
        instrument.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(ObservableGauge<>);

    private static string VersionOf(Assembly assembly) => assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];
}
