using SweepCluster.Numerics.Packing;

namespace SweepCluster.Numerics.Tests.Packing;

public class DistinctValuesTests
{
    [Fact]
    public void Of_HalvesWorkedByHand_AreAscendingWithCounts()
    {
        Half[] values = Array.ConvertAll([3f, -1f, -0f, 0f, 3f, -65504f, 6e-8f, 3f, -1f], value => (Half)value);

        DistinctValues distinct = DistinctValues.Of(values);

        Assert.Equal([-65504f, -1f, 0f, (float)(Half)6e-8f, 3f], distinct.Values.ToArray());
        Assert.Equal([1, 2, 2, 1, 3], distinct.Counts.ToArray());
    }

    [Fact]
    public void Of_SinglesWorkedByHand_AreAscendingWithCounts()
    {
        DistinctValues distinct = DistinctValues.Of([3f, -1f, -0f, 0f, 3f, float.MinValue, float.Epsilon, -float.Epsilon, float.MaxValue]);

        Assert.Equal([float.MinValue, -1f, -float.Epsilon, 0f, float.Epsilon, 3f, float.MaxValue], distinct.Values.ToArray());
        Assert.Equal([1, 1, 1, 2, 1, 2, 1], distinct.Counts.ToArray());
    }

    [Fact]
    public void Of_Nothing_IsEmpty()
    {
        Assert.Equal(0, DistinctValues.Of(ReadOnlySpan<Half>.Empty).Values.Length);
        Assert.Equal(0, DistinctValues.Of(ReadOnlySpan<float>.Empty).Counts.Length);
    }

    // Lengths around the change from comparison sort to radix sort, and from sort to histogram.
    [Theory]
    [InlineData(1), InlineData(2), InlineData(127), InlineData(128), InlineData(129), InlineData(8191), InlineData(8192), InlineData(8193), InlineData(100_000)]
    public void Of_AnyLength_MatchesSortedGroups(int length)
    {
        Random random = new(length);
        Half[] halves = new Half[length];
        for (int i = 0; i < length; i++)
        {
            halves[i] = (Half)((random.NextSingle() - 0.5f) * MathF.Pow(2, random.Next(-20, 4)));
        }

        float[] singles = Array.ConvertAll(halves, value => (float)value);
        (float Value, int Count)[] expected = [.. singles.GroupBy(value => value + 0f).Select(group => (group.Key, group.Count())).OrderBy(pair => pair.Key)];

        foreach (DistinctValues distinct in new[] { DistinctValues.Of(halves), DistinctValues.Of(singles) })
        {
            Assert.Equal(expected.Select(pair => pair.Value), distinct.Values.ToArray());
            Assert.Equal(expected.Select(pair => pair.Count), distinct.Counts.ToArray());
        }
    }
}
