using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using SweepCluster.Compression.Tests.Palettization.Tables;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Numerics.Randomness;

namespace SweepCluster.Compression.Tests.Palettization.Vectors;

public class VectorCompressorTests
{
    public static TheoryData<string> Schemes =>
    [
        "palettize(nbits=2, cluster_dim=2)", "palettize(nbits=1, cluster_dim=4)", "palettize(nbits=2, cluster_dim=2, granularity=per_grouped_channel, group_size=4)",
        "palettize(nbits=2, cluster_dim=2, enable_per_channel_scale=true)", "palettize(nbits=3, cluster_dim=2, lut_dtype=int8)", "palettize(nbits=3, cluster_dim=4, lut_dtype=uint8, granularity=per_grouped_channel, group_size=4)",
    ];

    [Fact]
    public void Compress_FewerDistinctVectorsThanEntries_IsExactAndLeavesTheRestZero()
    {
        Weight weight = TestWeights.Half(new Shape(4, 2), 5, 1, 6, -0f, 1, 5, 0, 6);

        PalettizedWeight compressed = TestWeights.Compress<PalettizedWeight>(weight, "palettize(nbits=2, cluster_dim=2)");

        Assert.Equal(new Shape(1, 1, 4, 2), compressed.Table.Shape);
        Assert.Equal([1, 0, 5, 6, 0, 0, 0, 0], compressed.Table.ToFloat32());
        Assert.Equal(new Shape(2, 2), compressed.Indices.Shape);
        Assert.Equal([1, 0, 0, 1], compressed.Indices.ToInt32());
        Assert.Equal([5f, 1, 6, 0, 1, 5, 0, 6], Decompressor.ToFloat32(compressed));
    }

    [Fact]
    public void Compress_OutputAxisInTheMiddle_TakesConsecutiveOutputChannels()
    {
        float[] values = [.. Enumerable.Range(0, 3 * 4 * 5).Select(i => (float)(((i / 5 % 4 * 10) + (i / 20)) * (i % 5 % 2)))];
        Weight weight = TestWeights.Of(ElementType.Float32, new Shape(3, 4, 5), values, outputAxis: 1, inputAxis: 0);

        PalettizedWeight compressed = TestWeights.Compress<PalettizedWeight>(weight, "palettize(nbits=4, cluster_dim=2, granularity=per_grouped_channel, group_size=2)");

        Assert.Equal(1, compressed.VectorAxis);
        Assert.Equal(new Shape(1, 2, 1, 16, 2), compressed.Table.Shape);
        Assert.Equal(new Shape(3, 2, 5), compressed.Indices.Shape);
        Assert.Equal(values, Decompressor.ToFloat32(compressed));
    }

    // All ways to put nine points into two clusters.
    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6), InlineData(7), InlineData(8)]
    public void Compress_FewPoints_FindsTheOptimum(int seed)
    {
        float[] values = TestWeights.Normal(18, seed);
        Weight weight = TestWeights.Single(new Shape(2, 9), values);
        double best = double.PositiveInfinity;
        for (int split = 1; split < 1 << 8; split++)
        {
            best = Math.Min(best, Enumerable.Range(0, 2).Sum(row => Enumerable.Range(0, 2).Sum(side =>
            {
                double[] part = [.. Enumerable.Range(0, 9).Where(i => (split >> i & 1) == side).Select(i => (double)values[(row * 9) + i])];
                return part.Sum(value => Math.Pow(value - part.Average(), 2));
            })));
        }

        Assert.InRange(TestWeights.Error(weight, TestWeights.Compress(weight, "palettize(nbits=1, cluster_dim=2)")).SquaredError, 0, best * (1 + 1e-6));
    }

    [Theory, MemberData(nameof(Schemes))]
    public void Compress_AnyWeight_AssignsToTheNearestOfWhatTheDeviceSeesAndIsIdempotent(string scheme)
    {
        Gen<float[]> inputs = Gen.ArrayOf(Gen.Choose(-3000, 3000).Select(i => i / 1024f), 8 * 7);

        Prop.ForAll(inputs.ToArbitrary(), values =>
        {
            Weight weight = TestWeights.Half(new Shape(8, 7), values);
            PalettizedWeight compressed = TestWeights.Compress<PalettizedWeight>(weight, scheme);
            float[] seen = Decompressor.ToFloat32(compressed), source = Decompressor.ToFloat32(weight.Stored), table = compressed.Table.ToFloat32();
            float[] scales = compressed.ChannelScales?.ToFloat32() ?? [1, 1, 1, 1, 1, 1, 1, 1];
            int length = compressed.VectorLength, size = 1 << compressed.Bits, perGroup = 8 / compressed.Table.Shape[0];
            for (int row = 0; row < 8; row += length)
            {
                for (int column = 0; column < 7; column++)
                {
                    double Distance(Func<int, float> value) => Enumerable.Range(0, length).Sum(c => Math.Pow(source[((row + c) * 7) + column] - value(c), 2));
                    double nearest = Enumerable.Range(0, size).Min(entry => Distance(c => (float)(Half)(table[(((row / perGroup * size) + entry) * length) + c] * scales[row + c])));
                    Assert.Equal(nearest, Distance(c => seen[((row + c) * 7) + column]), 1e-12);
                }
            }

            if (compressed.ChannelScales is null && compressed.Table.Scales is null)
            {
                Assert.Equal(seen, Decompressor.ToFloat32(TestWeights.Compress(TestWeights.Half(new Shape(8, 7), seen), scheme)));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(40).WithReplay(20261120, 37));
    }

    [Theory, MemberData(nameof(Schemes))]
    public void Compress_ManyThreads_GivesTheSameBytes(string scheme)
    {
        PreparedWeight weight = new(TestWeights.Half(new Shape(64, 1200), TestWeights.Normal(64 * 1200, 5)));

        Assert.Equal(TableCompressorTests.Bytes(weight, scheme, 1), TableCompressorTests.Bytes(weight, scheme, 7));
    }

    [Theory, MemberData(nameof(Schemes))]
    public void Compress_ConstantZeroDenormalAndHugeWeights_AreDefined(string scheme)
    {
        foreach (float value in new[] { 0, 3, MathF.Pow(2, -24), 65504, -65504 })
        {
            float[] seen = Decompressor.ToFloat32(TestWeights.Compress(TestWeights.Half(new Shape(4, 2), [.. Enumerable.Repeat(value, 8)]), scheme));

            Assert.All(seen, found => Assert.InRange(found, value - (Math.Abs(value) / 100) - 1e-7f, value + (Math.Abs(value) / 100) + 1e-7f));
        }

        Assert.Equal("element 1 is NaN", Assert.Throws<SchemeNotApplicableException>(() => TestWeights.Compress(TestWeights.Half(new Shape(4, 2), 1, float.NaN, 3, 4, 5, 6, 7, 8), scheme)).Reason);
    }

    [Theory, InlineData(1e-38f), InlineData(1e-44f), InlineData(1e38f)]
    public void Compress_SinglesWhoseSquaresVanishOrOverflow_AreClusteredAllTheSame(float size)
    {
        float[] values = [1, 1.1f, -1, -1.1f, 1, 1, -1, -1.1f];
        Weight weight = TestWeights.Single(new Shape(2, 4), [.. values.Select(value => value * size)]);

        int[] codes = TestWeights.Compress<PalettizedWeight>(weight, "palettize(nbits=1, cluster_dim=2)").Indices.ToInt32();

        Assert.Equal([codes[0], codes[0], 1 - codes[0], 1 - codes[0]], codes);
    }

    // What weighs nothing does not pull: the entries are the two pairs that count.
    [Fact]
    public void Compress_Importances_WeighEachCoordinateOfEachVector()
    {
        Weight weight = TestWeights.Single(new Shape(2, 4), 1, 9, 1.5f, 4, 2, 8, 2, 5);
        PreparedWeight prepared = new(weight, new float[] { 1, 1, 0, 0, 1, 1, 1, 0 });

        PalettizedWeight compressed = (PalettizedWeight)Compressors.Compress(prepared, SchemeText.Parse("palettize(nbits=1, cluster_dim=2)"), new CompressOptions(DecodeArithmetic.ScaleType), CancellationToken.None);

        Assert.Equal([1f, 9, 1, 2], [.. Decompressor.ToFloat32(compressed)[..3], Decompressor.ToFloat32(compressed)[4]]);
    }

    [Theory, InlineData(1e-30f), InlineData(1e30f), InlineData(0f)]
    public void Compress_ImportancesOfOneSize_ChangeNothing(float importance)
    {
        Weight weight = TestWeights.Single(new Shape(4, 20), TestWeights.Normal(80, 4));
        float[] importances = [.. Enumerable.Repeat(importance, 40), .. Enumerable.Repeat(importance == 0 ? 1 : importance, 40)];
        Scheme scheme = SchemeText.Parse("palettize(nbits=1, cluster_dim=2, granularity=per_grouped_channel, group_size=2)");

        CompressedWeight compressed = Compressors.Compress(new PreparedWeight(weight, importances), scheme, new CompressOptions(DecodeArithmetic.ScaleType), CancellationToken.None);

        Assert.Equal(Decompressor.ToFloat32(TestWeights.Compress(weight, scheme.Canonical)), Decompressor.ToFloat32(compressed));
    }

    // A fixed result: the same on every machine, instruction set and thread count. Numbers from integers alone, so that no mathematical library takes part.
    [Theory]
    [InlineData("palettize(nbits=4, cluster_dim=2)", "01e2d8f7e0d95b65")]
    [InlineData("palettize(nbits=6, cluster_dim=4)", "93d22a6465cb8f41")]
    [InlineData("palettize(nbits=4, cluster_dim=2, enable_per_channel_scale=true)", "34e77546640013b1")]
    public void Compress_OnEveryMachine_GivesTheSameBits(string scheme, string sha256)
    {
        SplitMix64 random = new(11);
        float[] values = new float[128 * 700];
        foreach (ref float value in values.AsSpan())
        {
            value = (float)(random.NextUnit() + random.NextUnit() + random.NextUnit() + random.NextUnit() - 2) / 8;
        }

        byte[] bytes = TableCompressorTests.Bytes(new PreparedWeight(TestWeights.Half(new Shape(128, 700), values)), scheme, 1);

        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]);
    }
}
