using System.Diagnostics.Metrics;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using SweepCluster.Server.Telemetry.Exposition;

namespace SweepCluster.Server.Tests.Telemetry;

/// <summary>A small meter, written out, letter for letter.</summary>
public sealed class ExpositionTests : IDisposable
{
    private readonly Meter _meter = new($"test {Guid.NewGuid():N}");
    private readonly PullExporter _exporter = new();
    private readonly MeterProvider _provider;
    private readonly Scrapes _scrapes;

    public ExpositionTests()
    {
        _provider = Sdk.CreateMeterProviderBuilder().AddMeter(_meter.Name).AddReader(new BaseExportingMetricReader(_exporter)).Build();
        _scrapes = new Scrapes([_exporter], new Resource([new("service.name", "sweep-test"), new("service.version", "1.2")]));
    }

    public void Dispose()
    {
        _provider.Dispose();
        _meter.Dispose();
    }

    [Fact]
    public async Task CollectAsync_PrometheusText_IsLetterForLetter()
    {
        FillMeter();

        Assert.Equal(
            """
            # HELP target_info What is measured.
            # TYPE target_info gauge
            target_info{service_name="sweep-test",service_version="1.2"} 1
            # HELP test_jobs_total Jobs \\ of\na sweep "here".
            # TYPE test_jobs_total counter
            test_jobs_total{kind="trial",name="a \"b\" \\ c\nd"} 3
            # HELP test_load_ratio Load.
            # TYPE test_load_ratio gauge
            test_load_ratio 0.25
            test_load_ratio{at="none"} NaN
            test_load_ratio{at="top"} +Inf
            # HELP test_took_seconds test.took
            # TYPE test_took_seconds histogram
            test_took_seconds_bucket{at="x",le="0.5"} 1
            test_took_seconds_bucket{at="x",le="2"} 2
            test_took_seconds_bucket{at="x",le="+Inf"} 3
            test_took_seconds_sum{at="x"} 11.25
            test_took_seconds_count{at="x"} 3

            """,
            await TextAsync(ExpositionFormat.PrometheusText));
    }

    [Fact]
    public async Task CollectAsync_OpenMetrics_IsLetterForLetter()
    {
        FillMeter();

        Assert.Equal(
            """
            # TYPE target info
            # HELP target What is measured.
            target_info{service_name="sweep-test",service_version="1.2"} 1
            # HELP test_jobs Jobs \\ of\na sweep \"here\".
            # TYPE test_jobs counter
            test_jobs_total{kind="trial",name="a \"b\" \\ c\nd"} 3
            # HELP test_load_ratio Load.
            # TYPE test_load_ratio gauge
            # UNIT test_load_ratio ratio
            test_load_ratio 0.25
            test_load_ratio{at="none"} NaN
            test_load_ratio{at="top"} +Inf
            # HELP test_took_seconds test.took
            # TYPE test_took_seconds histogram
            # UNIT test_took_seconds seconds
            test_took_seconds_bucket{at="x",le="0.5"} 1
            test_took_seconds_bucket{at="x",le="2.0"} 2
            test_took_seconds_bucket{at="x",le="+Inf"} 3
            test_took_seconds_sum{at="x"} 11.25
            test_took_seconds_count{at="x"} 3
            # EOF

            """,
            await TextAsync(ExpositionFormat.OpenMetrics));
    }

    [Fact]
    public async Task CollectAsync_PrometheusText_PassesPromtool()
    {
        FillMeter();

        Assert.Equal((0, ""), await MetricsCheck.RunAsync(await TextAsync(ExpositionFormat.PrometheusText)));
    }

    [Fact]
    public async Task CollectAsync_TwoMetersOfOneNameAndTwoTypes_WritesOneFamily()
    {
        using Meter other = new(_meter.Name, "2");
        _meter.CreateCounter<long>("test.same").Add(1);
        other.CreateUpDownCounter<long>("test.same_total").Add(5);

        string text = await TextAsync(ExpositionFormat.PrometheusText);

        Assert.Single(text.Split('\n'), line => line == "# TYPE test_same_total counter");
        Assert.Equal((0, ""), await MetricsCheck.RunAsync(text));
    }

    [Fact]
    public async Task CollectAsync_ManyAtOnce_AllGetAWholeText()
    {
        FillMeter();
        string alone = await TextAsync(ExpositionFormat.OpenMetrics);

        string[] together = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => TextAsync(ExpositionFormat.OpenMetrics)));

        Assert.All(together, text => Assert.Equal(alone, text));
    }

    private void FillMeter()
    {
        _meter.CreateCounter<long>("test.jobs", "{job}", "Jobs \\ of\na sweep \"here\".").Add(3, new("kind", "trial"), new("name", "a \"b\" \\ c\nd"));
        _meter.CreateObservableGauge(
            "test.load", () => (Measurement<double>[])[new(0.25), new(double.NaN, new KeyValuePair<string, object?>("at", "none")), new(double.PositiveInfinity, new KeyValuePair<string, object?>("at", "top"))], "1", "Load.");
        Histogram<double> took = _meter.CreateHistogram("test.took", "s", null, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 2] });
        foreach (double seconds in (double[])[0.25, 1, 10])
        {
            took.Record(seconds, new KeyValuePair<string, object?>("at", "x"));
        }
    }

    private async Task<string> TextAsync(ExpositionFormat format) => Encoding.UTF8.GetString((await _scrapes.CollectAsync(format)).Span);
}
