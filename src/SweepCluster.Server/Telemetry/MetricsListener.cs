using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SweepCluster.Graphs;
using SweepCluster.Server.Access;
using SweepCluster.Server.Access.Audit;
using SweepCluster.Server.Access.Headers;
using SweepCluster.Server.Access.Limits;
using SweepCluster.Server.Access.Origins;
using SweepCluster.Server.Access.Tls;
using SweepCluster.Server.Health;

namespace SweepCluster.Server.Telemetry;

/// <summary>A listener of its own, over plain http, for <c>/metrics</c>, <c>/healthz</c> and <c>/readyz</c>: it answers them to anybody who can reach it, and nothing else. It listens until it is disposed of.</summary>
internal sealed class MetricsListener : IAsyncDisposable
{
    private const string Option = "--metrics";
    private const int MostConnections = 1024;
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(1); // for scrapes that run when it is stopped

    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(5); // a connection that asks nothing gives its seat up: a probe may need it

    private readonly WebApplication _server;

    private MetricsListener(WebApplication server) => _server = server;

    /// <summary>Where it answers, as <c>http://0.0.0.0:9464</c>.</summary>
    internal IEnumerable<string> Addresses => _server.Urls;

    /// <summary>Checks that it can listen, before anything is opened or made.</summary>
    /// <exception cref="BadInputException">It is no address of plain http, is taken, or is where the process listens already.</exception>
    internal static void Check(ServerOptions options)
    {
        AccessRules.CheckMetrics(options);
        if (options.Metrics is not { } metrics)
        {
            return;
        }

        ListenFaults.Check(metrics, Option);
    }

    /// <summary>Begins to listen, where it is asked for.</summary>
    /// <param name="options">Where: <see cref="ServerOptions.Metrics"/>; the clock and the limits.</param>
    /// <param name="pipeline">What is scraped; left open.</param>
    /// <param name="checks">What must be well for the process to be ready, beside the audit log.</param>
    /// <param name="audit">Gets a line for every refusal.</param>
    /// <param name="notice">Told in one line where it listens.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The listener; null where it is not asked for.</returns>
    /// <exception cref="BadInputException">It cannot listen there.</exception>
    internal static async Task<MetricsListener?> StartAsync(
        ServerOptions options, TelemetryPipeline pipeline, IReadOnlyList<IReadinessCheck> checks, AuditLog audit, Action<string> notice, CancellationToken cancellationToken)
    {
        if (options.Metrics is not { } address)
        {
            return null;
        }

        MetricsListener listener = new(Build(options, address, pipeline, new Readiness([.. checks, audit], options.Time), audit));
        try
        {
            await ListenFaults.StartAsync(listener._server, address, cancellationToken, Option);
        }
        catch
        {
            await listener.DisposeAsync();
            throw;
        }

        notice($"metrics: {string.Join(", ", listener.Addresses.Select(static address => $"{address}/metrics"))}, for whoever can reach it");
        return listener;
    }

    /// <summary>Listens no more.</summary>
    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource grace = new(s_grace);
        await _server.StopAsync(grace.Token);
        await _server.DisposeAsync();
    }

    private static WebApplication Build(ServerOptions options, Uri address, TelemetryPipeline pipeline, Readiness readiness, AuditLog audit)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Logging.ClearProviders();
        ((IConfigurationBuilder)builder.Configuration).Sources.Clear(); // no settings file or variable adds an address
        builder.Configuration.AddInMemoryCollection();
        builder.WebHost.PreferHostingUrls(false);
        AddressSeats seats = new(options.Access.Limits.AddressConnections, MostConnections);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(next => connection => seats.ServeAsync(connection, next)));
            Listening.Configure(kestrel, new ServerOptions { Listen = address }, static () => throw new InvalidOperationException("Plain http has no certificate."));
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Limits.KeepAliveTimeout = s_silence;
            kestrel.Limits.RequestHeadersTimeout = s_silence;
            kestrel.Limits.MaxRequestBodySize = 0;
        });
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();

        WebApplication server = builder.Build();
        RequestSpans.Use(server);
        RequestBudget budget = new(options.Access.Limits.AddressRate, options.Access.Limits.AddressBurst, AddressKey.MostAddresses, options.Time);
        server.Use((context, next) => AdmitAsync(context, next, budget, audit, options.Time));
        TelemetryFeature.MapMetrics(server, pipeline);
        HealthFeature.Map(server, readiness);
        return server;
    }

    private static async Task AdmitAsync(HttpContext context, RequestDelegate next, RequestBudget budget, AuditLog audit, TimeProvider time)
    {
        SecurityHeaders.Attach(context);
        if ((OriginGuard.FindForeign(context.Request) ?? FindFlood(context, budget)) is not { } refusal)
        {
            await next(context);
            return;
        }

        ServerMetrics.Refused(refusal.Reason);
        audit.Write(new AuditEntry(
            time.GetUtcNow(), context.TraceIdentifier, null, null, null, OriginGuard.AddressOf(context)?.ToString(), context.Request.Method, null, context.Request.Path.Value ?? "", null, refusal.Status, "refused", refusal.Detail));
        context.Response.StatusCode = refusal.Status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync($"{refusal.Detail}\n", context.RequestAborted);
    }

    private static Refusal? FindFlood(HttpContext context, RequestBudget budget) =>
        budget.Take(AddressKey.Of(OriginGuard.AddressOf(context))) is var wait && wait > TimeSpan.Zero ? Refusal.Rate("too many requests from this address", wait) : null;
}
