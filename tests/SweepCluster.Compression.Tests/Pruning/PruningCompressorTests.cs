using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Tests.Pruning;

public class PruningCompressorTests
{
    public static TheoryData<ElementType> Types => [ElementType.Float16, ElementType.Float32];

    // |w| sorted: 1 2 3 4 5 6 7 8; rank 0.5 * 7 = 3.5, percentile 4.5.
    [Theory, MemberData(nameof(Types))]
    public void Compress_HalfOfEightValues_KeepsTheFourLargest(ElementType type)
    {
        Weight weight = TestWeights.Of(type, new Shape(2, 4), [8, -1, 7, 2, -6, 3, -5, 4]);

        SparseWeight compressed = TestWeights.Compress<SparseWeight>(weight, "prune(target_sparsity=0.5)");

        Assert.Equal([0b0101_0101], compressed.Mask.Bytes.ToArray());
        Assert.Equal([8f, 7, -6, -5], compressed.Values.ToFloat32());
        Assert.Equal(type, compressed.Values.Type);
        Assert.Equal([8f, 0, 7, 0, -6, 0, -5, 0], Decompressor.ToFloat32(compressed));
    }

    // |w| sorted: 1 2 2 2 2 9; rank 0.2 * 5 = 1, percentile 2: all four ties go, two thirds more than asked for.
    [Theory, MemberData(nameof(Types))]
    public void Compress_TiesWithThePercentile_AllGo(ElementType type)
    {
        Weight weight = TestWeights.Of(type, new Shape(1, 6), [2, -2, 9, 1, 2, -2]);

        Assert.Equal([0f, 0, 9, 0, 0, 0], Decompressor.ToFloat32(TestWeights.Compress(weight, "prune(target_sparsity=0.2)")));
    }

    [Fact]
    public void Compress_MoreZerosThanAskedFor_StoresNoZero()
    {
        SparseWeight compressed = TestWeights.Compress<SparseWeight>(TestWeights.Half(new Shape(1, 5), 0, 0, -0f, 0, 3), "prune(target_sparsity=0.1)");

        Assert.Equal([3f], compressed.Values.ToFloat32());
    }

    [Fact]
    public void Compress_AllOfOneMagnitude_IsRefused()
    {
        SchemeNotApplicableException error = Assert.Throws<SchemeNotApplicableException>(
            () => TestWeights.Compress(TestWeights.Half(new Shape(2, 2), 3, -3, 3, 3), "prune(target_sparsity=0.5)"));

        Assert.Equal("every magnitude ties with the percentile, nothing would be left", error.Reason);
    }

    [Theory, InlineData(0.01), InlineData(0.25), InlineData(0.5), InlineData(0.9), InlineData(0.999)]
    public void Compress_ManyDistinctMagnitudes_PrunesWhatASortSays(double sparsity)
    {
        float[] values = TestWeights.Normal(5000, 31);
        float[] sorted = [.. values.Select(Math.Abs).Order()];
        double rank = sparsity * (values.Length - 1);
        double threshold = sorted[(int)rank] + ((rank - (int)rank) * ((double)sorted[(int)rank + 1] - sorted[(int)rank]));

        float[] actual = Decompressor.ToFloat32(TestWeights.Compress(TestWeights.Single(new Shape(50, 100), values), FormattableString.Invariant($"prune(target_sparsity={sparsity})")));

        Assert.Equal(values.Select(value => Math.Abs(value) > (float)threshold ? value : 0), actual);
    }
}
