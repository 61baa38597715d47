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

    [Fact]
    public void Of_ImportancesWorkedByHand_AreSummedForEachValue()
    {
        DistinctValues distinct = DistinctValues.Of([3f, -1f, -0f, 0f, 3f], [1f, 0f, 2f, 4f, 0.5f]);

        Assert.Equal([-1f, 0f, 3f], distinct.Values.ToArray());
        Assert.Equal([0, 1, 3, 5], distinct.Ends.ToArray());
        Assert.Equal([0.0, 6, 1.5], distinct.Weights.ToArray());
    }

    // The first is beside 1e16 too small to add: only in the order of the elements is the sum 1e16 + 2.
    [Theory, InlineData(3), InlineData(5000)]
    public void Of_Importances_AreAddedInTheOrderOfTheElements(int length)
    {
        float[] values = new float[length], importances = new float[length];
        (importances[0], importances[1], importances[2]) = (1, 1, 1e16f);
        double expected = 2.0 + 1e16f;

        Assert.Equal(expected, DistinctValues.Of(values, importances).Weights.Span[0]);
        Assert.Equal(expected, DistinctValues.Of(new Half[length], importances).Weights.Span[0]);
    }

    [Fact]
    public void Of_ImportancesOfAnotherLength_Throws() =>
        Assert.Equal("Found 1 importances, expected one for each of 2 values. (Parameter 'importances')", Assert.Throws<ArgumentException>(() => DistinctValues.Of([1f, 2f], [1f])).Message);

    [Fact]
    public void Of_EveryFiniteHalf_IsFoundOnce()
    {
        Half[] halves = [.. Enumerable.Range(0, 65536).Select(bits => BitConverter.UInt16BitsToHalf((ushort)bits)).Where(Half.IsFinite)];

        DistinctValues distinct = DistinctValues.Of(halves);

        Assert.Equal(halves.Select(value => (float)value + 0f).Distinct().Order(), distinct.Values.ToArray());
        Assert.Equal(2, distinct.Counts.Span[distinct.Values.Length / 2]);
    }

    // Two thirds of the magnitudes are below 2, the scale is 1, 1 + 3 is two doublings: 16,383 bins for each.
    [Fact]
    public void Binned_ValuesWorkedByHand_AreTheMeansOfTheirBins()
    {
        const float Bin = 1f / 16384; // a little less than a bin from 0 on
        DistinctValues distinct = DistinctValues.Binned([0, Bin, 1 + (Bin / 2), 1, -1.5f, 3], [1, 3, 1, 1, 2, 0]);

        Assert.Equal([-1.5f, 0.75f * Bin, 1 + (Bin / 4), 3], distinct.Values.ToArray());
        Assert.Equal([1, 2, 2, 1], distinct.Counts.ToArray());
        Assert.Equal([2.0, 4, 2, 0], distinct.Weights.ToArray());
        Assert.Equal(((0.5625 + (3 * 0.0625)) + (2 * 0.0625)) * Bin * Bin, DistinctValues.BinRounding([0, Bin, 1 + (Bin / 2), 1, -1.5f, 3], [1, 3, 1, 1, 2, 0]), 1e-18);
    }

    [Fact]
    public void Binned_WideRange_KeepsTheWidthThatIsStated()
    {
        float[] values = [.. Samples.Floats(5000, 3), 1e20f, -1e-20f, float.MaxValue, float.Epsilon, 0];

        DistinctValues distinct = DistinctValues.Binned(values);

        float[] means = distinct.Values.ToArray();
        Assert.Equal(means.Distinct().Order(), means);
        Assert.Equal(values.Length, distinct.Counts.ToArray().Sum());
        float[] sorted = [.. values.Select(value => value + 0f).Order()];
        double scale = Math.Pow(2, Math.Floor(Math.Log2(sorted.Select(Math.Abs).Where(value => value > 0).Order().ElementAt((values.Length / 2) - 1))));
        double bins = Math.Floor(32767 / Math.Ceiling(Math.Log2(1 + (float.MaxValue / scale))));
        for (int i = 0; i < means.Length; i++)
        {
            float first = sorted[distinct.Ends.Span[i]], last = sorted[distinct.Ends.Span[i + 1] - 1];
            Assert.InRange(means[i], first, last);
            Assert.InRange((double)last - first, 0, (scale + Math.Min(Math.Abs(first), Math.Abs(last))) / bins);
        }
    }
}
