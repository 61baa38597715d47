using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using SweepCluster.Engine.Blobs;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Telemetry;
using SweepCluster.Graphs;
using SweepCluster.Server.Access;
using SweepCluster.Server.Access.Audit;
using SweepCluster.Server.Access.Tls;
using SweepCluster.Server.Feeds;
using SweepCluster.Server.Health;
using SweepCluster.Server.Telemetry;

namespace SweepCluster.Server;

/// <summary>A server as a program runs it: opens the store, answers, and where it is asked to works on the sweeps, too.</summary>
public static class ServerProgram
{
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(5); // for requests that run when it is stopped

    /// <summary>Whether a text names a folder as store, which this process alone can work on, and not a database.</summary>
    /// <param name="store">A folder, or a connection string, which has a <c>=</c>.</param>
    public static bool IsFolder(string store) => ServerHome.IsFolder(store);

    /// <summary>Checks who may do what on a server, its certificate, and that it can listen, before anything is opened or made.</summary>
    /// <param name="options">How it is to be started.</param>
    /// <exception cref="BadInputException">It would be open to whom it must not be, or tokens, certificate or address cannot be used.</exception>
    public static void Check(ServerOptions options)
    {
        AccessFeature.Check(options);
        ListenFaults.Check(options.Listen);
        MetricsListener.Check(options);
    }

    /// <summary>Serves until it is stopped.</summary>
    /// <param name="options">Where to listen, and how.</param>
    /// <param name="store">A PostgreSQL database's connection string, or a folder: one that is empty or absent becomes a store.</param>
    /// <param name="work">How this process works on the sweeps of the store; its <see cref="SiloOptions.Store"/> is not looked at. Null: it does not, and others must where there are others.</param>
    /// <param name="checks">What must be well for it to be ready, beside the store.</param>
    /// <param name="notice">Told in one line what an operator should know, from any thread.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="BadInputException">The store cannot be used, or the address to listen on, or it would be open to whom it must not be.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot be reached, or was away for longer than two minutes while this process works.</exception>
    /// <exception cref="InvalidOperationException">It ended by itself, through a fault that the log tells.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static Task RunAsync(
        ServerOptions options, string store, SiloOptions? work, IReadOnlyList<IReadinessCheck> checks, Action<string> notice, CancellationToken cancellationToken) =>
        RunAsync(options, store, work, checks, notice, static _ => { }, cancellationToken);

    /// <summary>The same, with a builder that tests change.</summary>
    internal static async Task RunAsync(
        ServerOptions options, string store, SiloOptions? work, IReadOnlyList<IReadinessCheck> checks, Action<string> notice, Action<WebApplicationBuilder> host, CancellationToken cancellationToken)
    {
        Check(options);
        await using ServerHome home = await ServerHome.OpenAsync(store, options.Time, checks, cancellationToken);
        using IDisposable? disk = home.IsJournal ? SiloGauges.ShowDisk("store", home.Place) : null;
        using IDisposable temporary = SiloGauges.ShowDisk("temporary", ServerFolder.Root);
        await using WebApplication server = SweepServer.Build(
            options, home.Parts,
            builder =>
            {
                builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
                host(builder);
            });
        await ListenFaults.StartAsync(server, options.Listen, cancellationToken);
        await using MetricsListener? metrics = await MetricsListener.StartAsync(
            options, server.Services.GetRequiredService<TelemetryPipeline>(), [new StoreCheck(home.Parts.Store), .. home.Parts.Checks], server.Services.GetRequiredService<AuditLog>(), notice, cancellationToken);
        notice($"server: {string.Join(", ", server.Urls)} serves the store {home.Place}; Ctrl-C or SIGTERM stops it");
        if (!options.Access.Trusted.IsEmpty)
        {
            notice($"server: callers from {string.Join(", ", options.Access.Trusted)} are taken as this machine's{(options.Access.IsSignInOn ? "" : ", and nobody signs in")}: publish the port on 127.0.0.1 alone");
        }

        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, server.Lifetime.ApplicationStopping);
        try
        {
            await (work is null ? Task.Delay(Timeout.InfiniteTimeSpan, ending.Token) : WorkAsync(home, work with { Logs = options.Logs }, notice, ending.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && server.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw new InvalidOperationException("The server ended by itself; its log says why."); // its streams are over: another process must begin
        }
        finally
        {
            using CancellationTokenSource grace = new(s_grace);
            await server.StopAsync(grace.Token);
        }
    }

    private static async Task WorkAsync(ServerHome home, SiloOptions work, Action<string> notice, CancellationToken cancellationToken)
    {
        IBlobStore metered = new MeteredBlobStore(home.Parts.Blobs, SiloLog.Of(work.Logs)), blobs = home.IsJournal ? metered : new CachedBlobStore(metered, work.Cache, work.CacheBytes, work.Time);
        using IDisposable? cache = home.IsJournal ? null : SiloGauges.ShowDisk("cache", work.Cache);
        await Silo.RunAsync(work with { Store = home.Place }, home.Parts.Store, blobs, notice, cancellationToken);
    }
}
