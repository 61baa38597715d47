using System.Collections.Immutable;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;
using Npgsql;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Stores.Postgres;
using SweepCluster.Testing.Databases;

namespace SweepCluster.Benchmarks;

/// <summary>What the engine costs through PostgreSQL: trials that do nothing, claimed, run and recorded. A trial counts when its result is on the server's disk.</summary>
[SimpleJob(RunStrategy.Monitoring, launchCount: 1, warmupCount: 1, iterationCount: 5)]
public class EnginePostgres
{
    private const int Trials = 20_000;
    private const int Batch = 1000; // as many as the store puts into a transaction
    private const string Silo = "benchmark";
    private const string Result = "{\"sizeBytes\":123456,\"weightsHash\":\"cd8d7a5fa03125509a71c0fb734dc3925fe4077a5ebd374cc40677fb8fb87937\",\"tally\":{\"samples\":512,\"agreeing\":500}}";

    private static readonly TimeSpan s_lease = TimeSpan.FromMinutes(1);

    private PostgresServer _server = null!;
    private string _address = "";
    private PostgresDatabase _database = null!;
    private PostgresStore _store = null!;
    private Job[] _jobs = [];
    private ImmutableArray<Claim> _claims;

    [GlobalSetup]
    public void Start() => _server = PostgresServer.StartAsync(durable: true).GetAwaiter().GetResult();

    [IterationSetup]
    public void Open() => OpenAsync(submit: true).GetAwaiter().GetResult();

    [IterationSetup(Targets = [nameof(Submit), nameof(Floor)])]
    public void OpenEmpty() => OpenAsync(submit: false).GetAwaiter().GetResult();

    [IterationSetup(Target = nameof(Record))]
    public void OpenClaimed() => OpenClaimedAsync().GetAwaiter().GetResult();

    [IterationCleanup]
    public void Close()
    {
        _store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _database.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    /// <summary>The job loop over the store, with four slots.</summary>
    [Benchmark(OperationsPerInvoke = Trials)]
    public Task LoopOf4Slots() => LoopAsync(4);

    /// <summary>The job loop over the store, with 64 slots.</summary>
    [Benchmark(OperationsPerInvoke = Trials)]
    public Task LoopOf64Slots() => LoopAsync(64);

    /// <summary>The store alone: batches claimed, and recorded while the next one is claimed.</summary>
    [Benchmark(OperationsPerInvoke = Trials)]
    public async Task ClaimAndRecord()
    {
        Task recording = Task.CompletedTask;
        while (await _store.ClaimAsync(ClaimFilter.Any, Silo, Batch, s_lease, default) is { IsEmpty: false } claims)
        {
            await recording;
            recording = RecordAsync(claims);
        }

        await recording;
    }

    /// <summary>Claims alone.</summary>
    [Benchmark(OperationsPerInvoke = Trials)]
    public Task Claim() => ClaimAllAsync();

    /// <summary>Results alone.</summary>
    [Benchmark(OperationsPerInvoke = Trials)]
    public Task Record() => RecordAsync(_claims);

    /// <summary>A sweep handed in, with all its jobs.</summary>
    [Benchmark(OperationsPerInvoke = Trials)]
    public Task Submit() => SubmitAsync();

    /// <summary>The floor: the rows of the results, and nothing else, inserted in batches into the same table.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Trials)]
    public async Task Floor()
    {
        await using NpgsqlConnection connection = new(_address);
        await connection.OpenAsync();
        for (int at = 0; at < Trials; at += Batch)
        {
            await using NpgsqlCommand command = new(
                """
                INSERT INTO sweep.results (sweep, sequence, job, epoch, silo, payload)
                SELECT 1, c.job + 1, c.job, 1, c.silo, c.payload FROM unnest($1::bigint[], $2::text[], $3::text[]) AS c (job, silo, payload)
                """, connection);
            command.Parameters.AddWithValue(Enumerable.Range(at, Batch).Select(job => (long)job).ToArray());
            command.Parameters.AddWithValue(Enumerable.Repeat(Silo, Batch).ToArray());
            command.Parameters.AddWithValue(Enumerable.Repeat(Result, Batch).ToArray());
            await command.ExecuteNonQueryAsync();
        }
    }

    private Task LoopAsync(int slots) =>
        new JobLoop(_store, new EmptyHost(), new JobLoopOptions { Slots = slots, Silo = Silo }, TimeProvider.System, _ => { }).RunAsync("a", default);

    private async Task OpenAsync(bool submit)
    {
        _address = await _server.CreateDatabaseAsync();
        _database = await PostgresDatabase.OpenAsync(_address, TimeProvider.System, default);
        _store = new PostgresStore(_database, TimeProvider.System);
        _jobs = [.. Enumerable.Range(0, Trials).Select(index => new Job(JobKind.Trial, JobKeys.Hash($"{index}"), $"{{\"plan\":{index}}}"))];
        if (submit)
        {
            await SubmitAsync();
        }
    }

    private async Task OpenClaimedAsync()
    {
        await OpenAsync(submit: true);
        _claims = await ClaimAllAsync();
    }

    private Task SubmitAsync() => _store.AddSweepAsync(new SweepRecord("a", "a", "", "", null, "", "{}"), SweepControl.Default, _jobs, default);

    private async Task<ImmutableArray<Claim>> ClaimAllAsync()
    {
        ImmutableArray<Claim>.Builder all = ImmutableArray.CreateBuilder<Claim>(Trials);
        while (await _store.ClaimAsync(ClaimFilter.Any, Silo, Batch, s_lease, default) is { IsEmpty: false } claims)
        {
            all.AddRange(claims);
        }

        return all.ToImmutable();
    }

    private Task RecordAsync(ImmutableArray<Claim> claims) => Task.WhenAll(claims.Select(claim => _store.TryRecordAsync(claim, JobResult.Of(Result), [], default)));

    private sealed class EmptyHost : IJobHost
    {
        public Task<JobOutcome> RunAsync(Claim claim, CancellationToken cancellationToken) => Task.FromResult(JobOutcome.Of(JobResult.Of(Result)));
    }
}
