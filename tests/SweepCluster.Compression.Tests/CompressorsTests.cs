using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Tests;

public class CompressorsTests
{
    public static TheoryData<string> Schemes => ["palettize(nbits=4)", "quantize(dtype=int8)", "quantize(mode=linear, dtype=uint4)", "prune(target_sparsity=0.5)", "float16"];

    [Theory, MemberData(nameof(Schemes))]
    public void Compress_NotFinite_IsRefusedWithThePlace(string scheme)
    {
        foreach ((float value, string reason) in new[] { (float.NaN, "element 2 is NaN"), (float.PositiveInfinity, "element 2 is infinite"), (float.NegativeInfinity, "element 2 is infinite") })
        {
            Weight weight = TestWeights.Single(new Shape(2, 2), 1, 2, value, float.NaN);

            Assert.Null(Compressors.Refuses(weight, SchemeText.Parse(scheme)));
            Assert.Equal(reason, Assert.Throws<SchemeNotApplicableException>(() => TestWeights.Compress(weight, scheme)).Reason);
        }
    }

    [Fact]
    public void Compress_NotFiniteHalf_IsRefusedWithThePlace() => Assert.Equal(
        "element 1 is infinite",
        Assert.Throws<SchemeNotApplicableException>(() => TestWeights.Compress(TestWeights.Half(new Shape(1, 2), 65504, float.NegativeInfinity), "palettize(nbits=1)")).Reason);

    [Theory, MemberData(nameof(Schemes))]
    [InlineData("palettize(nbits=2, cluster_dim=2)"), InlineData("palettize(mode=unique)"), InlineData("palettize(mode=custom, lut=nf4, enable_per_channel_scale=true)"), InlineData("quantize(compat=coremltools)")]
    [InlineData("mindspore"), InlineData("mindspore(bit_num=0)"), InlineData("prune(threshold=1)"), InlineData("prune(n_m_ratio=1:2)"), InlineData("prune+palettize"), InlineData("prune+quantize"), InlineData("prune(threshold=0)+palettize(mode=unique)")]
    public void Refuses_Empty_SaysSo(string scheme)
    {
        Weight empty = TestWeights.Single(new Shape(0, 3));

        Assert.Equal("it has no elements", Compressors.Refuses(empty, SchemeText.Parse(scheme)));
        Assert.Equal("it has no elements", Assert.Throws<SchemeNotApplicableException>(() => TestWeights.Compress(empty, scheme)).Reason);
    }

    [Theory, MemberData(nameof(Schemes))]
    public void Refuses_AlreadyCompressed_SaysSo(string scheme)
    {
        CompressedWeight stored = TestWeights.Compress(TestWeights.Single(new Shape(2, 2), 1, 2, 3, 4), "palettize(nbits=2)");

        Assert.Equal("already compressed", Compressors.Refuses(new Weight("w", stored, [], 0, 1), SchemeText.Parse(scheme)));
    }

    [Theory, MemberData(nameof(Schemes))]
    public void Refuses_Conflict_GivesItsReason(string scheme) => Assert.Equal(
        "two uses disagree",
        Compressors.Refuses(new Weight("w", TestWeights.Single(new Shape(2, 2), 1, 2, 3, 4).Stored, [], 0, 1, "two uses disagree"), SchemeText.Parse(scheme)));

    [Fact]
    public void Refuses_Vector_SaysThatItHasNoChannels() => Assert.Equal(
        "rank 1: only weights of rank 2 or more have channels", Compressors.Refuses(TestWeights.Half(new Shape(3), 1, 2, 3), new PalettizeScheme(4, 0)));

    [Theory]
    [InlineData("palettize(nbits=8)"), InlineData("palettize(nbits=1)"), InlineData("quantize(dtype=int8)"), InlineData("quantize(mode=linear, dtype=uint8)"), InlineData("quantize(dtype=int4)")]
    public void Compress_OneElementOrConstant_IsExact(string scheme)
    {
        // 127 * 2^-4 and its multiples are codes of every scheme here.
        foreach (float[] values in new float[][] { [1.75f], [-1.75f, -1.75f, -1.75f], [0.4375f, 0.4375f] })
        {
            Weight weight = TestWeights.Single(new Shape(1, values.Length), values);
            Assert.Equal(0, TestWeights.Error(weight, TestWeights.Compress(weight, scheme)).SquaredError, 1e-12);
        }
    }

    // Made by code, with numbers that no text takes. Each used to end in a division by zero, an index or an overflow, or in another scheme's result.
    public static TheoryData<Scheme, string> Impossible => new()
    {
        { new QuantizeScheme(ElementType.Int8, true, QuantizeGranularity.PerBlock, 0), "block_size: found '0', expected 1 or more" },
        { new MagnitudePruneScheme(1.5) { ExactTies = true }, "target_sparsity: found '1.5', expected a number above 0 and below 1" },
        { new MagnitudePruneScheme(double.NaN), "target_sparsity: found 'NaN', expected a number above 0 and below 1" },
        { new PalettizeScheme(4, -1), "group_size: found '-1', expected 1 or more" },
        { new MindSporeScheme(32, 0, 0), "bit_num: found '32', expected 0 (mixed bits) or 1 to 16" },
        { new PalettizeScheme(0, 0) { Mode = PaletteMode.Custom, Table = new("x|y") }, "lut: found 'x|y', expected 2 to 256 numbers joined by |, or a rule (nf4, fp4, powers_of_two, quantiles)" },
        { new JointScheme(new PatternPruneScheme(3, 0, 1), new QuantizeScheme(ElementType.Int8, true, QuantizeGranularity.PerTensor, 0)), "n_m_ratio: found '3:0', expected n:m with n from 1 to m - 1, as 2:4" },
    };

    [Theory, MemberData(nameof(Impossible))]
    public void RefusesAndCompress_SchemeThatNoTextCanSay_NameLayerSchemeAndRule(Scheme scheme, string rule)
    {
        Weight weight = TestWeights.Half(new Shape(4, 32), TestWeights.Normal(128, 1));

        Assert.Equal(rule, Compressors.Refuses(weight, scheme));
        Assert.Equal(
            $"weight 'w', scheme {scheme.Canonical}: {rule}.",
            Assert.Throws<SchemeNotApplicableException>(() => Compressors.Compress(new PreparedWeight(weight), scheme, new CompressOptions(DecodeArithmetic.ScaleType), CancellationToken.None)).Message);
    }

    [Theory, InlineData("palettize"), InlineData("quantize"), InlineData("prune"), InlineData("prune+palettize"), InlineData("none")]
    public void Compress_NoThreads_IsTheCallersMistake(string scheme) => Assert.Throws<ArgumentOutOfRangeException>(() => Compressors.Compress(
        new PreparedWeight(TestWeights.Half(new Shape(4, 8), TestWeights.Normal(32, 1))), SchemeText.Parse(scheme), default, CancellationToken.None));

    [Fact]
    public void Compress_None_GivesTheWeightAsStored()
    {
        Weight weight = TestWeights.Half(new Shape(2), float.NaN, 1);

        Assert.Null(Compressors.Refuses(weight, new UntouchedScheme()));
        Assert.Same(weight.Stored, TestWeights.Compress(weight, "none"));
    }
}
