using SweepCluster.Server.Telemetry.Exposition;

namespace SweepCluster.Server.Tests.Telemetry;

public sealed class PrometheusNameTests
{
    [Theory]
    [InlineData("sweepcluster.jobs", "{job}", "Counter", "sweepcluster_jobs_total", null)]
    [InlineData("sweepcluster.blob", "By", "Counter", "sweepcluster_blob_bytes_total", "bytes")]
    [InlineData("sweepcluster.job.duration", "s", "Histogram", "sweepcluster_job_duration_seconds", "seconds")]
    [InlineData("sweepcluster.sweep.progress", "1", "Gauge", "sweepcluster_sweep_progress_ratio", "ratio")]
    [InlineData("sweepcluster.sweep.best.ratio", "1", "Gauge", "sweepcluster_sweep_best_ratio", "ratio")]
    [InlineData("a.total", "", "Counter", "a_total", null)]
    [InlineData("a.seconds.total", "s", "Counter", "a_seconds_total", "seconds")]
    [InlineData("a", "1", "Counter", "a_total", null)] // only a gauge's 1 is a ratio
    [InlineData("orleans-app-requests", "", "Gauge", "orleans_app_requests", null)]
    [InlineData("1st..thing--x", "", "Gauge", "_1st_thing_x", null)]
    [InlineData("pool.count", "", "Gauge", "pool_number", null)]
    [InlineData("seconds", "s", "Gauge", "seconds", "seconds")]
    [InlineData("io.speed", "By/s", "Gauge", "io_speed_By_s", "By_s")]
    public void Of_AnInstrument_IsWhatPrometheusCallsIt(string instrument, string unit, string kind, string full, string? words)
    {
        PrometheusName name = PrometheusName.Of(instrument, unit, Enum.Parse<MetricKind>(kind));

        Assert.Equal(full, name.Full);
        Assert.Equal(words, name.Unit);
    }
}
