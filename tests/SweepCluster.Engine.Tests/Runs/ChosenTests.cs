using SweepCluster.Engine.Records;
using SweepCluster.Engine.Runs;
using SweepCluster.Engine.Stores.Journal;
using SweepCluster.Sweeps.Frontiers;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Engine.Tests.Runs;

/// <summary>What is shown of a finished sweep is what its report says.</summary>
public sealed class ChosenTests(FinishedSweep finished) : IClassFixture<FinishedSweep>
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    [InlineData(0.25)]
    [InlineData(0.3)]
    [InlineData(0.4)]
    [InlineData(0.6)]
    [InlineData(1)]
    public async Task Measure_AFinishedSweep_ShowsWhatTheVerdictChooses(double maxDrop)
    {
        await using JournalStore store = JournalStore.OpenReadOnly(Path.Combine(finished.Folder, ".sweep"));
        SweepSpec spec = finished.Spec with { Objective = finished.Spec.Objective with { MaxDrop = maxDrop } };
        WatchedRecords records = new(store, Assert.Single(await store.ListSweepsAsync(default)).Id);
        await records.CatchUpAsync(default);

        SweepProgress progress = new ProgressMeter(spec, () => (0, 0), records, TimeProvider.System).Measure(isFinished: true);

        SweepSummary summary = finished.Result.Summary;
        TrialSummary? chosen = summary.Trials.SingleOrDefault(trial => trial.Id == Recommender.ForMaxDrop(summary, maxDrop).ProvenTrial);
        Assert.Equal((chosen?.Id, chosen?.SizeBytes, chosen?.Confirm!.Drop), (progress.Shown?.TrialId, progress.Shown?.SizeBytes, progress.Shown?.Drop));
        Assert.Equal(maxDrop == 1, chosen == summary.Trials.MinBy(trial => trial.SizeBytes)); // some are proven, some are not
    }

    [Fact]
    public async Task Measure_AFinishedSweepWithoutAGoal_ShowsTheBest()
    {
        await using JournalStore store = JournalStore.OpenReadOnly(Path.Combine(finished.Folder, ".sweep"));
        SweepSpec spec = finished.Spec with { Objective = finished.Spec.Objective with { MaxDrop = null } };
        WatchedRecords records = new(store, Assert.Single(await store.ListSweepsAsync(default)).Id);
        await records.CatchUpAsync(default);

        SweepProgress progress = new ProgressMeter(spec, () => (0, 0), records, TimeProvider.System).Measure(isFinished: true);

        Assert.Null(progress.Chosen);
        Assert.Equal(progress.Best, progress.Shown);
    }
}
