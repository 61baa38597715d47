using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using SweepCluster.Testing.Packages;

namespace SweepCluster.Server.Tests.Telemetry;

/// <summary>An OTLP receiver over HTTP that keeps what matters of what it gets. Knows the wire, and the field numbers of opentelemetry-proto alone.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _server;

    private OtlpReceiver(WebApplication server) => _server = server;

    internal Uri Address => new(_server.Urls.Single());

    /// <summary>Names of metrics.</summary>
    internal ConcurrentDictionary<string, bool> Metrics { get; } = new(StringComparer.Ordinal);

    /// <summary>Values of <c>service.name</c>.</summary>
    internal ConcurrentDictionary<string, bool> Services { get; } = new(StringComparer.Ordinal);

    internal ConcurrentQueue<ReceivedSpan> Spans { get; } = new();

    internal static async Task<OtlpReceiver> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        WebApplication server = builder.Build();
        OtlpReceiver receiver = new(server);
        server.MapPost("/v1/metrics", (HttpContext context) => ReadAsync(context, receiver.TakeMetrics));
        server.MapPost("/v1/traces", (HttpContext context) => ReadAsync(context, receiver.TakeSpans));
        await server.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static async Task ReadAsync(HttpContext context, Action<WireMessage> take)
    {
        using MemoryStream body = new();
        await context.Request.Body.CopyToAsync(body);
        take(WireMessage.Parse(body.ToArray()));
    }

    // ExportMetricsServiceRequest.resource_metrics = 1, ResourceMetrics.resource = 1 and .scope_metrics = 2, ScopeMetrics.metrics = 2, Metric.name = 1.
    private void TakeMetrics(WireMessage request)
    {
        foreach (WireMessage resource in request.Messages(1))
        {
            foreach (WireMessage attribute in resource.Messages(1).SelectMany(inner => inner.Messages(1)).Where(attribute => attribute.Text(1) == "service.name"))
            {
                Services[attribute.Message(2).Text(1)] = true;
            }

            foreach (WireMessage metric in resource.Messages(2).SelectMany(scope => scope.Messages(2)))
            {
                Metrics[metric.Text(1)] = true;
            }
        }
    }

    // ExportTraceServiceRequest.resource_spans = 1, ResourceSpans.scope_spans = 2, ScopeSpans.spans = 2;
    // Span.trace_id = 1, span_id = 2, parent_span_id = 4, name = 5, attributes = 9; KeyValue.key = 1, value = 2; AnyValue.string_value = 1, int_value = 3.
    private void TakeSpans(WireMessage request)
    {
        foreach (WireMessage span in request.Messages(1).SelectMany(resource => resource.Messages(2)).SelectMany(scope => scope.Messages(2)))
        {
            Spans.Enqueue(new ReceivedSpan(
                Convert.ToHexStringLower(span.Bytes(1).Span), Convert.ToHexStringLower(span.Bytes(2).Span), Convert.ToHexStringLower(span.Bytes(4).Span), span.Text(5),
                span.Messages(9).ToDictionary(attribute => attribute.Text(1), ValueOf, StringComparer.Ordinal)));
        }
    }

    private static string ValueOf(WireMessage attribute)
    {
        WireMessage value = attribute.Message(2);
        return value.Has(1) ? value.Text(1) : $"{value.Number(3)}";
    }
}
