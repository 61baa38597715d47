using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Engines;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Stores.Journal;

namespace SweepCluster.Benchmarks;

/// <summary>What the engine costs without any work: trials that do nothing, claimed, run and recorded through the journal. A trial counts when its result is on disk.</summary>
[SimpleJob(RunStrategy.Monitoring, warmupCount: 2, iterationCount: 10)]
[MemoryDiagnoser]
public class EngineJournal
{
    private const int Trials = 50_000;
    private const string Result = "{\"sizeBytes\":123456,\"weightsHash\":\"cd8d7a5fa03125509a71c0fb734dc3925fe4077a5ebd374cc40677fb8fb87937\",\"tally\":{\"samples\":512,\"agreeing\":500}}";

    private string _folder = "";
    private JournalStore _store = null!;
    private long _longestTicks;

    [IterationSetup]
    public void Open()
    {
        _folder = Directory.CreateTempSubdirectory("sweep-benchmark-").FullName;
        _store = JournalStore.Open(_folder, TimeProvider.System);
        Job[] jobs = [.. Enumerable.Range(0, Trials).Select(index => new Job(JobKind.Trial, $"{index:x64}", $"{{\"plan\":{index}}}"))];
        _store.AddSweepAsync(new SweepRecord("a", "a", "", "", null, "", "{}"), SweepControl.Default, jobs, default).GetAwaiter().GetResult();
    }

    [IterationCleanup]
    public void Close()
    {
        _store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Directory.Delete(_folder, recursive: true);
        if (_longestTicks > 0)
        {
            Console.WriteLine($"// longest time from a result to its acknowledgement: {TimeSpan.FromTicks(_longestTicks).TotalMilliseconds:F1} ms");
            _longestTicks = 0;
        }
    }

    /// <summary>The job loop with two slots over the journal.</summary>
    [Benchmark(OperationsPerInvoke = Trials)]
    public Task EmptyTrials() =>
        new JobLoop(_store, new EmptyHost(), new JobLoopOptions { Slots = 2, Silo = "benchmark" }, TimeProvider.System, _ => { }).RunAsync("a", default);

    /// <summary>The same, with the time from each result to its acknowledgement taken.</summary>
    [Benchmark(OperationsPerInvoke = Trials)]
    public Task EmptyTrialsTimed() =>
        new JobLoop(new TimedStore(_store, ticks => _longestTicks = Math.Max(_longestTicks, ticks)), new EmptyHost(), new JobLoopOptions { Slots = 2, Silo = "benchmark" }, TimeProvider.System, _ => { })
            .RunAsync("a", default);

    /// <summary>The floor: the same results claimed and recorded without a loop, all at once, so that a few flushes take them all.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Trials)]
    public async Task Floor()
    {
        List<Task> recording = new(Trials);
        foreach (Claim claim in await _store.ClaimAsync(ClaimFilter.Any, "benchmark", Trials, TimeSpan.FromMinutes(1), default))
        {
            recording.Add(_store.TryRecordAsync(claim, JobResult.Of(Result), [], default));
        }

        await Task.WhenAll(recording);
    }

    private sealed class EmptyHost : IJobHost
    {
        public Task<JobOutcome> RunAsync(Claim claim, CancellationToken cancellationToken) => Task.FromResult(JobOutcome.Of(JobResult.Of(Result)));
    }
}
