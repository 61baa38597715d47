using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using SweepCluster.Orleans.Silos;

namespace SweepCluster.Orleans.Clients;

/// <summary>A client of the cluster over a store. It connects when there is a silo to connect to, and finds others when that one goes.</summary>
internal sealed class ClusterConnection : IAsyncDisposable
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_leaving = TimeSpan.FromSeconds(5);

    private readonly IHost _host;
    private volatile bool _isConnected;

    internal ClusterConnection(string store, string clusterId, TimeProvider time)
    {
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

    /// <summary>Asks the cluster.</summary>
    internal SweepClient Sweeps { get; }

    /// <summary>Connects, however long it takes.</summary>
    /// <returns>How many silos there are.</returns>
    internal async Task<int> ConnectAsync(CancellationToken cancellationToken)
    {
        await _host.StartAsync(cancellationToken);
        _isConnected = true;
        return await GrainCalls.RepeatAsync(() => CountSilosAsync(cancellationToken), TimeProvider.System, cancellationToken);
    }

    /// <summary>Active silos, as one of them sees them; 0 while there is no connection.</summary>
    internal async Task<int> CountSilosAsync(CancellationToken cancellationToken) => !_isConnected ? 0
        : (await _host.Services.GetRequiredService<IClusterClient>().GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true).WaitAsync(cancellationToken)).Count;

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
