using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Tests;

public class ValueSummaryTests
{
    [Fact]
    public void Of_ByHand_CountsAndMeasures()
    {
        ValueSummary summary = Of([1, -1, 3, 0, 3, float.NaN, float.PositiveInfinity]);

        Assert.Equal(new ValueSummary(7, -1, 3, 1.2, Math.Sqrt(12.8 / 5), 1, 2, 6), summary with { Deviation = Math.Round(summary.Deviation, 12) == Math.Round(Math.Sqrt(12.8 / 5), 12) ? Math.Sqrt(12.8 / 5) : summary.Deviation });
    }

    [Fact]
    public void Of_NothingFinite_HasNoRange()
    {
        ValueSummary summary = Of([float.NaN]);

        Assert.True(double.IsNaN(summary.Least) && double.IsNaN(summary.Mean));
        Assert.Equal((1, 1), (summary.NotFinite, summary.Distinct));
    }

    [Fact]
    public void Of_NoElements_IsEmpty() => Assert.Equal((0, 0), (Of([]).Elements, Of([]).Distinct));

    // More upper halves than are counted in one pass, and every number twice.
    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(65_536)]
    public void Of_ManyUpperHalves_CountsEachPatternOnce(int uppers)
    {
        uint[] bits = [.. Enumerable.Range(0, uppers).SelectMany(upper => new[] { (uint)upper << 16, ((uint)upper << 16) | 0xFFFF, ((uint)upper << 16) | (uint)(upper & 63) | 0x40 })];
        float[] values = [.. bits.Concat(bits.Reverse()).Select(BitConverter.UInt32BitsToSingle)];

        Assert.Equal(bits.Distinct().LongCount(), Of(values).Distinct);
    }

    private static ValueSummary Of(float[] values) => ValueSummary.Of(new DenseWeight(ElementType.Float32, TensorData.FromFloat32(new Shape(values.Length), values)));
}
