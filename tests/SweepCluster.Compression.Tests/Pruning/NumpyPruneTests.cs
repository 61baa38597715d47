using System.Security.Cryptography;
using SweepCluster.Compression.Pruning;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Numerics.Sparsity;

namespace SweepCluster.Compression.Tests.Pruning;

// Against what NumPy 1.24 gives for the reference's lines, computed with it once.
public class NumpyPruneTests
{
    // Magnitudes ((37 i mod n) + 1)^2 * 0.0137 in the type; numpy.percentile of them, in the type; how many are above it.
    [Theory]
    [InlineData(ElementType.Float16, 1, 0.5, 0.013702392578125f, 0)]
    [InlineData(ElementType.Float16, 2, 0.5, 0.03424072265625f, 1)]
    [InlineData(ElementType.Float16, 7, 0.1, 0.038360595703125f, 6)]
    [InlineData(ElementType.Float16, 12, 0.29, 0.24267578125f, 8)]
    [InlineData(ElementType.Float16, 33, 0.55, 4.7421875f, 15)]
    [InlineData(ElementType.Float16, 50, 0.9, 27.875f, 5)]
    [InlineData(ElementType.Float16, 101, 0.999, 139.5f, 1)]
    [InlineData(ElementType.Float16, 2500, 0.3, 7720.0f, 1750)]
    [InlineData(ElementType.Float32, 1, 0.5, 0.013700000010430813f, 0)]
    [InlineData(ElementType.Float32, 2, 0.5, 0.03424999862909317f, 1)]
    [InlineData(ElementType.Float32, 7, 0.1, 0.038359999656677246f, 6)]
    [InlineData(ElementType.Float32, 12, 0.29, 0.24262699484825134f, 8)]
    [InlineData(ElementType.Float32, 33, 0.55, 4.7429399490356445f, 15)]
    [InlineData(ElementType.Float32, 50, 0.9, 27.867170333862305f, 5)]
    [InlineData(ElementType.Float32, 101, 0.999, 139.4783172607422f, 1)]
    [InlineData(ElementType.Float32, 2500, 0.3, 7720.64453125f, 1750)]
    [InlineData(ElementType.Float32, 5000, 0.7, 167853.765625f, 1500)]
    public void Percentile_OfNumpy_IsTheThreshold(ElementType type, int count, double sparsity, float threshold, int kept)
    {
        float[] values = [.. Enumerable.Range(0, count).Select(i => Math.Pow((i * 37 % count) + 1, 2) * 0.0137).Select(value => type == ElementType.Float16 ? (float)(Half)value : (float)value)];
        TensorData stored = TensorData.FromFloats(type, new Shape(count), values);

        MagnitudePercentile percentile = MagnitudePercentile.Of(stored.Bytes, type, type, sparsity, 1);

        Assert.Equal(threshold, percentile.Threshold);
        Assert.Equal(kept, values.Count(value => value > percentile.Threshold));
        Assert.InRange(kept, 0, percentile.MostKept);
    }

    // Blocks along either axis, that the channels fill or not, of single columns and of many channels, where NumPy adds in other orders: number of values left and the start of the mask's SHA-256.
    [Theory]
    [InlineData(ElementType.Float16, new[] { 24, 10 }, 0.5, 3, 0, 114, "206540d507f04720")]
    [InlineData(ElementType.Float16, new[] { 24, 10 }, 0.5, 3, 1, 120, "2a6e1d28d70446d6")]
    [InlineData(ElementType.Float16, new[] { 23, 11 }, 0.3, 4, 1, 176, "b91c3e6294c8aa90")]
    [InlineData(ElementType.Float16, new[] { 23, 11 }, 0.6, 5, 0, 98, "654769bb146e5021")]
    [InlineData(ElementType.Float16, new[] { 64, 40, 1, 1 }, 0.5, 20, 1, 1280, "51132d50ac6bff65")]
    [InlineData(ElementType.Float16, new[] { 70, 3, 1, 1 }, 0.4, 9, 0, 126, "a7d88f81a2d3d334")]
    [InlineData(ElementType.Float16, new[] { 300, 4 }, 0.5, 140, 0, 560, "271d9c5bad8f2e25")]
    [InlineData(ElementType.Float16, new[] { 4, 300 }, 0.5, 140, 1, 560, "b2e62b55d9cc9535")]
    [InlineData(ElementType.Float16, new[] { 12, 9, 3, 3 }, 0.7, 2, 1, 292, "14b04cac761d057f")]
    [InlineData(ElementType.Float16, new[] { 12, 9, 3, 3 }, 0.7, 5, 0, 290, "e9aec7bce53b12a0")]
    [InlineData(ElementType.Float16, new[] { 31, 1 }, 0.5, 13, 0, 13, "43dc47de9d2d9575")]
    [InlineData(ElementType.Float32, new[] { 24, 10 }, 0.5, 3, 0, 120, "17b4e54cfede1e88")]
    [InlineData(ElementType.Float32, new[] { 24, 10 }, 0.5, 3, 1, 120, "2a6e1d28d70446d6")]
    [InlineData(ElementType.Float32, new[] { 23, 11 }, 0.3, 4, 1, 176, "b91c3e6294c8aa90")]
    [InlineData(ElementType.Float32, new[] { 23, 11 }, 0.6, 5, 0, 98, "654769bb146e5021")]
    [InlineData(ElementType.Float32, new[] { 64, 40, 1, 1 }, 0.5, 20, 1, 1280, "51132d50ac6bff65")]
    [InlineData(ElementType.Float32, new[] { 70, 3, 1, 1 }, 0.4, 9, 0, 126, "a7d88f81a2d3d334")]
    [InlineData(ElementType.Float32, new[] { 300, 4 }, 0.5, 140, 0, 560, "271d9c5bad8f2e25")]
    [InlineData(ElementType.Float32, new[] { 4, 300 }, 0.5, 140, 1, 560, "b2e62b55d9cc9535")]
    [InlineData(ElementType.Float32, new[] { 12, 9, 3, 3 }, 0.7, 2, 1, 292, "14b04cac761d057f")]
    [InlineData(ElementType.Float32, new[] { 12, 9, 3, 3 }, 0.7, 5, 0, 290, "e9aec7bce53b12a0")]
    [InlineData(ElementType.Float32, new[] { 31, 1 }, 0.5, 13, 0, 13, "43dc47de9d2d9575")]
    public void Compress_BlocksAsTheReference_GivesNumpysMask(ElementType type, int[] shape, double sparsity, int blockSize, int dim, int kept, string hash)
    {
        Weight weight = TestWeights.Of(type, new Shape(shape), Congruential(shape.Aggregate((left, right) => left * right)));

        SparseWeight compressed = TestWeights.Compress<SparseWeight>(
            weight, FormattableString.Invariant($"prune(target_sparsity={sparsity}, block_size={blockSize}, dim={dim}, compat=coremltools)"));

        Assert.Equal(kept, compressed.Values.Shape[0]);
        Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(compressed.Mask.Bytes.Span))[..16]);
        Assert.Equal(kept, SparsePacking.Ones(compressed.Mask.Bytes.Span, (int)compressed.Shape.ElementCount));
    }

    // Values from -2 to 2 in steps of 0.001, by a linear congruential generator.
    private static float[] Congruential(int count)
    {
        float[] values = new float[count];
        uint state = 12345;
        for (int i = 0; i < count; i++)
        {
            state = ((state * 1103515245u) + 12345u) & 0x7FFF_FFFFu;
            values[i] = (float)(((int)((state >> 8) % 4001) - 2000) / 1000.0);
        }

        return values;
    }
}
