using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Tests;

public class StoredSchemeTests
{
    // Of each form, whatever it was made by, the scheme that makes it again.
    [Theory]
    [InlineData("palettize(mode=kmeans, nbits=4, granularity=per_tensor)")]
    [InlineData("palettize(mode=kmeans, nbits=3, granularity=per_grouped_channel, group_size=8)")]
    [InlineData("palettize(mode=kmeans, nbits=2, granularity=per_tensor, cluster_dim=2)")]
    [InlineData("palettize(mode=kmeans, nbits=2, granularity=per_tensor, enable_per_channel_scale=true)")]
    [InlineData("palettize(mode=kmeans, nbits=4, granularity=per_tensor, lut_dtype=int8)")]
    [InlineData("quantize(mode=linear_symmetric, dtype=int8, granularity=per_channel)")]
    [InlineData("quantize(mode=linear, dtype=uint4, granularity=per_tensor)")]
    [InlineData("quantize(mode=linear_symmetric, dtype=int4, granularity=per_block, block_size=8)")]
    [InlineData("prune(target_sparsity=0.5)")]
    [InlineData("prune(target_sparsity=0.5)+palettize(mode=kmeans, nbits=4, granularity=per_tensor)")]
    [InlineData("prune(target_sparsity=0.5)+quantize(mode=linear_symmetric, dtype=int8, granularity=per_channel)")]
    [InlineData("float16")]
    [InlineData("none")]
    public void Of_CompressedWeight_IsTheSchemeThatMadeIt(string scheme)
    {
        Random random = new(7);
        Shape shape = new(16, 32);
        TensorData values = TensorData.FromFloat32(shape, [.. Enumerable.Range(0, 512).Select(_ => random.NextSingle() - 0.4f)]);
        Weight plain = new("w", new DenseWeight(ElementType.Float32, values), [], 0, 1);
        CompressedWeight stored = Compressors.Compress(new PreparedWeight(plain), SchemeText.Parse(scheme), new CompressOptions(DecodeArithmetic.ScaleType, 1), CancellationToken.None);

        Assert.Equal(scheme, StoredScheme.Of(new Weight("w", stored, [], 0, 1))?.Canonical);
    }

    [Fact]
    public void Of_GroupsOnTheInputAxis_IsNoScheme()
    {
        PalettizedWeight palette = new(new Shape(4, 4), TensorData.FromCodes(ElementType.UInt1, new Shape(4, 4), new int[16]), TensorData.FromFloat16(new Shape(1, 2, 2, 1), [1, 2, 3, 4]));

        Assert.Null(StoredScheme.Of(new Weight("w", palette, [], 0, 1)));
        Assert.Equal("palettize(mode=kmeans, nbits=1, granularity=per_grouped_channel, group_size=2)", StoredScheme.Of(new Weight("w", palette, [], 1, 0))?.Canonical);
    }

    [Fact]
    public void Of_ChainOfOperations_IsNoScheme() => Assert.Null(StoredScheme.Of(
        new Weight("w", new DenseWeight(ElementType.Float32, TensorData.FromFloat32(new Shape(1), [1])), [], 0, 0, "stored as constexpr_lut_to_sparse", "constexpr_lut_to_sparse")));
}
