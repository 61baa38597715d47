using SweepCluster.Server.Telemetry.Exposition;

namespace SweepCluster.Server.Tests.Telemetry;

public sealed class ExpositionFormatTests
{
    private const string Prometheus2 =
        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1";

    private const string Prometheus3 =
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1";

    [Theory]
    [InlineData(Prometheus2, "OpenMetrics")]
    [InlineData(Prometheus3, "OpenMetrics")]
    [InlineData("", "PrometheusText")]
    [InlineData("*/*", "PrometheusText")]
    [InlineData("text/html", "PrometheusText")]
    [InlineData("application/openmetrics-text", "OpenMetrics")]
    [InlineData("application/openmetrics-text; version=0.0.1", "PrometheusText")]
    [InlineData("application/openmetrics-text;q=0.2, text/plain;q=0.3", "PrometheusText")]
    [InlineData("application/openmetrics-text;q=0.3, text/plain;q=0.3", "PrometheusText")]
    [InlineData("application/openmetrics-text;q=0, */*", "PrometheusText")]
    [InlineData("application/*;q=0.9, text/plain;q=0.1", "OpenMetrics")]
    [InlineData("text/plain;version=0.0.4;q=0.4, application/openmetrics-text;version=1.0.0;q=0.5", "OpenMetrics")]
    [InlineData("no media type at all;;;", "PrometheusText")]
    public void Choose_WhatACallerAccepts_IsTheFormItLikesBest(string accept, string format) =>
        Assert.Equal(Enum.Parse<ExpositionFormat>(format), ExpositionFormats.Choose([accept]));
}
