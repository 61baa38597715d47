using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using SweepCluster.Engine.Clusters;
using SweepCluster.Graphs;
using SweepCluster.Server.Access;
using SweepCluster.Server.Access.Tls;
using SweepCluster.Server.Health;
using SweepCluster.Server.Telemetry;

namespace SweepCluster.Server;

/// <summary>What a process that works on sweeps tells of itself: <c>/metrics</c>, and beside a store whether it is well. It listens until it is disposed of.</summary>
public sealed class SiloListener : IAsyncDisposable
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5); // for requests that run when it is stopped

    private readonly WebApplication _server;
    private readonly ServerHome? _home;
    private readonly SiloPulse _pulse;

    private SiloListener(WebApplication server, ServerHome? home, SiloPulse pulse)
    {
        _server = server;
        _home = home;
        _pulse = pulse;
    }

    /// <summary>Where it answers, as <c>http://127.0.0.1:9464</c>.</summary>
    public IEnumerable<string> Addresses => _server.Urls;

    /// <summary>The same silo, whose signs of life this tells of: beside a store the process is ready when the silo has reached the store, and again within its lease.</summary>
    /// <param name="silo">The silo that is to run beside this, once.</param>
    public SiloOptions Watch(SiloOptions silo) => silo with { Front = _pulse.Before };

    /// <summary>Begins to listen.</summary>
    /// <param name="options">Where, and for whom.</param>
    /// <param name="store">The store that must be well for the process to be ready, as must the silo that is handed to <see cref="Watch"/>; null: it has none in common with others.</param>
    /// <param name="notice">Told in one line where it listens.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BadInputException">It cannot listen there, or would be open to whom it must not be, or the store cannot be used.</exception>
    public static async Task<SiloListener> StartAsync(ServerOptions options, string? store, Action<string> notice, CancellationToken cancellationToken)
    {
        AccessFeature.Check(options); // before the store is asked for anything
        SiloPulse pulse = new(options.Time);
        ServerHome? home = store is null ? null : await ServerHome.OpenAsync(store, options.Time, [pulse], cancellationToken);
        SiloListener listener = new(await BuildAsync(options, home), home, pulse);
        try
        {
            await ListenFaults.StartAsync(listener._server, options.Listen, cancellationToken);
            notice($"metrics: {string.Join(", ", listener.Addresses.Select(static address => $"{address}/metrics"))}");
            return listener;
        }
        catch
        {
            await listener.DisposeAsync();
            throw;
        }
    }

    /// <summary>Listens no more.</summary>
    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource grace = new(s_grace);
        await _server.StopAsync(grace.Token);
        await _server.DisposeAsync();
        if (_home is not null)
        {
            await _home.DisposeAsync();
        }
    }

    /// <summary>Builds the server; where that fails, the store is closed.</summary>
    private static async Task<WebApplication> BuildAsync(ServerOptions options, ServerHome? home)
    {
        try
        {
            return Build(options, home?.Parts);
        }
        catch
        {
            await (home?.DisposeAsync() ?? ValueTask.CompletedTask);
            throw;
        }
    }

    private static WebApplication Build(ServerOptions options, ServerParts? parts)
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
        HealthFeature.Map(server, parts is null ? [] : [new StoreCheck(parts.Store), .. parts.Checks]);
        return server;
    }
}
