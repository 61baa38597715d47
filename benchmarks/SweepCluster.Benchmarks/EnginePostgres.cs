using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Stores.Postgres;
using SweepCluster.Testing.Databases;

namespace SweepCluster.Benchmarks;

/// <summary>What the engine costs through PostgreSQL: trials that do nothing, claimed, run and recorded. A trial counts when its result is on the server's disk.</summary>
[SimpleJob(RunStrategy.Monitoring, launchCount: 1, warmupCount: 1, iterationCount: 3)]
public class EnginePostgres
{
    private const int Trials = 20_000;
    private const string Result = "{\"sizeBytes\":123456,\"weightsHash\":\"cd8d7a5fa03125509a71c0fb734dc3925fe4077a5ebd374cc40677fb8fb87937\",\"tally\":{\"samples\":512,\"agreeing\":500}}";

    private PostgresServer _server = null!;
    private PostgresDatabase _database = null!;
    private PostgresStore _store = null!;

    /// <summary>Slots of the loop: those that ask together share a transaction.</summary>
    [Params(4, 64)]
    public int Slots { get; set; }

    [GlobalSetup]
    public void Start() => _server = PostgresServer.StartAsync(durable: true).GetAwaiter().GetResult();

    [IterationSetup]
    public void Open() => OpenAsync().GetAwaiter().GetResult();

    [IterationCleanup]
    public void Close()
    {
        _store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _database.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    /// <summary>The job loop over the store.</summary>
    [Benchmark(OperationsPerInvoke = Trials)]
    public Task EmptyTrials() =>
        new JobLoop(_store, new EmptyHost(), new JobLoopOptions { Slots = Slots, Silo = "benchmark" }, TimeProvider.System, _ => { }).RunAsync("a", default);

    private async Task OpenAsync()
    {
        _database = await PostgresDatabase.OpenAsync(await _server.CreateDatabaseAsync(), TimeProvider.System, default);
        _store = Store(_database);
        Job[] jobs = [.. Enumerable.Range(0, Trials).Select(index => new Job(JobKind.Trial, $"{index:x64}", $"{{\"plan\":{index}}}"))];
        await _store.AddSweepAsync(new SweepRecord("a", "a", "", "", null, "", "{}"), SweepControl.Default, jobs, default);
    }

    private static PostgresStore Store(PostgresDatabase database) => new(database, TimeProvider.System);

    private sealed class EmptyHost : IJobHost
    {
        public Task<JobOutcome> RunAsync(Claim claim, CancellationToken cancellationToken) => Task.FromResult(JobOutcome.Of(JobResult.Of(Result)));
    }
}
