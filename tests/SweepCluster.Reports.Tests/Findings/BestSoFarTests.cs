using SweepCluster.Reports.Findings;
using SweepCluster.Reports.Tests.Sample;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Reports.Tests.Findings;

public sealed class BestSoFarTests
{
    [Theory]
    [InlineData(0.01, "wide")] // by the measured drop, not by the interval
    [InlineData(0.002, "safe")]
    [InlineData(0.0, null)]
    [InlineData(null, "wide")] // its interval holds 0
    public void Of_Goal_IsTheSmallestMeasuredWithinIt(double? goal, string? label) =>
        Assert.Equal(label, BestSoFar.Of(Sample() with { MaxDrop = goal })?.Label);

    [Fact]
    public void Of_EqualSizes_LosesLessThenComesFirst()
    {
        SweepSummary sample = Sample() with { MaxDrop = 1 };

        Assert.Equal("a", BestSoFar.Of(sample with { Trials = [Trial("b", 10, 0.2, 0.1), Trial("a", 10, 0.1, 0.1), Trial("c", 10, 0.1, 0.1)] })!.Label);
    }

    [Fact]
    public void Of_NothingMeasured_IsNone() =>
        Assert.Null(BestSoFar.Of(Sample() with { Trials = [Trial("failed", 10, double.NaN, 0), Trial("none", 5, 0, 0) with { Choice = null }] }));

    private static SweepSummary Sample() => SampleSummary.Create() with { Trials = [Trial("large", 300, 0.0001, 0.00005), Trial("safe", 200, 0.002, 0.001), Trial("wide", 100, 0.009, 0.02), Trial("poor", 50, 0.2, 0.01)] };

    private static TrialSummary Trial(string label, long size, double drop, double half) => SampleSummary.Create().Trials[0] with
    {
        Id = label,
        Label = label,
        SizeBytes = size,
        Choice = SampleSummary.Metrics(0.8, drop, 1000) with { Drop = new Estimate(drop, drop - half, drop + half, 1000) },
    };
}
