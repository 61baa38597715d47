using SweepCluster.Cli.Terminal;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Cli.Tests;

public sealed class QuantityTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1_000, "1.00 KB")]
    [InlineData(9_999, "10.0 KB")]
    [InlineData(99_950, "100 KB")]
    [InlineData(999_499, "999 KB")]
    [InlineData(999_500, "1.00 MB")]
    [InlineData(43_236_880, "43.2 MB")]
    public void Bytes_AnySize_HasThreeDigitsAndAUnitOfThousands(long bytes, string text) => Assert.Equal(text, ByteSize.Write(bytes));

    [Fact]
    public void Metric_Share_IsPerCentWithItsInterval() =>
        Assert.Equal("87.30 % [85.77, 88.69]", Quantity.Metric("top1", new Estimate(0.873, 0.85771, 0.88689, 2000)));

    [Fact]
    public void Metric_WithoutInterval_IsTheValueAlone() => Assert.Equal("0.125", Quantity.Metric("kl", new Estimate(0.125, 0.125, 0.125, 0)));

    [Fact]
    public void Metric_OfACommandThatIsCalledTop1_IsTheNumberThatItPrinted() => Assert.Equal("71.5", Quantity.Metric("top1", new Estimate(71.5, 71.5, 71.5, 0)));

    [Fact]
    public void Drop_Share_IsPoints() => Assert.Equal("0.40 pt [-0.64, 1.49]", Quantity.Drop("top1", new Estimate(0.004, -0.0064, 0.0149, 1000)));

    [Theory]
    [InlineData(0.2, "1 s")]
    [InlineData(59, "59 s")]
    [InlineData(200, "3 min 20 s")]
    [InlineData(3720, "1 h 02 min")]
    public void Duration_AnyTime_ReadsAsPeopleSayIt(double seconds, string text) => Assert.Equal(text, Quantity.Duration(TimeSpan.FromSeconds(seconds)));
}
