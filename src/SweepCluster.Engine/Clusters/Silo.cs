using SweepCluster.Engine.Blobs;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Stores.Postgres;
using SweepCluster.Engine.Telemetry;

namespace SweepCluster.Engine.Clusters;

/// <summary>A process that works on every sweep of a store until it is stopped. It needs nothing but the store.</summary>
public static class Silo
{
    /// <summary>Works until it is stopped; then running jobs are given back and what is computed is recorded.</summary>
    /// <param name="options">Where, and on how many slots.</param>
    /// <param name="notice">Told in one line what an operator should know, from any thread.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Graphs.BadInputException">The store cannot be used.</exception>
    /// <exception cref="Stores.StoreUnavailableException">The store cannot be reached, or was away for longer than two minutes.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static Task RunAsync(SiloOptions options, Action<string> notice, CancellationToken cancellationToken) =>
        RunAsync(options, new SiloFronts(), null, notice, cancellationToken);

    /// <summary>Works on the sweeps of a store that this process has open, until it is stopped.</summary>
    /// <param name="options">On how many slots; <see cref="SiloOptions.Store"/> is what messages call the store.</param>
    /// <param name="store">The store.</param>
    /// <param name="blobs">Its blobs, behind a cache where they are far away.</param>
    /// <param name="notice">Told in one line what an operator should know, from any thread.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="Stores.StoreUnavailableException">The store was away for longer than two minutes, or its disk is full.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static Task RunAsync(SiloOptions options, ISweepStore store, IBlobStore blobs, Action<string> notice, CancellationToken cancellationToken) =>
        WorkAsync(options, options.Front(new MeteredStore(store, options.Loop.Log)), blobs, options.Store, new SiloFronts(), (host, work) => work(host, cancellationToken), notice, cancellationToken);

    /// <summary>The same, with something in front of its parts, or as a member of a cluster.</summary>
    internal static async Task RunAsync(SiloOptions options, SiloFronts fronts, ISiloCluster? cluster, Action<string> notice, CancellationToken cancellationToken)
    {
        await using PostgresDatabase database = await PostgresDatabase.OpenAsync(options.Store, options.Time, cancellationToken);
        await using PostgresStore records = new(database, options.Time);
        ISweepStore store = options.Front(fronts.Store(new MeteredStore(records, options.Loop.Log)));
        CachedBlobStore blobs = new(fronts.Blobs(new MeteredBlobStore(new PostgresBlobStore(database), options.Loop.Log)), options.Cache, options.CacheBytes, options.Time);
        if (blobs.FindFault() is { } fault)
        {
            notice($"silo {options.Name}: --cache {options.Cache} cannot be written ({fault}); every blob is fetched each time");
        }

        using IDisposable cache = SiloGauges.ShowDisk("cache", options.Cache);
        await WorkAsync(
            options, store, blobs, database.Place, fronts,
            (host, work) => cluster is null
                ? work(host, cancellationToken)
                : cluster.RunAsync(new SiloParts(options.Name, options, database, store, host, notice), work, cancellationToken),
            notice, cancellationToken);
    }

    private static async Task WorkAsync(
        SiloOptions options, ISweepStore store, IBlobStore blobs, string place, SiloFronts fronts, Func<SiloJobHost, Func<IJobHost, CancellationToken, Task>, Task> run,
        Action<string> notice, CancellationToken cancellationToken)
    {
        JobLoopOptions loop = options.Loop;
        if (loop.Log.IsOn)
        {
            loop.Log.SiloStarted(loop.Silo, place, loop.Slots);
        }
        else
        {
            notice($"silo {loop.Silo}: {loop.Slots} slots on the store {place}; Ctrl-C or SIGTERM stops it");
        }

        using SiloFolder folder = SiloFolder.Create(Path.GetTempPath());
        using ComputeThreads compute = new(options.Slots);
        await using SiloJobHost host = new(store, blobs, compute, options, folder.Path, notice);
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task collecting = BlobCollector.KeepAsync(store, blobs, loop.Silo, notice, options.Time, ended.Token);
        await using SweepTeller teller = new(store, () => host.Open, options.Time, loop.Log);
        using IDisposable memory = SiloGauges.ShowMemory(() => host.Memory), temporary = SiloGauges.ShowDisk("temporary", folder.Path);
        FailureTeller failures = new(store, loop.Log.IsOn ? static _ => { } : notice, options.Time); // a log has them all
        Task WorkAsync(IJobHost jobs, CancellationToken stop) => new JobLoop(failures, fronts.Host(jobs), loop with { Folder = folder.Path }, options.Time, Finish).RunAsync(null, stop);
        try
        {
            await run(host, WorkAsync);
        }
        finally
        {
            await ended.CancelAsync();
            await collecting.ContinueWith(static _ => { }, TaskScheduler.Default);
            loop.Log.SiloStopped(loop.Silo);
        }

        void Finish(FinishedJob job)
        {
            teller.Finish(job);
            failures.Finish(job);
            loop.Log.Finish(job);
        }
    }
}
