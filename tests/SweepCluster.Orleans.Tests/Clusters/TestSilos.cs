using Microsoft.Extensions.DependencyInjection;
using Orleans.TestingHost;
using SweepCluster.Engine.Jobs;
using SweepCluster.Orleans.Clients;
using SweepCluster.Orleans.Jobs;
using SweepCluster.Orleans.Silos;
using SweepCluster.Testing;
using SweepCluster.Testing.Databases;

namespace SweepCluster.Orleans.Tests.Clusters;

/// <summary>Several silos in this process, with the grains of the program and one store on a real database.</summary>
internal sealed class TestSilos : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<TestSilo> _silos = [];
    private InProcessTestCluster _cluster = null!;

    private TestSilos(string store)
    {
        Address = store;
    }

    /// <summary>The store's connection string.</summary>
    internal string Address { get; }

    internal IReadOnlyList<TestSilo> Silos => _silos;

    /// <summary>Asks the cluster from outside.</summary>
    internal SweepClient Client => new(_cluster.Client, TimeProvider.System);

    /// <summary>The cluster's own figures.</summary>
    internal IManagementGrain Management => _cluster.Client.GetGrain<IManagementGrain>(0);

    internal InProcessTestCluster Cluster => _cluster;

    /// <summary>Starts silos that are members and do not claim jobs yet.</summary>
    /// <param name="count">How many.</param>
    /// <param name="jobs">What runs the jobs of a silo: given its name and its real actors.</param>
    /// <param name="configure">More for each silo.</param>
    /// <param name="isImpatient">Whether the time that a grain waits for a job passes at once.</param>
    internal static async Task<TestSilos> StartAsync(int count, Func<string, IJobHost, IJobHost> jobs, Action<ISiloBuilder>? configure = null, bool isImpatient = false)
    {
        TestSilos silos = new(await (await PostgresServer.SharedAsync()).CreateDatabaseAsync());
        for (int i = 0; i < count; i++)
        {
            string name = $"silo {i}";
            silos._silos.Add(await TestSilo.OpenAsync(name, silos.Address, silos._folder, actors => jobs(name, actors), new SiloTime()));
        }

        int next = -1;
        InProcessTestClusterBuilder builder = new((short)count);
        builder.ConfigureSilo((own, silo) =>
        {
            TestSilo mine = silos._silos[Interlocked.Increment(ref next)];
            silo.AddSweepGrains(mine.Work, mine.Store, mine.Desk, mine.Actors, new SiloTime { IsImpatient = isImpatient });
            configure?.Invoke(silo);
        });
        builder.ConfigureClient(client => client.Services.AddSweepMessages());
        silos._cluster = builder.Build();
        await silos._cluster.DeployAsync();
        foreach (InProcessSiloHandle handle in silos._cluster.Silos)
        {
            TestSilo mine = silos.Of(handle.SiloAddress);
            mine.Host.Sit(new ClusterSeat(silos.Grains(handle.SiloAddress), handle.SiloAddress.ToParsableString()));
        }

        return silos;
    }

    /// <summary>Every silo begins to claim jobs.</summary>
    internal void BeginToWork() => _silos.ForEach(silo => silo.BeginToWork());

    /// <summary>The grains as a silo reaches them.</summary>
    internal IGrainFactory Grains(SiloAddress silo) => _cluster.GetSiloServiceProvider(silo).GetRequiredService<IGrainFactory>();

    /// <summary>The silo at an address.</summary>
    internal TestSilo Of(SiloAddress silo)
    {
        SiloWork work = _cluster.GetSiloServiceProvider(silo).GetRequiredService<SiloWork>();
        return _silos.Single(other => other.Work == work);
    }

    internal SiloAddress AddressOf(TestSilo silo) => _cluster.Silos.Single(handle => Of(handle.SiloAddress) == silo).SiloAddress;

    /// <summary>Ends a silo as a crash does: it says nothing to anybody, its leases end by themselves.</summary>
    internal Task KillAsync(TestSilo silo)
    {
        silo.Time.Die();
        return _cluster.KillSiloAsync(_cluster.Silos.Single(handle => Of(handle.SiloAddress) == silo));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (TestSilo silo in _silos)
        {
            await silo.DisposeAsync();
        }

        await _cluster.StopAllSilosAsync();
        await _cluster.DisposeAsync();
        _folder.Dispose();
    }
}
