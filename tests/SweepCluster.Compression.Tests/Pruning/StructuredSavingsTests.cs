using SweepCluster.Compression.Pruning;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Tests.Pruning;

public class StructuredSavingsTests
{
    // Five output channels of seven elements, of which two are zero; 35 mask bits are 5 bytes, 21 are 3.
    [Theory, InlineData(0, "prune(target_sparsity=0.4, granularity=per_channel)"), InlineData(1, "prune(target_sparsity=0.4, granularity=per_channel)")]
    [InlineData(0, "prune(target_sparsity=0.4, granularity=per_channel)+quantize()"), InlineData(1, "prune(target_sparsity=0.4, granularity=per_channel)+palettize(nbits=2)")]
    public void Of_TwoOfFiveChannelsZero_CountsTheirElementsAndBytes(int outputAxis, string scheme)
    {
        Shape shape = outputAxis == 0 ? new Shape(5, 7) : new Shape(7, 5);
        float[] values = [.. Enumerable.Range(0, 35).Select(i => 1f + ((outputAxis == 0 ? i / 7 : i % 5) * 3 % 5))];
        Weight weight = TestWeights.Of(ElementType.Float16, shape, values, outputAxis, 1 - outputAxis);

        Assert.Equal(new StructuredSavings(2, 5, 14, 28, 2), StructuredSavings.Of(weight, TestWeights.Compress(weight, scheme)));
    }

    [Fact]
    public void Of_NoChannelZero_IsNothing()
    {
        Weight weight = TestWeights.Single(new Shape(2, 3), 1, 0, 0, 0, 0, 2);

        Assert.Equal(new StructuredSavings(0, 2, 0, 0, 0), StructuredSavings.Of(weight, TestWeights.Compress(weight, "prune(target_sparsity=0.5)")));
    }

    // Runs that start and end within one byte of the mask, fill it, or cross several.
    [Theory, InlineData(1), InlineData(3), InlineData(8), InlineData(17), InlineData(64), InlineData(100)]
    public void Of_AnyExtents_MatchesACount(int inner)
    {
        Random random = new(inner);
        float[] values = [.. Enumerable.Range(0, 3 * 6 * inner).Select(i => i / inner % 6 is 1 or 4 || random.Next(4) > 0 ? 0f : 1f)];
        values[0] = 2;
        Weight weight = TestWeights.Of(ElementType.Float32, new Shape(3, 6, inner), values, 1, 0);
        int zeros = Enumerable.Range(0, 6).Count(channel => Enumerable.Range(0, values.Length).All(i => i / inner % 6 != channel || values[i] == 0));

        StructuredSavings? savings = StructuredSavings.Of(weight, TestWeights.Compress(weight, "prune(threshold=0.5, minimum_sparsity_percentile=0)"));

        Assert.Equal((zeros, 6, zeros * 3L * inner), (savings!.ZeroChannels, savings.Channels, savings.Elements));
    }

    [Fact]
    public void Of_FormsWithoutMaskOrChannels_IsNull()
    {
        Weight weight = TestWeights.Single(new Shape(2, 3), 1, 0, 0, 0, 0, 2), vector = TestWeights.Single(new Shape(2), 0, 1);

        Assert.Null(StructuredSavings.Of(weight, weight.Stored));
        Assert.Null(StructuredSavings.Of(weight, TestWeights.Compress(weight, "quantize()")));
        Assert.Null(StructuredSavings.Of(vector, new SparseWeight(new TensorData(ElementType.UInt1, new Shape(2), new byte[] { 2 }), TensorData.FromFloat32(new Shape(1), [1]))));
        Assert.Throws<ArgumentException>(() => StructuredSavings.Of(weight, vector.Stored));
    }
}
