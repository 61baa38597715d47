using SweepCluster.Graphs;

namespace SweepCluster.Compression.Tests;

public class ValueSummaryTests
{
    [Fact]
    public void Of_ByHand_CountsAndMeasures()
    {
        ValueSummary summary = ValueSummary.Of(TensorData.FromFloat32(new Shape(7), [1, -1, 3, 0, 3, float.NaN, float.PositiveInfinity]));

        Assert.Equal(new ValueSummary(7, -1, 3, 1.2, Math.Sqrt(12.8 / 5), 1, 2, 6), summary with { Deviation = Math.Round(summary.Deviation, 12) == Math.Round(Math.Sqrt(12.8 / 5), 12) ? Math.Sqrt(12.8 / 5) : summary.Deviation });
    }

    [Fact]
    public void Of_NothingFinite_HasNoRange()
    {
        ValueSummary summary = ValueSummary.Of(TensorData.FromFloat32(new Shape(1), [float.NaN]));

        Assert.True(double.IsNaN(summary.Least) && double.IsNaN(summary.Mean));
        Assert.Equal((1, 1), (summary.NotFinite, summary.Distinct));
    }

    [Fact]
    public void Of_NoElements_IsEmpty() => Assert.Equal((0, 0), (ValueSummary.Of(TensorData.FromFloat32(new Shape(0), [])).Elements, ValueSummary.Of(TensorData.FromFloat32(new Shape(0), [])).Distinct));
}
