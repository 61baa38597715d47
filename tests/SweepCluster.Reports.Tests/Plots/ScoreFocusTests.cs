using SweepCluster.Reports.Plots;

namespace SweepCluster.Reports.Tests.Plots;

public sealed class ScoreFocusTests
{
    [Fact]
    public void LargestDrop_OnePlanAtChance_ShowsATenthOfTheRange() =>
        Assert.Equal(0.077, ScoreFocus.LargestDrop([0, 0.001, 0.002, 0.77], [0.001, 0.002], null)!.Value, 6);

    [Fact]
    public void LargestDrop_WideGoal_ShowsFourGoals() =>
        Assert.Equal(0.2, ScoreFocus.LargestDrop([0, 0.001, 0.77], [0.001], 0.05)!.Value, 6);

    [Fact]
    public void LargestDrop_FrontierMostlyBad_KeepsAQuarterOfItInSight() =>
        Assert.Equal(0.2, ScoreFocus.LargestDrop([0.1, 0.2, 0.35, 0.4, 0.5, 0.6, 0.7, 0.8], [0.8, 0.7, 0.6, 0.5, 0.4, 0.35, 0.2, 0.1], null)!.Value, 6);

    [Fact]
    public void LargestDrop_RangeReadsWell_IsNone()
    {
        Assert.Null(ScoreFocus.LargestDrop([0, 0.01, 0.02], [0.01, 0.02], 0.01));
        Assert.Null(ScoreFocus.LargestDrop([0, 0.6, 0.9, 1.2, 1.5], [0.6, 0.9, 1.2, 1.5], null)); // 0.6 of 1.5 is more than a third
        Assert.Null(ScoreFocus.LargestDrop([0, 0, 0], [0], null));
        Assert.Null(ScoreFocus.LargestDrop([], [], null));
    }
}
