using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Jobs;
using SweepCluster.Orleans.Jobs;
using SweepCluster.Orleans.Membership;

namespace SweepCluster.Orleans.Silos;

/// <summary>Makes a silo a member of the Orleans cluster over its store: its jobs run in grains, and whoever asks any member hears of them.</summary>
internal sealed class OrleansCluster(OrleansOptions options) : ISiloCluster
{
    private static readonly TimeSpan s_leaving = TimeSpan.FromSeconds(15); // shorter than the time that the program has after a signal

    /// <inheritdoc/>
    public async Task RunAsync(SiloParts parts, Func<IJobHost, CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        string clusterId = await OrleansSchema.EnsureAsync(parts.Database, cancellationToken);
        while (true)
        {
            using Expulsion expulsion = new(cancellationToken);
            SiloEndpoint endpoint = await SiloEndpoint.ChooseAsync(options, parts.Options.Store, cancellationToken);
            SiloWork jobs = new(parts.Name, parts.Options.Slots, parts.Jobs, parts.Options.Time);
            using IHost host = Build(parts, clusterId, endpoint, jobs, expulsion);
            await StartAsync(host, parts, cancellationToken);
            parts.Notice($"silo {parts.Name}: member of the cluster {clusterId} at {endpoint.Address}, ports {endpoint.SiloPort} for silos and {endpoint.GatewayPort} for clients");
            try
            {
                await work(new GrainJobHost(host.Services.GetRequiredService<IGrainFactory>(), jobs, parts.Options.Time), expulsion.Token);
                return;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                parts.Notice($"silo {parts.Name}: joins the cluster again; it was no member any more ({expulsion.Reason})");
            }
            finally
            {
                await StopAsync(host, parts);
            }
        }
    }

    private static IHost Build(SiloParts parts, string clusterId, SiloEndpoint endpoint, SiloWork jobs, Expulsion expulsion)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        if (Environment.GetEnvironmentVariable("SWEEP_TRACE") == "1")
        {
            builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        }

        builder.Services.AddSingleton<IHostLifetime, QuietLifetime>();
        builder.Services.AddSingleton<IFatalErrorHandler>(expulsion);
        builder.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(cluster => ClusterWiring.Name(cluster, clusterId));
            silo.Configure<global::Orleans.Configuration.SiloOptions>(own => own.SiloName = parts.Name);
            silo.ConfigureEndpoints(endpoint.Address, endpoint.SiloPort, endpoint.GatewayPort);
            silo.UseAdoNetClustering(membership =>
            {
                membership.Invariant = ClusterWiring.Invariant;
                membership.ConnectionString = ClusterWiring.MembershipAddress(parts.Options.Store);
            });
            silo.AddSweepGrains(jobs, parts.Store, parts.Jobs, parts.Options.Time);
        });
        return builder.Build();
    }

    private static async Task StartAsync(IHost host, SiloParts parts, CancellationToken cancellationToken)
    {
        try
        {
            await host.StartAsync(cancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw new ClusterUnavailableException($"silo {parts.Name}: cannot join the cluster: {JobFailures.Describe(error)}", error);
        }
    }

    /// <summary>Leaves the cluster. A silo that cannot say so is noticed by the others.</summary>
    private static async Task StopAsync(IHost host, SiloParts parts)
    {
        using CancellationTokenSource limit = new(s_leaving);
        try
        {
            await host.StopAsync(limit.Token);
        }
        catch (Exception error)
        {
            parts.Notice($"silo {parts.Name}: left the cluster without saying so: {JobFailures.Describe(error)}");
        }
    }
}
