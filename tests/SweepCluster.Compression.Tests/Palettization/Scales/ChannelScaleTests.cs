using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Tests.Palettization.Scales;

public class ChannelScaleTests
{
    [Theory, InlineData(0), InlineData(1)]
    public void Compress_ScaleOfEachChannel_IsItsLargestMagnitudeAndOneWhereAllIsZero(int axis)
    {
        float[] values = axis == 0 ? [1, -4, 0, 0, 0.5f, 0.25f] : [1, 0, 0.5f, -4, 0, 0.25f];
        Weight weight = TestWeights.Of(ElementType.Float16, axis == 0 ? new Shape(3, 2) : new Shape(2, 3), values, axis, 1 - axis);

        PalettizedWeight compressed = TestWeights.Compress<PalettizedWeight>(weight, "palettize(nbits=3, enable_per_channel_scale=true)");

        Assert.Equal(axis == 0 ? new Shape(3, 1) : new Shape(1, 3), compressed.ChannelScales?.Shape);
        Assert.Equal([4, 1, 0.5f], compressed.ChannelScales!.ToFloat32());
        Assert.Equal(values, Decompressor.ToFloat32(compressed));
    }

    // Channels that differ by gain alone: with their gains taken out, one table serves all.
    [Theory, InlineData("palettize(nbits=4"), InlineData("palettize(nbits=6, cluster_dim=2"), InlineData("palettize(nbits=4, granularity=per_grouped_channel, group_size=4")]
    public void Compress_ChannelsOfDifferentGain_LoseLessWithScales(string scheme)
    {
        float[] values = TestWeights.Normal(16 * 64, 9);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] *= MathF.Pow(2, (i / 64) - 8);
        }

        Weight weight = TestWeights.Half(new Shape(16, 64), values);

        double relative = RelativeError(weight, scheme + ", enable_per_channel_scale=true)"), plain = RelativeError(weight, scheme + ")");

        Assert.InRange(relative, 0, plain);
    }

    // Two entries, two channels, scales 1 and 0.1: what the small channel loses counts a hundredth.
    [Fact]
    public void Compress_FitsTheTableToTheErrorOfTheWeightNotOfTheQuotients()
    {
        Weight weight = TestWeights.Single(new Shape(2, 4), 1, 0.5f, 0.5f, 0, 0.1f, 0.08f, 0.08f, 0.08f);

        float[] table = TestWeights.Compress<PalettizedWeight>(weight, "palettize(nbits=1, enable_per_channel_scale=true)").Table.ToFloat32();

        double best = Enumerable.Range(0, 201).SelectMany(low => Enumerable.Range(0, 201).Select(high => Error(low / 200f, high / 200f))).Min();
        Assert.InRange(Error(table[0], table[1]), 0, best);

        double Error(float low, float high) => Decompressor.ToFloat32(weight.Stored).Select((value, i) => Math.Min(
            Math.Pow(value - (low * (i < 4 ? 1 : 0.1)), 2), Math.Pow(value - (high * (i < 4 ? 1 : 0.1)), 2))).Sum();
    }

    [Fact]
    public void Compress_ImportanceZero_LeavesElementsOutOfTheFit()
    {
        Weight weight = TestWeights.Single(new Shape(1, 6), 1, 1, 0.5f, 0.5f, 0.75f, 0.2f);
        PreparedWeight prepared = new(weight, new float[] { 1, 1, 1, 1, 0, 0 });

        foreach (string scheme in new[] { "palettize(nbits=1, enable_per_channel_scale=true)", "palettize(nbits=1, lut_dtype=uint8)" })
        {
            float[] seen = Decompressor.ToFloat32(Compressors.Compress(prepared, SchemeText.Parse(scheme), new CompressOptions(DecodeArithmetic.ScaleType), CancellationToken.None));

            Assert.Equal([1f, 1, 0.5f, 0.5f], seen[..4].Select(value => MathF.Round(value, 2)));
        }
    }

    // The second channel's scale is 100, and float16 ends at 65504. Tables of 8 bits are held to the same.
    [Theory, InlineData(""), InlineData(", lut_dtype=int8")]
    public void Compress_GivenEntryTimesScalePastTheType_IsRefusedWithTheChannel(string more)
    {
        Weight weight = TestWeights.Half(new Shape(2, 2), 1, -2, 100, 50);
        string scheme = $"palettize(mode=custom, lut=-1000|1000, enable_per_channel_scale=true{more})";

        SchemeNotApplicableException refusal = Assert.Throws<SchemeNotApplicableException>(() => TestWeights.Compress(weight, scheme));

        Assert.Equal("table entry -1000 times 100, the scale of output channel 1, overflows float16", refusal.Reason);
    }

    [Fact]
    public void Compress_GivenEntryTimesScaleAtTheEndOfTheType_IsTaken() => Assert.Equal(
        [2000f, -2000, 65504, 65504],
        Decompressor.ToFloat32(TestWeights.Compress(TestWeights.Half(new Shape(2, 2), 1, -2, 65.5f, 50), "palettize(mode=custom, lut=-1000|1000, enable_per_channel_scale=true)")));

    // Entries of 1 and -1 as codes whose float16 scale is rounded up: times the largest number they would be infinite.
    [Theory, InlineData("int8", 1), InlineData("uint8", 1), InlineData("int8", 2), InlineData("uint8", 2)]
    public void Compress_TableOf8BitsUnderTheLargestScale_StaysFinite(string codes, int vector)
    {
        foreach (ElementType type in new[] { ElementType.Float16, ElementType.Float32 })
        {
            float largest = type == ElementType.Float16 ? 65504 : float.MaxValue;
            Weight weight = TestWeights.Of(type, new Shape(2, 4), [largest, -largest, largest * 0.3f, 0, -largest, largest, largest * 0.7f, 0]);
            string dim = vector > 1 ? ", cluster_dim=2" : "";

            PalettizedWeight compressed = TestWeights.Compress<PalettizedWeight>(weight, $"palettize(nbits=2, enable_per_channel_scale=true, lut_dtype={codes}{dim})");

            Assert.All(compressed.Table.ToFloat32(), entry => Assert.True(float.IsFinite(type == ElementType.Float16 ? (float)(Half)(entry * largest) : entry * largest)));
            Assert.All(Decompressor.ToFloat32(compressed), value => Assert.True(float.IsFinite(value)));
        }
    }

    private static double RelativeError(Weight weight, string scheme)
    {
        WeightError error = TestWeights.Error(weight, TestWeights.Compress(weight, scheme));
        return error.SquaredError / error.SquaredNorm;
    }
}
