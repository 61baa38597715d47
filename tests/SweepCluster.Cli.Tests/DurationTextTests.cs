using SweepCluster.Engine.Clusters;
using SweepCluster.Graphs;

namespace SweepCluster.Cli.Tests;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("90s", 90, "90s")]
    [InlineData("10m", 600, "10m")]
    [InlineData("1.5h", 5400, "90m")]
    [InlineData("2d", 172_800, "48h")]
    public void Parse_Text_GivesItsSecondsAndIsWrittenAsItCanBeRead(string text, double seconds, string written)
    {
        TimeSpan time = DurationText.Parse("--time-limit", text);

        Assert.Equal(seconds, time.TotalSeconds);
        Assert.Equal(written, DurationText.Write(time));
        Assert.Equal(time, DurationText.Parse("--time-limit", written));
    }

    [Fact]
    public void Parse_None_IsNoLimit()
    {
        Assert.Equal(Timeout.InfiniteTimeSpan, DurationText.Parse("--time-limit", "none"));
        Assert.Equal("none", DurationText.Write(null));
    }

    [Theory]
    [InlineData("10")]
    [InlineData("s")]
    [InlineData("0s")]
    [InlineData("-1m")]
    [InlineData("1e3s")]
    [InlineData("400d")]
    public void Parse_AnythingElse_IsRefused(string text)
    {
        BadInputException refused = Assert.Throws<BadInputException>(() => DurationText.Parse("--time-limit", text));

        Assert.Equal($"--time-limit: found '{text}', expected a time of a second to a year, as 90s, 10m or 2h, or none.", refused.Message);
    }
}
