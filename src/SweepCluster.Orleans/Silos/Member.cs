using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using SweepCluster.Engine.Blobs;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Jobs;
using SweepCluster.Orleans.Jobs;

namespace SweepCluster.Orleans.Silos;

/// <summary>A silo's membership in the cluster, from joining to leaving. Orleans would end the process of a silo that the others have declared dead; here that is an end of the membership.</summary>
internal sealed class Member : IFatalErrorHandler, IAsyncDisposable
{
    // Where all silos died at once, the rows that they left look alive until their last sign of life is three periods old, and Orleans looks at that when it begins to join:
    // the attempt that began too early is given up, and the next one finds them dead.
    private static readonly TimeSpan s_signOfLife = TimeSpan.FromSeconds(10), s_joining = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_leaving = TimeSpan.FromSeconds(15); // shorter than the time that the program has after a signal

    private readonly SiloParts _parts;
    private readonly IHost _host;
    private bool _hasJoined;
    private readonly TaskCompletionSource<string> _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Member(SiloParts parts, string clusterId, SiloEndpoint endpoint, SiloWork jobs)
    {
        _parts = parts;
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        if (Environment.GetEnvironmentVariable("SWEEP_TRACE") == "1")
        {
            builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        }

        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.Services.AddSingleton<IFatalErrorHandler>(this);
        builder.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(cluster => ClusterWiring.Name(cluster, clusterId));
            silo.Configure<global::Orleans.Configuration.SiloOptions>(own => own.SiloName = parts.Name);
            silo.Configure<ClusterMembershipOptions>(membership =>
            {
                membership.IAmAliveTablePublishTimeout = s_signOfLife;
                membership.MaxJoinAttemptTime = s_joining;
            });
            silo.ConfigureEndpoints(endpoint.Address, endpoint.SiloPort, endpoint.GatewayPort);
            silo.UseAdoNetClustering(membership =>
            {
                membership.Invariant = ClusterWiring.Invariant;
                membership.ConnectionString = ClusterWiring.MembershipAddress(parts.Options.Store);
            });
            silo.AddSweepGrains(
                jobs, parts.Store, new StoreDesk(parts.Store, new PostgresBlobStore(parts.Database), parts.Database.Place, parts.Options.Time), parts.Jobs, parts.Options.Time);
        });
        _host = builder.Build();
    }

    /// <summary>Its place in the cluster, once it has joined.</summary>
    internal ClusterSeat Seat => new(
        _host.Services.GetRequiredService<IGrainFactory>(), _host.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress.ToParsableString());

    /// <summary>Joins.</summary>
    internal async Task JoinAsync(CancellationToken cancellationToken)
    {
        await _host.StartAsync(cancellationToken).WaitAsync(cancellationToken);
        _hasJoined = true;
    }

    /// <summary>Waits until it is no member any more.</summary>
    /// <returns>Why, on one line.</returns>
    internal Task<string> WaitForEndAsync(CancellationToken cancellationToken) => _end.Task.WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public bool IsUnexpected(Exception exception) => true;

    /// <inheritdoc/>
    public void OnFatalException(object? sender, string? context, Exception? exception) =>
        _end.TrySetResult(exception is null ? "the others had declared it dead" : JobFailures.Describe(exception));

    /// <summary>Leaves. A silo that cannot say so is noticed by the others.</summary>
    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource limit = new(s_leaving);
        try
        {
            await _host.StopAsync(limit.Token).WaitAsync(limit.Token);
        }
        catch (Exception error) when (_hasJoined)
        {
            _parts.Notice($"silo {_parts.Name}: left the cluster without saying so: {JobFailures.Describe(error)}");
        }
        catch (Exception)
        {
            // It was never a member: there is nobody to say so to, and what had been begun is thrown away.
        }

        _host.Dispose();
    }
}
