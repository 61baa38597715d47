using System.Collections.Concurrent;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Stores;
using SweepCluster.Engine.Stores.Postgres;
using SweepCluster.Engine.Tests.Runs;
using SweepCluster.Graphs;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Sweeps.Summaries;
using SweepCluster.Testing;
using SweepCluster.Testing.Databases;

namespace SweepCluster.Engine.Tests.Clusters;

/// <summary>A sweep through a real store, with silos in this process.</summary>
public sealed class ClusterRunnerTests(FinishedSweep finished) : IClassFixture<FinishedSweep>, IAsyncLifetime, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ConcurrentQueue<string> _notices = new();
    private string _store = "";

    public async Task InitializeAsync() => _store = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public async Task Run_WithSilos_GivesTheBytesOfARunAlone(int processes)
    {
        using CancellationTokenSource stop = new();
        Task[] silos = [.. Enumerable.Range(1, processes - 1).Select(index => Silo.RunAsync(Options(1, $"cache {index}"), _notices.Enqueue, stop.Token))];

        SweepResult result = await RunAsync(finished.Spec, "out");

        await stop.CancelAsync();
        await Task.WhenAll(silos.Select(silo => Assert.ThrowsAnyAsync<OperationCanceledException>(() => silo)));
        Assert.Equal(SampleSweep.Json(finished.Result), SampleSweep.Json(result));
        Assert.Equal(finished.Result.JobsRun, result.JobsRun + result.JobsFound); // a silo may have been at it before this process looked
    }

    [Fact]
    public async Task Run_Finished_LeavesAResultFolderThatNeedsNoStore()
    {
        await RunAsync(finished.Spec, "out");

        ResultFolder folder = await ResultFolder.OpenAsync(_folder["out"], default);

        Assert.Equal(finished.Result.Summary.Trials.Length, folder.Summary.Trials.Length);
        TrialSummary trial = folder.Summary.Trials.First(trial => trial.OnFrontier);
        Assert.Equal(trial.SizeBytes, await folder.ExportAsync(trial.Id, _folder["small.mlpackage"], default)); // verified on the way
    }

    [Fact]
    public async Task Run_AgainFromAnotherMachine_BringsTheSameSweepHomeWithoutWork()
    {
        SweepResult first = await RunAsync(finished.Spec, "out");

        SweepResult again = await RunAsync(finished.Spec, "elsewhere");

        Assert.Equal((0, first.JobsRun), (again.JobsRun, again.JobsFound));
        Assert.Equal(SampleSweep.Json(first), SampleSweep.Json(again));
    }

    [Fact]
    public async Task Run_Canceled_StaysInTheStoreAndSilosFinishIt()
    {
        using CancellationTokenSource leave = new(), stop = new();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ClusterRunner.RunAsync(
            finished.Spec, SampleSweep.Options(_folder["out"]) with { ProgressPeriod = TimeSpan.FromMilliseconds(1) }, Options(1), new CancelAtFirst(leave), leave.Token));
        Task silo = Silo.RunAsync(Options(2), _notices.Enqueue, stop.Token);
        await using (PostgresDatabase database = await PostgresDatabase.OpenAsync(_store, TimeProvider.System, default))
        await using (PostgresStore store = new(database, TimeProvider.System))
        {
            string id = (await store.ListSweepsAsync(default))[0].Id;
            for (long seen = 0; !(await store.ReadStatusAsync(id, default)).IsFinished;)
            {
                seen = await store.WaitForChangeAsync(seen, default);
            }
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => silo);
        SweepResult result = await RunAsync(finished.Spec, "out");

        Assert.Equal(0, result.JobsRun);
        Assert.Equal(SampleSweep.Json(finished.Result), SampleSweep.Json(result));
    }

    [Fact]
    public async Task Silo_SweepThatRunsACommand_IsLeftToOthersAndTheRestGoesOn()
    {
        SweepSpec own = finished.Spec with
        {
            Name = "own",
            Data = null,
            Canonical = "own",
            Objective = new ObjectiveSpec("score", true, null, ["sh", "-c", "echo '{\"score\": 1}'", "{model}"], TimeSpan.FromMinutes(1)),
        };
        using CancellationTokenSource leave = new(), stop = new();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ClusterRunner.RunAsync(
            own, SampleSweep.Options(_folder["own"]) with { ProgressPeriod = TimeSpan.FromMilliseconds(1) }, Options(1), new CancelAtFirst(leave), leave.Token));
        Task silo = Silo.RunAsync(Options(1), _notices.Enqueue, stop.Token);

        SweepResult result = await RunAsync(finished.Spec, "out");

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => silo);
        Assert.Equal(SampleSweep.Json(finished.Result), SampleSweep.Json(result));
        await using PostgresDatabase database = await PostgresDatabase.OpenAsync(_store, TimeProvider.System, default);
        await using PostgresStore store = new(database, TimeProvider.System);
        SweepRecord left = Assert.Single(await store.ListSweepsAsync(default), sweep => sweep.Name == "own");
        Assert.True(left.Needs.RunsCommand);
        SweepStatus status = await store.ReadStatusAsync(left.Id, default);
        Assert.Equal((1, 0, 0), (status.Jobs, status.Results, status.Leased));
    }

    [Fact]
    public async Task Run_StoreThatCannotBeUsed_WritesNothing()
    {
        SiloOptions options = Options(1) with { Store = (await PostgresServer.SharedAsync()).AddressOf("absent") };

        await Assert.ThrowsAsync<BadInputException>(() => ClusterRunner.RunAsync(finished.Spec, SampleSweep.Options(_folder["out"]), options, null, default));

        Assert.False(Directory.Exists(_folder["out"]));
    }

    private SiloOptions Options(int slots, string cache = "cache") => new() { Store = _store, Slots = slots, Cache = _folder[cache] };

    private Task<SweepResult> RunAsync(SweepSpec spec, string output) =>
        ClusterRunner.RunAsync(spec, SampleSweep.Options(_folder[output]), Options(1), null, default);

    private sealed class CancelAtFirst(CancellationTokenSource source) : IProgress<SweepProgress>
    {
        public void Report(SweepProgress value) => source.Cancel();
    }
}
