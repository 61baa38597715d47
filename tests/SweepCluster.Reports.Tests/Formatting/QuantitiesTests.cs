using SweepCluster.Reports.Formatting;
using SweepCluster.Sweeps.Evaluation;

namespace SweepCluster.Reports.Tests.Formatting;

public sealed class QuantitiesTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "1.00 KB")]
    [InlineData(9_994, "9.99 KB")]
    [InlineData(9_996, "10.0 KB")]
    [InlineData(187_432, "187 KB")]
    [InlineData(999_499, "999 KB")]
    [InlineData(999_500, "1.00 MB")]
    [InlineData(43_600_000, "43.6 MB")]
    [InlineData(long.MaxValue, "9.22 EB")]
    public void Bytes_ThreeDigits_InUnitsOfAThousand(long bytes, string expected) => Assert.Equal(expected, Plain(Quantities.Bytes(bytes)));

    [Theory]
    [InlineData(200_000, "200 KB")]
    [InlineData(1_500_000, "1.5 MB")]
    [InlineData(1_000_000, "1 MB")]
    public void TickBytes_RoundValues_HaveNoTrailingZeros(double bytes, string expected) => Assert.Equal(expected, Plain(Quantities.TickBytes(bytes)));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.0012341, "0.001234")]
    [InlineData(0.00012341, "1.234e-4")]
    [InlineData(12.3456, "12.35")]
    [InlineData(123456, "123456")]
    [InlineData(-0.5, "-0.5")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    public void Number_FourDigits(double value, string expected) => Assert.Equal(expected, Plain(Quantities.Number(value)));

    [Fact]
    public void Drops_Shares_ReadInPoints()
    {
        Estimate drop = new(0.0035, -0.001, 0.008, 1000);

        Assert.Equal("0.35 pt (95 % interval -0.10 to 0.80)", Plain(Quantities.DropWithInterval("top1", drop)));
        Assert.Equal("0.0035 (95 % interval -0.001 to 0.008)", Plain(Quantities.DropWithInterval("kl", drop)));
        Assert.Equal("0.35 pt", Plain(Quantities.DropWithInterval("top1", drop with { Samples = 0 })));
        Assert.Equal("0.00 pt", Plain(Quantities.Points(-0.00001))); // no minus before zero
        Assert.Equal("0.5 pt", Plain(Quantities.Goal("top1", 0.005)));
        Assert.Equal("87.30 %", Plain(Quantities.Metric("top1", 0.873)));
    }

    [Fact]
    public void Count_Noun_FollowsTheNumber()
    {
        Assert.Equal("1 layer", Quantities.Count(1, "layer"));
        Assert.Equal("1,024 layers", Quantities.Count(1024, "layer"));
    }

    private static string Plain(string text) => text.Replace('\u00A0', ' ').Replace('\u2212', '-');
}
