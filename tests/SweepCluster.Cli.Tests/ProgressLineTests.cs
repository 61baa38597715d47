using SweepCluster.Cli.Terminal;
using SweepCluster.Engine.Runs;
using SweepCluster.Sweeps.Evaluation;

namespace SweepCluster.Cli.Tests;

public sealed class ProgressLineTests
{
    private static readonly SweepProgress s_halfWay = new(
        SweepStage.Uniform, 62, 125, 0.5, 3855.4, TimeSpan.FromSeconds(28), new BestPoint("9af5730312c4d6e8", "pal4", 184_000, 3.15, new Estimate(0, 0, 0, 1000)), 1);

    [Fact]
    public void Report_IntoAPipe_SaysStageRateTimeAndBestPoint()
    {
        using StringWriter error = new() { NewLine = "\n" };
        using ProgressLine progress = ProgressLine.Create(error, quiet: false);

        progress.Report(s_halfWay);

        Assert.Equal("[##########..........]  50 %  uniform    62/125  3,855 samples/s  28 s left  best 184 KB (3.2x, pal4)  1 failed\n", error.ToString());
    }

    [Fact]
    public void Report_WhileOpening_SaysNothing()
    {
        using StringWriter error = new();
        using ProgressLine progress = ProgressLine.Create(error, quiet: false);

        progress.Report(s_halfWay with { Stage = SweepStage.Opening });

        Assert.Equal(string.Empty, error.ToString());
    }

    [Fact]
    public void Report_ASweepThatWaits_SaysWhyAlsoWhileOpening()
    {
        using StringWriter error = new() { NewLine = "\n" };
        using ProgressLine progress = ProgressLine.Create(error, quiet: false);

        progress.Report(s_halfWay with { Stage = SweepStage.Opening, JobsDone = 0, JobsTotal = 1, Share = 0, SamplesPerSecond = 0, TimeLeft = null, Best = null, Failures = 0, Waits = "no silo is there" });

        Assert.Equal("[....................]   0 %  opening    0/1  waits: no silo is there\n", error.ToString());
    }

    [Fact]
    public void Report_Quiet_SaysNothing()
    {
        using StringWriter error = new();
        using ProgressLine progress = ProgressLine.Create(error, quiet: true);

        progress.Report(s_halfWay);

        Assert.Equal(string.Empty, error.ToString());
    }

    [Theory]
    [InlineData(111, "[##########..........]  50 %  uniform    62/125  3,855 samples/s  28 s left  best 184 KB (3.2x, pal4)  1 failed")]
    [InlineData(110, "[##########..........]  50 %  uniform    62/125  28 s left  best 184 KB (3.2x, pal4)  1 failed")]
    [InlineData(100, "[##########..........]  50 %  uniform    62/125  28 s left  best 184 KB (3.2x, pal4)  1 failed")]
    [InlineData(99, "[#####.....]  50 %  uniform    62/125  28 s left  best 184 KB (3.2x, pal4)  1 failed")]
    [InlineData(84, "[#####.....]  50 %  uniform    62/125  28 s left  best 184 KB (3.2x, pal4)  1 failed")]
    [InlineData(83, "[#####.....]  50 %  uniform    62/125  28 s left  best 184 KB (3.2x)  1 failed")]
    [InlineData(78, "[#####.....]  50 %  uniform    62/125  28 s left  best 184 KB (3.2x)  1 failed")]
    [InlineData(77, "[#####.....]  50 %  uniform    62/125  28 s left  1 failed")]
    [InlineData(58, "[#####.....]  50 %  uniform    62/125  28 s left  1 failed")]
    [InlineData(57, "[#####.....]  50 %  uniform    62/125  28 s left  1 faile")]
    public void Describe_ANarrowTerminal_LeavesOutWholeParts(int width, string line) => Assert.Equal(line, ProgressLine.Describe(s_halfWay, width));
}
