using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using SweepCluster.Engine.Stores.Postgres;
using SweepCluster.Graphs;
using SweepCluster.Orleans.Membership;
using SweepCluster.Orleans.Silos;

namespace SweepCluster.Orleans.Clients;

/// <summary>A client of the cluster over a store. It connects when there is a silo to connect to, and finds others when that one goes.</summary>
public sealed class ClusterConnection : IAsyncDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_leaving = TimeSpan.FromSeconds(5);

    private readonly IHost _host;

    private ClusterConnection(string store, string clusterId, string place, TimeProvider time)
    {
        Place = $"the cluster {clusterId} over the store {place}";
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(cluster => ClusterWiring.Name(cluster, clusterId));
            client.UseAdoNetClustering(membership =>
            {
                membership.Invariant = ClusterWiring.Invariant;
                membership.ConnectionString = ClusterWiring.MembershipAddress(store);
            });
            client.Configure<global::Orleans.Configuration.GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = TimeSpan.FromSeconds(10));
            client.UseConnectionRetryFilter(async (_, cancellationToken) =>
            {
                await Task.Delay(s_pause, time, cancellationToken);
                return true; // as long as the process is not stopped: silos may be started later
            });
            client.Services.AddSweepMessages();
        });
        _host = builder.Build();
        Sweeps = new SweepClient(_host.Services.GetRequiredService<IClusterClient>(), time);
    }

    /// <summary>Which cluster it is, in words; no password.</summary>
    public string Place { get; }

    /// <summary>Asks the cluster.</summary>
    public SweepClient Sweeps { get; }

    /// <summary>Prepares a connection to the cluster over a store, whose membership's tables are made where they are missing.</summary>
    /// <param name="store">The store's connection string.</param>
    /// <param name="time">The clock, for pauses.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BadInputException">The store cannot be used.</exception>
    /// <exception cref="Engine.Stores.StoreUnavailableException">The store cannot be reached.</exception>
    public static async Task<ClusterConnection> OpenAsync(string store, TimeProvider time, CancellationToken cancellationToken)
    {
        await using PostgresDatabase database = await PostgresDatabase.OpenAsync(store, time, cancellationToken);
        return new ClusterConnection(store, await OrleansSchema.EnsureAsync(database, cancellationToken), database.Place, time);
    }

    /// <summary>Connects, however long it takes.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many silos there are.</returns>
    public async Task<int> ConnectAsync(CancellationToken cancellationToken)
    {
        await _host.StartAsync(cancellationToken);
        return await GrainCalls.RepeatAsync(() => CountSilosAsync(cancellationToken), TimeProvider.System, cancellationToken);
    }

    /// <summary>Active silos, as one of them sees them.</summary>
    private async Task<int> CountSilosAsync(CancellationToken cancellationToken) =>
        (await _host.Services.GetRequiredService<IClusterClient>().GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true).WaitAsync(cancellationToken)).Count;

    /// <summary>Leaves.</summary>
    public async ValueTask DisposeAsync()
    {
        using CancellationTokenSource limit = new(s_leaving);
        try
        {
            await _host.StopAsync(limit.Token);
        }
        catch (Exception error) when (error is OperationCanceledException || GrainCalls.MayPass(error))
        {
            // It never stood, or the silo at the other end is gone.
        }

        _host.Dispose();
    }
}
