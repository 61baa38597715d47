using SweepCluster.Compression.Tests.Fixtures;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Tests.Joint;

// The reference's pruned and then palettized or quantized packages against ours from the same weights.
[Trait("Needs", "shared")]
public class ReferenceJointTests
{
    [Theory]
    [InlineData("iOS18_fp16", "prune0.5_kmeans4", "palettize(nbits=4)", 6)]
    [InlineData("iOS18_fp32", "prune0.5_kmeans4", "palettize(nbits=4)", 6)]
    [InlineData("iOS18_fp16", "prune0.5_int8", "quantize(dtype=int8)", 6)]
    [InlineData("iOS18_fp32", "prune0.5_int8", "quantize(dtype=int8)", 6)]
    [InlineData("iOS18_fp16", "prune0.5_int4_block32", "quantize(dtype=int4, granularity=per_block, block_size=32)", 5)]
    [InlineData("iOS18_fp32", "prune0.5_int4_block32", "quantize(dtype=int4, granularity=per_block, block_size=32)", 5)]
    public void Compress_SchemeOfTheReference_HasItsMasksAndNoMoreError(string model, string name, string then, int expected)
    {
        Scheme scheme = SchemeText.Parse("prune(target_sparsity=0.5)+" + then);
        ReferencePackage package = ReferencePackage.Read($"{model}_joint_{name}"), uncompressed = ReferencePackage.Read(model + "_base");
        double ours = 0, theirs = 0;
        int compared = 0;
        foreach ((string key, Weight weight) in package.Weights)
        {
            Weight source = uncompressed.Weights[key];
            if (MaskOf(weight.Stored) is not { } mask)
            {
                continue; // below the reference's threshold
            }

            if (Compressors.Refuses(source, scheme) is string reason)
            {
                // The one whose input channels the block does not divide: the reference leaves it pruned.
                Assert.Equal("8 input channels are not divisible by block size 32", reason);
                continue;
            }

            CompressedWeight compressed = TestWeights.Compress(source, scheme.Canonical);
            Assert.Equal(mask.Bytes.ToArray(), MaskOf(compressed)!.Bytes.ToArray());
            ours += TestWeights.Error(source, compressed).SquaredError;
            theirs += TestWeights.Error(source, weight.Stored).SquaredError;
            compared++;
        }

        Assert.Equal(expected, compared);
        Assert.InRange(ours, 0, theirs);
    }

    private static TensorData? MaskOf(CompressedWeight weight) => weight switch
    {
        SparseWeight sparse => sparse.Mask,
        SparsePalettizedWeight sparse => sparse.Mask,
        SparseQuantizedWeight sparse => sparse.Mask,
        _ => null,
    };
}
