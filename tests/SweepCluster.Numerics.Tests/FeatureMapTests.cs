namespace SweepCluster.Numerics.Tests;

public sealed class FeatureMapTests
{
    [Theory]
    [InlineData(17, 3, 5, 16, 1, 2, 0, 3, true)]
    [InlineData(1, 30000, 50000, 1, 0, 0, 0, 0, true)]
    [InlineData(3, 60000, 60000, 1, 0, 0, 0, 0, false)]
    [InlineData(3, 4, (1 << 28) + 4, 16, 0, 0, 0, 0, false)]
    [InlineData(16, 4, 4, 16, int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue, false)]
    [InlineData(int.MaxValue, int.MaxValue, int.MaxValue, 16, 0, 0, 0, 0, false)]
    [InlineData(16, 4, 4, 16, -1, 0, 0, 0, false)]
    [InlineData(16, 0, 4, 16, 0, 0, 0, 0, false)]
    [InlineData(16, 4, 4, 8, 0, 0, 0, 0, false)]
    public void IsAddressable_AnyNumbers_SaysWhetherMemoryCanHoldThem(int channels, int height, int width, int lanes, int top, int left, int bottom, int right, bool expected) =>
        Assert.Equal(expected, new FeatureMap(channels, height, width, lanes, top, left, bottom, right).IsAddressable);

    [Fact]
    public void SampleLength_MoreThanAnIntCounts_ThrowsInsteadOfWrapping() => // 2^34 floats, which would wrap to 0
        Assert.Throws<OverflowException>(() => new FeatureMap(16, 4, 1 << 28, 16).SampleLength);

    [Theory]
    [InlineData(-1, 4)]
    [InlineData(0, 0)]
    public void Check_NumberOutOfItsRange_Refuses(int top, int height) =>
        Assert.Throws<ArgumentException>("values", () => new FeatureMap(16, height, 4, 16, top).Check(1 << 20, 1, "values"));
}
