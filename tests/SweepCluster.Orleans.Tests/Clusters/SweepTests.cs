using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Stores;
using SweepCluster.EndToEnd.Tests;
using SweepCluster.Orleans.Frontiers;
using SweepCluster.Orleans.Tests.Jobs;
using SweepCluster.Reports;
using SweepCluster.Sweeps.Frontiers;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Sweeps.Summaries;
using SweepCluster.Testing;
using SiloOptions = SweepCluster.Engine.Clusters.SiloOptions;

namespace SweepCluster.Orleans.Tests.Clusters;

/// <summary>A real sweep in the grains of three silos in one process, of which one dies.</summary>
public sealed class SweepTests(TinySweep undisturbed) : IClassFixture<TinySweep>
{
    [Fact]
    public async Task Run_ASiloDiesWithAJobInItsHands_ReportsTheBytesOfARunAloneAndTheWatcherSeesItsFrontier()
    {
        TaskCompletionSource<(string Silo, Claim Claim)> held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using TestSilos silos = await TestSilos.StartAsync(3, (name, actors) => new StubHost((claim, stop) =>
            claim.Sequence > 5 && held.TrySetResult((name, claim))
                ? Task.Delay(Timeout.InfiniteTimeSpan, stop).ContinueWith(_ => FakeJobs.Done, stop, TaskContinuationOptions.None, TaskScheduler.Default)
                : actors.RunAsync(claim, stop)));
        using TemporaryFolder folder = new();
        SweepSpec spec = SpecReader.Read(undisturbed.Spec, []);
        Task<SweepResult> run = ClusterRunner.RunAsync(
            spec, new RunOptions { ResultFolder = folder["out"], Slots = 1 }, new SiloOptions { Store = silos.Address, Slots = 1, Cache = folder["cache"] }, null, default);
        silos.BeginToWork();
        (string victim, Claim claim) = await held.Task.WaitAsync(TimeSpan.FromMinutes(3));
        Task<List<FrontierView>> watch = WatchAsync(silos, claim.SweepId);

        await silos.KillAsync(silos.Silos.Single(silo => silo.Name == victim));
        SweepResult result = await run;
        await ReportWriter.WriteAsync(result.Summary, folder["out"], default);

        foreach (string name in (string[])["report.html", "report.json", "trials.csv", "sensitivity.csv"])
        {
            Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(undisturbed.Results, name)), await File.ReadAllBytesAsync(Path.Combine(folder["out"], name)));
        }

        RecordedResult[] results = [.. await silos.Silos[0].Store.ReadResultsAsync(claim.SweepId, 0, 10000, default)];
        Assert.Equal(results.Length, results.DistinctBy(recorded => recorded.JobSequence).Count());
        List<FrontierView> seen = await watch;
        Assert.True(seen[^1].IsOver);
        Assert.Equal(seen.Select(state => state.Trials), seen.Select(state => state.Trials).Order());
        Assert.Equal(FrontierOf(result.Summary), seen[^1].Frontier.Select(point => point.TrialId).Order());
    }

    private static async Task<List<FrontierView>> WatchAsync(TestSilos silos, string sweepId)
    {
        List<FrontierView> seen = [];
        await foreach (FrontierView state in silos.Client.WatchFrontierAsync(sweepId, default))
        {
            seen.Add(state);
        }

        return seen;
    }

    /// <summary>The frontier of the report's choice figures, by the rule that marks one.</summary>
    private static IEnumerable<string> FrontierOf(SweepSummary summary)
    {
        TrialSummary[] trials = [.. summary.Trials.Where(trial => trial.Choice is not null && trial.Id != summary.Baseline.Id)];
        bool[] marks = Frontier.Mark(
            [.. trials.Select(trial => trial.SizeBytes), summary.Baseline.SizeBytes],
            [.. trials.Select(trial => -trial.Choice!.Drop.Value), 0]);
        return trials.Where((_, number) => marks[number]).Select(trial => trial.Id).Order();
    }
}
