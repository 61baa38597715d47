using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SweepCluster.Engine.Clusters;
using SweepCluster.Graphs;
using SweepCluster.Server.Access;
using SweepCluster.Server.Access.Audit;
using SweepCluster.Server.Access.Tls;
using SweepCluster.Server.Health;
using SweepCluster.Server.Telemetry;

namespace SweepCluster.Server;

/// <summary>What a process that works on sweeps tells of itself: <c>/metrics</c>, and beside a store whether it is well. It listens until it is disposed of.</summary>
public sealed class SiloListener : IAsyncDisposable
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5); // for requests that run when it is stopped
    private static readonly Uri s_nowhere = new("http://127.0.0.1:0"); // of a process that listens for metrics alone

    private readonly ServerHome? _home;
    private readonly SiloPulse _pulse;
    private WebApplication? _server;
    private TelemetryPipeline? _pipeline; // where no server has it
    private MetricsListener? _metrics;

    private SiloListener(ServerHome? home, SiloPulse pulse)
    {
        _home = home;
        _pulse = pulse;
    }

    /// <summary>Where it answers, as <c>http://127.0.0.1:9464</c>.</summary>
    public IEnumerable<string> Addresses => [.. _server?.Urls ?? [], .. _metrics?.Addresses ?? []];

    /// <summary>The same silo, whose signs of life this tells of: beside a store the process is ready when the silo has reached the store, and again within its lease.</summary>
    /// <param name="silo">The silo that is to run beside this, once.</param>
    public SiloOptions Watch(SiloOptions silo) => silo with { Front = _pulse.Before };

    /// <summary>Begins to listen on <see cref="ServerOptions.Listen"/>, and on <see cref="ServerOptions.Metrics"/> where that is there.</summary>
    /// <param name="options">Where, and for whom.</param>
    /// <param name="store">The store that must be well for the process to be ready, as must the silo that is handed to <see cref="Watch"/>; null: it has none in common with others.</param>
    /// <param name="notice">Told in one line where it listens.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BadInputException">It cannot listen there, or would be open to whom it must not be, or the store cannot be used.</exception>
    public static Task<SiloListener> StartAsync(ServerOptions options, string? store, Action<string> notice, CancellationToken cancellationToken)
    {
        AccessFeature.Check(options); // before the store is asked for anything
        return StartAsync(options, isListening: true, store, notice, cancellationToken);
    }

    /// <summary>Begins to listen on <see cref="ServerOptions.Metrics"/> alone.</summary>
    /// <param name="options">Where.</param>
    /// <param name="store">As in <see cref="StartAsync(ServerOptions, string?, Action{string}, CancellationToken)"/>.</param>
    /// <param name="notice">Told in one line where it listens.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BadInputException">It cannot listen there, or the store cannot be used.</exception>
    public static Task<SiloListener> StartMetricsAsync(ServerOptions options, string? store, Action<string> notice, CancellationToken cancellationToken) =>
        StartAsync(options, isListening: false, store, notice, cancellationToken);

    /// <summary>Listens no more.</summary>
    public async ValueTask DisposeAsync()
    {
        await (_metrics?.DisposeAsync() ?? ValueTask.CompletedTask);
        _pipeline?.Dispose();
        if (_server is not null)
        {
            using CancellationTokenSource grace = new(s_grace);
            await _server.StopAsync(grace.Token);
            await _server.DisposeAsync();
        }

        await (_home?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    private static async Task<SiloListener> StartAsync(ServerOptions options, bool isListening, string? store, Action<string> notice, CancellationToken cancellationToken)
    {
        MetricsListener.Check(isListening ? options : options with { Listen = s_nowhere });
        SiloPulse pulse = new(options.Time);
        ServerHome? home = store is null ? null : await ServerHome.OpenAsync(store, options.Time, [pulse], cancellationToken);
        SiloListener listener = new(home, pulse);
        try
        {
            await listener.ListenAsync(options, isListening, notice, cancellationToken);
            return listener;
        }
        catch
        {
            await listener.DisposeAsync();
            throw;
        }
    }

    private async Task ListenAsync(ServerOptions options, bool isListening, Action<string> notice, CancellationToken cancellationToken)
    {
        IReadOnlyList<IReadinessCheck> checks = _home is null ? [] : [new StoreCheck(_home.Parts.Store), .. _home.Parts.Checks];
        if (isListening)
        {
            _server = Build(options, checks);
            await ListenFaults.StartAsync(_server, options.Listen, cancellationToken);
            notice($"metrics: {string.Join(", ", _server.Urls.Select(static address => $"{address}/metrics"))}");
        }
        else
        {
            _pipeline = new TelemetryPipeline(options.Telemetry);
        }

        TelemetryPipeline pipeline = _pipeline ?? _server!.Services.GetRequiredService<TelemetryPipeline>();
        AuditLog audit = _server?.Services.GetRequiredService<AuditLog>() ?? new AuditLog(null, options.Time, options.Logs.CreateLogger<AuditLog>());
        _metrics = await MetricsListener.StartAsync(options, pipeline, checks, audit, notice, cancellationToken);
    }

    private static WebApplication Build(ServerOptions options, IReadOnlyList<IReadinessCheck> checks)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Logging.ClearProviders();
        AccessFeature.Listen(builder, options);
        builder.Services.AddSingleton(options.Logs).AddSingleton<IHostLifetime, QuietLifetime>();
        AccessFeature.Add(builder.Services, options);
        TelemetryFeature.AddPipeline(builder.Services, options);

        WebApplication server = builder.Build();
        TelemetryFeature.Use(server);
        AccessFeature.Use(server);
        TelemetryFeature.Map(server);
        HealthFeature.Map(server, checks);
        return server;
    }
}
