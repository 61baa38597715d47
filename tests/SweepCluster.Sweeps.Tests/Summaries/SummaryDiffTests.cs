using SweepCluster.Sweeps.Summaries;
using SweepCluster.Sweeps.Tests.Fixtures;

namespace SweepCluster.Sweeps.Tests.Summaries;

public class SummaryDiffTests
{
    private static readonly SweepSummary s_left = TestSummary.Of(
        TestSummary.Trial("same", 300_000, 0.01, 0.02), TestSummary.Trial("gone", 200_000, 0.01, 0.02), TestSummary.Trial("changed", 100_000, 0.01, 0.02));

    [Fact]
    public void Compare_TheSame_IsEmpty()
    {
        SummaryDiff diff = SummaryDiff.Compare(s_left, s_left);

        Assert.Empty(diff.Settings);
        Assert.Empty(diff.Trials);
    }

    [Fact]
    public void Compare_AnotherSweep_ListsWhatChanged()
    {
        SweepSummary right = TestSummary.Of(
            TestSummary.Trial("new", 50_000, 0.01, 0.02),
            TestSummary.Trial("changed", 90_000, 0.03, 0.04) with { WeightsHash = "other" },
            TestSummary.Trial("same", 300_000, 0.01, 0.02)) with
        { Provenance = s_left.Provenance with { Seed = 2, ModelHash = "n" } };

        SummaryDiff diff = SummaryDiff.Compare(s_left, right);

        Assert.Equal([new("model", "net.mlpackage m", "net.mlpackage n"), new SettingDifference("seed", "1", "2")], diff.Settings.ToArray());
        Assert.Equal(
            [("gone", "only left", 200_000, null), ("changed", "size, metric, weights", 100_000, 90_000), ("new", "only right", null, 50_000L)],
            diff.Trials.Select(trial => (trial.Label, trial.What, trial.LeftBytes, trial.RightBytes)));
        Assert.Equal((0.89, 0.87), (diff.Trials[1].LeftMetric!.Value, diff.Trials[1].RightMetric!.Value));
    }
}
