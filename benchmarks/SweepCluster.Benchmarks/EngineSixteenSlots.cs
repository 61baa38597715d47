using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Stores.Journal;
using SweepCluster.Engine.Stores.Postgres;
using SweepCluster.Testing.Databases;

namespace SweepCluster.Benchmarks;

/// <summary>How busy 16 slots are kept: trials that sleep for a second instead of computing. Ideal is the number of trials divided by 16, in seconds.</summary>
[Config(typeof(Once))]
public class EngineSixteenSlots
{
    private const int Slots = 16;
    private static readonly TimeSpan s_trial = TimeSpan.FromSeconds(1);

    private string _folder = "";
    private PostgresServer? _server; // ends with this process

    /// <summary>10,000 is the figure to reach; 1,600 takes less than two minutes.</summary>
    [Params(1_600, 10_000)]
    public int Trials { get; set; }

    [IterationSetup]
    public void Open() => _folder = Directory.CreateTempSubdirectory("sweep-benchmark-").FullName;

    [IterationCleanup]
    public void Close() => Directory.Delete(_folder, recursive: true);

    /// <summary>One process of 16 slots, on the journal.</summary>
    [Benchmark]
    public async Task Journal()
    {
        await using JournalStore store = JournalStore.Open(_folder, TimeProvider.System);
        await AddAsync(store);
        await MeasureAsync([(store, new JobLoopOptions { Slots = Slots })]);
    }

    /// <summary>Four silos of 4 slots, on PostgreSQL, with nothing in common but the server.</summary>
    [Benchmark]
    public async Task Postgres()
    {
        _server = await PostgresServer.StartAsync(durable: true);
        string address = await _server.CreateDatabaseAsync();
        List<PostgresDatabase> databases = [];
        List<(ISweepStore Store, JobLoopOptions Options)> silos = [];
        for (int silo = 0; silo < 4; silo++)
        {
            databases.Add(await PostgresDatabase.OpenAsync(address, TimeProvider.System, default));
            silos.Add((new PostgresStore(databases[^1], TimeProvider.System), new SiloOptions { Store = address, Slots = Slots / 4 }.Loop with { Version = null }));
        }

        await AddAsync(silos[0].Store);
        await MeasureAsync(silos);
        foreach ((ISweepStore store, _) in silos)
        {
            await store.DisposeAsync();
        }

        foreach (PostgresDatabase database in databases)
        {
            await database.DisposeAsync();
        }
    }

    private Task<bool> AddAsync(ISweepStore store) => store.AddSweepAsync(
        new SweepRecord("a", "a", "", "", null, "", "{}"), SweepControl.Default,
        [.. Enumerable.Range(0, Trials).Select(index => new Job(JobKind.Trial, $"{index:x64}", $"{{\"plan\":{index}}}"))], default);

    private async Task MeasureAsync(IReadOnlyList<(ISweepStore Store, JobLoopOptions Options)> silos)
    {
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(silos.Select(silo => new JobLoop(silo.Store, new SleepingHost(), silo.Options, TimeProvider.System, _ => { }).RunAsync("a", default)));
        TimeSpan taken = Stopwatch.GetElapsedTime(start), ideal = s_trial * Trials / Slots;
        Console.WriteLine($"// {Trials} trials of {s_trial.TotalSeconds} s on {Slots} slots: {taken.TotalSeconds:F3} s, {(taken / ideal) - 1:P2} above the ideal {ideal.TotalSeconds} s");
    }

    /// <summary>One run, in this process: it waits rather than computes, and takes longer than the usual limit.</summary>
    private sealed class Once : ManualConfig
    {
        public Once() => AddJob(new BenchmarkDotNet.Jobs.Job
        {
            Run = { RunStrategy = RunStrategy.Monitoring, LaunchCount = 1, WarmupCount = 0, IterationCount = 1 },
            Infrastructure = { Toolchain = new InProcessEmitToolchain(TimeSpan.FromHours(1), logOutput: true) },
        });
    }

    private sealed class SleepingHost : IJobHost
    {
        public async Task<JobOutcome> RunAsync(Claim claim, CancellationToken cancellationToken)
        {
            await Task.Delay(s_trial, cancellationToken);
            return JobOutcome.Of(JobResult.Of("{}"));
        }
    }
}
