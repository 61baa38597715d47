using System.Collections.Concurrent;
using SweepCluster.Engine.Blobs;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Sessions;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Stores.Journal;
using SweepCluster.Graphs;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Testing;

namespace SweepCluster.Engine.Tests.Jobs;

public sealed class JobLoopTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<FinishedJob> _finished = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public async Task Run_AnyNumberOfSlots_RunsEveryJobOnceAndTheCoordinatorBetween(int slots)
    {
        ConcurrentQueue<string> ran = new();
        await using JournalStore store = await StoreAsync(20);

        await RunAsync(store, slots, claim =>
        {
            ran.Enqueue(claim.Job.Key);
            return claim.Job.Key == "round 0"
                ? new JobOutcome(JobResult.Of("{}"), [new Job(JobKind.Trial, "next", "{}"), new Job(JobKind.Coordinate, "round 1", "{}")])
                : JobOutcome.Of(JobResult.Of("{}"));
        });

        string[] order = [.. ran];
        Assert.Equal(23, order.Length);
        Assert.Equal(["round 0", "next", "round 1"], order[20..]);
        Assert.Equal(23, order.Distinct().Count());
        Assert.Equal(order.Order(), _finished.Select(job => job.Claim.Job.Key).Order());
        Assert.True((await store.ReadStatusAsync("a", default)).IsFinished);
    }

    [Fact]
    public async Task Run_AJobThatFails_IsRecordedAndTheOthersGoOn()
    {
        await using JournalStore store = await StoreAsync(5);

        await RunAsync(store, 2, claim => claim.Job.Key switch
        {
            "1" => throw new BadInputException("layer 'x': found\n NaN."),
            "2" => throw new InvalidOperationException("impossible"),
            _ => JobOutcome.Of(JobResult.Of("{}")),
        });

        Dictionary<string, string?> failures = (await store.ReadResultsAsync("a", 0, 10, default)).ToDictionary(result => result.Job.Key, result => result.Result.Failure);
        Assert.Equal(6, failures.Count);
        Assert.Equal("layer 'x': found NaN.", failures["1"]);
        Assert.Equal("InvalidOperationException: impossible", failures["2"]);
        Assert.Null(failures["3"]);
    }

    [Fact]
    public async Task Run_DiskFullInAJob_StopsAndTheRestIsStillToDo()
    {
        await using JournalStore store = await StoreAsync(5);

        IOException error = await Assert.ThrowsAsync<IOException>(() => RunAsync(store, 1, claim =>
            claim.Job.Key == "3" ? throw new IOException("No space left on device") : JobOutcome.Of(JobResult.Of("{}"))));

        Assert.Equal("No space left on device", error.Message);
        Assert.Equal(["0", "1", "2"], (await store.ReadResultsAsync("a", 0, 10, default)).Select(result => result.Job.Key));
        Assert.Equal(0, (await store.ReadStatusAsync("a", default)).Leased);
        await RunAsync(store, 1, _ => JobOutcome.Of(JobResult.Of("{}")));
        Assert.True((await store.ReadStatusAsync("a", default)).IsFinished);
    }

    public static TheoryData<Exception> LostThings =>
    [
        new BlobUnavailableException("ab", isDamaged: false, "blobs/ab: the blob is missing."),
        new DataUnavailableException("7.jpg: cannot be read.", new IOException()),
        new CommandUnavailableException("eval: cannot be started (no such program)."),
        new BaselineFailedException("net: the uncompressed model could not be measured: NaN."),
    ];

    [Theory, MemberData(nameof(LostThings))]
    public async Task Run_SomethingOfTheSurroundingsIsLost_StopsAndTheJobIsStillToDo(Exception lost)
    {
        await using JournalStore store = await StoreAsync(3);

        Exception error = await Assert.ThrowsAnyAsync<SweepException>(() => RunAsync(store, 1, claim => claim.Job.Key == "1" ? throw lost : JobOutcome.Of(JobResult.Of("{}"))));

        Assert.Same(lost, error);
        Assert.Equal("0", Assert.Single(await store.ReadResultsAsync("a", 0, 10, default)).Job.Key);
        Assert.Equal(0, (await store.ReadStatusAsync("a", default)).Leased);
    }

    [Fact]
    public async Task Run_ACoordinatorThatThrows_StopsWithItsError()
    {
        await using JournalStore store = await StoreAsync(1);

        await Assert.ThrowsAsync<InvalidOperationException>(() => RunAsync(store, 2, claim =>
            claim.Job.Kind == JobKind.Coordinate ? throw new InvalidOperationException() : JobOutcome.Of(JobResult.Of("{}"))));

        Assert.Single(await store.ReadResultsAsync("a", 0, 10, default));
    }

    [Fact]
    public async Task Run_Canceled_GivesRunningJobsBackAndKeepsWhatIsRecorded()
    {
        await using JournalStore store = await StoreAsync(5);
        using CancellationTokenSource stop = new();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(
            store,
            1,
            claim =>
            {
                if (claim.Job.Key == "2")
                {
                    stop.Cancel();
                    stop.Token.ThrowIfCancellationRequested();
                }

                return JobOutcome.Of(JobResult.Of("{}"));
            },
            cancellationToken: stop.Token));

        SweepStatus status = await store.ReadStatusAsync("a", default);
        Assert.Equal(new SweepStatus(6, 2, 0), status with { Added = null });
    }

    [Fact]
    public async Task Run_EverySweepOfTheStore_LeavesAloneWhatItCannotWorkOn()
    {
        await using JournalStore store = await StoreAsync(3);
        await store.AddSweepAsync(new SweepRecord("b", "b", "", "", null, "", "{}"), SweepControl.Default, [.. Enumerable.Range(0, 3).Select(index => new Job(JobKind.Trial, $"{index}", "{}"))], default);
        using CancellationTokenSource stop = new();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => RunAsync(
            store,
            2,
            claim =>
            {
                if (claim.SweepId == "a")
                {
                    throw new SweepSetAsideException("no such library here", null);
                }

                if (claim.Sequence == 2)
                {
                    stop.Cancel(); // such a loop ends only when it is stopped; what runs is recorded
                }

                return JobOutcome.Of(JobResult.Of("{}"));
            },
            sweepId: null,
            stop.Token));

        Assert.Equal(new SweepStatus(4, 0, 0), await store.ReadStatusAsync("a", default) with { Added = null });
        Assert.True((await store.ReadStatusAsync("b", default)).IsFinished);
    }

    [Fact]
    public async Task RunAsync_OnComputeThreads_UsesOnlyThem()
    {
        using ComputeThreads threads = new(2);
        string?[] names = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => threads.RunAsync(_ => Thread.CurrentThread.Name, default)));

        Assert.All(names, name => Assert.StartsWith("compute ", name, StringComparison.Ordinal));
        await Assert.ThrowsAsync<BadInputException>(() => threads.RunAsync<int>(_ => throw new BadInputException("no"), default));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => threads.RunAsync(_ => 1, new CancellationToken(canceled: true)));
    }

    private async Task<JournalStore> StoreAsync(int trials)
    {
        JournalStore store = JournalStore.Open(_folder.Path, TimeProvider.System);
        await store.AddSweepAsync(
            new SweepRecord("a", "a", "", "", null, "", "{}"), SweepControl.Default,
            [.. Enumerable.Range(0, trials).Select(index => new Job(JobKind.Trial, $"{index}", "{}")), new Job(JobKind.Coordinate, "round 0", "{}")],
            default);
        return store;
    }

    private Task RunAsync(JournalStore store, int slots, Func<Claim, JobOutcome> work, string? sweepId = "a", CancellationToken cancellationToken = default) =>
        new JobLoop(store, new PlainHost(work), new JobLoopOptions { Slots = slots, Silo = "test" }, TimeProvider.System, _finished.Enqueue)
            .RunAsync(sweepId, cancellationToken);

    private sealed class PlainHost(Func<Claim, JobOutcome> work) : IJobHost
    {
        public async Task<JobOutcome> RunAsync(Claim claim, CancellationToken cancellationToken)
        {
            await Task.Yield();
            return work(claim);
        }
    }
}
