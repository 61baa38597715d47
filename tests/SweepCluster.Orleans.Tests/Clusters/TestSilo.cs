using SweepCluster.Engine.Blobs;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores.Postgres;
using SweepCluster.Orleans.Jobs;
using SweepCluster.Testing;
using SiloOptions = SweepCluster.Engine.Clusters.SiloOptions;

namespace SweepCluster.Orleans.Tests.Clusters;

/// <summary>What one silo of a test cluster has of its own: its connections, its loop, its clock.</summary>
internal sealed class TestSilo : IAsyncDisposable
{
    private static readonly TimeSpan s_lease = TimeSpan.FromSeconds(3);

    private readonly PostgresDatabase _database;
    private readonly ComputeThreads _compute;
    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;

    private TestSilo(string name, string store, PostgresDatabase database, TemporaryFolder folder, Func<IJobHost, IJobHost> jobs, SiloTime time)
    {
        Name = name;
        _database = database;
        _compute = new ComputeThreads(1);
        Time = time;
        Store = new PostgresStore(database, TimeProvider.System);
        CachedBlobStore blobs = new(new PostgresBlobStore(database), folder["cache"], SiloOptions.DefaultCacheBytes, TimeProvider.System);
        Desk = new StoreDesk(Store, new PostgresBlobStore(database), "the store", TimeProvider.System);
        Directory.CreateDirectory(folder[name]);
        Actors = new SiloJobHost(Store, blobs, _compute, new SiloOptions { Store = store, Slots = 1 }, folder[name], _ => { });
        Work = new SiloWork(name, 1, jobs(Actors), TimeProvider.System);
        Host = new GrainJobHost(Work, TimeProvider.System);
    }

    internal string Name { get; }

    internal SiloTime Time { get; }

    internal PostgresStore Store { get; }

    internal StoreDesk Desk { get; }

    /// <summary>Runs real jobs.</summary>
    internal SiloJobHost Actors { get; }

    internal SiloWork Work { get; }

    internal GrainJobHost Host { get; }

    internal static async Task<TestSilo> OpenAsync(string name, string store, TemporaryFolder folder, Func<IJobHost, IJobHost> jobs, SiloTime time) =>
        new(name, store, await PostgresDatabase.OpenAsync(store, TimeProvider.System, default), folder, jobs, time);

    /// <summary>Begins to claim jobs.</summary>
    internal void BeginToWork()
    {
        JobLoopOptions options = new() { Silo = Name, Slots = 1, Lease = s_lease, Poll = TimeSpan.FromMilliseconds(200) };
        _loop = new JobLoop(Store, Host, options, Time, static _ => { }).RunAsync(null, _stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop.ContinueWith(static _ => { }, TaskScheduler.Default);
        await Actors.DisposeAsync();
        _compute.Dispose();
        await Store.DisposeAsync();
        await _database.DisposeAsync();
        _stop.Dispose();
    }
}
