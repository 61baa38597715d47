using SweepCluster.Numerics.Elementwise;

namespace SweepCluster.Numerics.Tests.Elementwise;

public sealed class MapLayoutTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(32)]
    public void Copy_PlanarToBlockedAndOut_KeepsEveryValue(int channels)
    {
        FeatureMap planar = new(channels, 3, 5, 1, 1, 1, 1, 1), blocked = new(channels, 3, 5, 16, 2, 0, 0, 1);
        float[] plain = Samples.Floats(2 * channels * 15, 31), actual = new float[plain.Length];
        float[] values = [.. Enumerable.Repeat(float.NaN, 2 * blocked.SampleLength)];

        MapLayout.Copy(planar, Samples.LayOut(planar, plain, 2), blocked, values, 2);
        MapLayout.ToPlain(blocked, values, actual, 2);

        Assert.Equal(plain, actual);
        Assert.Equal(2 * (blocked.SampleLength - (blocked.Blocks * 16 * 15)), values.Count(float.IsNaN)); // the margin, and it alone
    }

    [Theory]
    [InlineData(16, 16)]
    [InlineData(5, 7)]
    [InlineData(16, 3)]
    [InlineData(3, 16)]
    public void Copy_TwoSourcesIntoOneMap_PutsChannelsOneAfterTheOther(int first, int second)
    {
        FeatureMap a = new(first, 2, 2, 16), b = new(second, 2, 2, 16), both = new(first + second, 2, 2, 16, 1, 1, 1, 1);
        float[] plainA = Samples.Floats(first * 4, 32), plainB = Samples.Floats(second * 4, 33), actual = new float[(first + second) * 4];
        float[] values = new float[both.SampleLength];

        MapLayout.Copy(a, Samples.LayOut(a, plainA, 1), both, values, 1);
        MapLayout.Copy(b, Samples.LayOut(b, plainB, 1), both, values, 1, first);
        MapLayout.ToPlain(both, values, actual, 1);

        Assert.Equal([.. plainA, .. plainB], actual);
    }

    [Theory]
    [InlineData(17, 0)]
    [InlineData(3, 16)]
    public void Copy_SourceWithUnusedLanesThatAreNotZero_LeavesZerosInTheirPlace(int channels, int first)
    {
        FeatureMap from = new(channels, 2, 3, 16), to = new(first + channels, 2, 3, 16, 1, 1, 1, 1);
        float[] values = new float[2 * to.SampleLength];

        MapLayout.Copy(from, [.. Enumerable.Repeat(float.NaN, 2 * from.SampleLength)], to, values, 2, first);

        Assert.Equal(2 * channels * 6, values.Count(float.IsNaN));
    }

    [Fact]
    public void ClearMargin_FilledMap_ZeroesTheMarginAlone()
    {
        FeatureMap map = new(16, 3, 2, 16, 1, 2, 3, 1);
        float[] values = [.. Enumerable.Repeat(1f, 2 * map.SampleLength)];

        MapLayout.ClearMargin(map, values, 2);

        Assert.Equal(2 * 3 * 2 * 16, values.Count(value => value == 1f));
        Assert.Equal(1f, values[map.SampleLength + map.Offset(15, 2, 1)]);
    }
}
