using FsCheck;
using FsCheck.Fluent;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Tests.Palettization.Tables;

public class TableCompressorTests
{
    private static readonly string[] s_idempotent =
    [
        "palettize(mode=uniform, nbits=3)", "palettize(mode=unique)", "palettize(mode=custom, lut=nf4)", "palettize(mode=custom, lut=fp4)", "palettize(mode=custom, lut=-1|0.3|2|7|0.1)", "palettize(mode=custom, lut=nf4, enable_per_channel_scale=true)",
        "palettize(mode=uniform, nbits=2, granularity=per_grouped_channel, group_size=2)",
    ];

    public static TheoryData<ElementType> Types => [ElementType.Float16, ElementType.Float32];

    public static TheoryData<string> Idempotent => [.. s_idempotent];

    public static TheoryData<string> EveryMode =>
    [
        .. s_idempotent,
        "palettize(mode=custom, lut=powers_of_two, nbits=3)", "palettize(mode=custom, lut=powers_of_two, nbits=1)", "palettize(mode=custom, lut=quantiles, nbits=2)", "palettize(nbits=2, enable_per_channel_scale=true)", "palettize(nbits=3, lut_dtype=uint8, granularity=per_grouped_channel, group_size=2)",
        "palettize(mode=uniform, nbits=4, enable_per_channel_scale=true)", "palettize(mode=uniform, nbits=4, lut_dtype=uint8)", "palettize(nbits=2, enable_per_channel_scale=true, lut_dtype=int8)",
        "palettize(mode=custom, lut=nf4, lut_dtype=int8)",
    ];

    [Theory, MemberData(nameof(Types))]
    public void Compress_Uniform_SpacesEntriesEvenlyAndAssignsToTheNearest(ElementType type)
    {
        PalettizedWeight compressed = TestWeights.Compress<PalettizedWeight>(TestWeights.Of(type, new Shape(2, 4), [-3, 0, 1.4f, 3, -2.1f, -1.9f, 0.9f, 2.1f]), "palettize(mode=uniform, nbits=2)");

        Assert.Equal([-3, -1, 1, 3], compressed.Table.ToFloat32());
        Assert.Equal([0, 1, 2, 3, 0, 1, 2, 3], compressed.Indices.ToInt32());
    }

    [Theory, InlineData("palettize(mode=uniform, nbits=2)", new[] { 5f, 0, 0, 0 }), InlineData("palettize(mode=uniform, nbits=2, compat=coremltools)", new[] { 5f, 5, 5, 5 })]
    public void Compress_UniformConstant_IsExact(string scheme, float[] table)
    {
        PalettizedWeight compressed = TestWeights.Compress<PalettizedWeight>(TestWeights.Half(new Shape(2, 2), 5, 5, 5, 5), scheme);

        Assert.Equal(table, compressed.Table.ToFloat32());
        Assert.Equal([0, 0, 0, 0], compressed.Indices.ToInt32());
    }

    [Theory, MemberData(nameof(Types))]
    public void Compress_UniformWithFewDistinctValues_KeepsThemAll(ElementType type) => Assert.Equal(
        [-7, 0, 0.5f, 0],
        TestWeights.Compress<PalettizedWeight>(TestWeights.Of(type, new Shape(2, 3), [0.5f, -7, 0, 0.5f, -0f, -7]), "palettize(mode=uniform, nbits=2)").Table.ToFloat32());

    [Fact]
    public void Compress_UniformInTheReferencesArithmetic_RoundsHalvesToEvenIndices()
    {
        PalettizedWeight compressed = TestWeights.Compress<PalettizedWeight>(TestWeights.Single(new Shape(1, 5), 0, 1, 3, 5, 6), "palettize(mode=uniform, nbits=2, compat=coremltools)");

        Assert.Equal([0, 2, 4, 6], compressed.Table.ToFloat32());
        Assert.Equal([0, 0, 2, 2, 3], compressed.Indices.ToInt32()); // 0.5, 1.5 and 2.5 go to 0, 2 and 2
    }

    [Fact]
    public void Compress_UniformPastFloat16_IsRefusedInTheReferencesArithmeticOnly()
    {
        Weight weight = TestWeights.Half(new Shape(1, 3), -60000, 0, 60000);

        Assert.Equal(
            "the range from -60000 to 60000 overflows float16",
            Assert.Throws<SchemeNotApplicableException>(() => TestWeights.Compress(weight, "palettize(mode=uniform, nbits=1, compat=coremltools)")).Reason);
        Assert.Equal([-60000, 60000], TestWeights.Compress<PalettizedWeight>(weight, "palettize(mode=uniform, nbits=1)").Table.ToFloat32());
    }

    [Theory]
    [InlineData(2, DecodeArithmetic.ScaleType, 1), InlineData(3, DecodeArithmetic.ScaleType, 2), InlineData(4, DecodeArithmetic.ScaleType, 2), InlineData(5, DecodeArithmetic.ScaleType, 3)]
    [InlineData(8, DecodeArithmetic.ScaleType, 3), InlineData(9, DecodeArithmetic.ScaleType, 4), InlineData(16, DecodeArithmetic.ScaleType, 4), InlineData(17, DecodeArithmetic.ScaleType, 6)]
    [InlineData(64, DecodeArithmetic.ScaleType, 6), InlineData(65, DecodeArithmetic.ScaleType, 8), InlineData(256, DecodeArithmetic.ScaleType, 8), InlineData(5, DecodeArithmetic.Float32, 4)]
    [InlineData(1, DecodeArithmetic.ScaleType, 1)]
    public void Compress_Unique_TakesTheFewestBitsThatHoldAllValuesAndLosesNothing(int distinct, DecodeArithmetic arithmetic, int bits)
    {
        float[] values = [.. Enumerable.Range(0, 300).Select(i => (i * 7 % distinct) - 3f)];

        PalettizedWeight compressed = Assert.IsType<PalettizedWeight>(TestWeights.Compress(TestWeights.Half(new Shape(3, 100), values), "palettize(mode=unique)", arithmetic));

        Assert.Equal(bits, compressed.Bits);
        Assert.Equal(values, Decompressor.ToFloat32(compressed));
        Assert.Equal(values.Distinct().Order(), compressed.Table.ToFloat32()[..distinct]);
        Assert.All(compressed.Table.ToFloat32()[distinct..], entry => Assert.Equal(0, entry));
    }

    [Fact]
    public void Compress_UniqueInGroups_TheLargestGroupDecidesAndZerosAreOne()
    {
        PalettizedWeight compressed = TestWeights.Compress<PalettizedWeight>(
            TestWeights.Half(new Shape(2, 3), -0f, 0, 7, 3, 1, 2), "palettize(mode=unique, granularity=per_grouped_channel, group_size=1)");

        Assert.Equal([0, 7, 0, 0, 1, 2, 3, 0], compressed.Table.ToFloat32());
        Assert.Equal([0, 0, 1, 2, 0, 1], compressed.Indices.ToInt32());
        Assert.DoesNotContain(Decompressor.ToFloat32(compressed), float.IsNegative);
    }

    [Theory, InlineData("", "300 distinct values, more than 256"), InlineData(", granularity=per_grouped_channel, group_size=1", "300 distinct values in group 1, more than 256")]
    public void Compress_TooManyUniqueValues_SaysHowMany(string more, string reason)
    {
        float[] values = [.. Enumerable.Repeat(1f, 300), .. Enumerable.Range(0, 300).Select(i => (float)(i + 1))];

        Assert.Equal(reason, Assert.Throws<SchemeNotApplicableException>(() => TestWeights.Compress(TestWeights.Single(new Shape(2, 300), values), $"palettize(mode=unique{more})")).Reason);
    }

    // The table has room for 8: what fills it up attracts nothing, though 0 is nearer to 0.4 than any entry given.
    [Fact]
    public void Compress_GivenNumbers_KeepTheirOrderAndFillersAreNotUsed()
    {
        PalettizedWeight compressed = TestWeights.Compress<PalettizedWeight>(TestWeights.Half(new Shape(1, 6), 0.4f, -5, 9, 3.4f, 1.5f, 8), "palettize(mode=custom, lut=8|-4|2|1|3)");

        Assert.Equal([8, -4, 2, 1, 3, 0, 0, 0], compressed.Table.ToFloat32());
        Assert.Equal([3, 1, 0, 4, 3, 0], compressed.Indices.ToInt32());
    }

    [Fact]
    public void Compress_NormalFloat4_ScalesByTheLargestMagnitudeOfEachGroup()
    {
        PalettizedWeight compressed = TestWeights.Compress<PalettizedWeight>(
            TestWeights.Single(new Shape(2, 2), -2, 0.16f, 0, 0.5f), "palettize(mode=custom, lut=nf4, granularity=per_grouped_channel, group_size=1)");

        float[] table = compressed.Table.ToFloat32();
        Assert.Equal([-2f, (float)(2 * -0.6961928009986877)], table[..2]);
        Assert.Equal([-0.5f, 0, 0.5f], [table[16], table[23], table[31]]);
        Assert.Equal([0, 8, 7, 15], compressed.Indices.ToInt32());
    }

    [Fact]
    public void Compress_Float4_HoldsTheValuesOfE2M1ScaledTo6AndNeverUsesTheSecondZero()
    {
        PalettizedWeight compressed = TestWeights.Compress<PalettizedWeight>(TestWeights.Single(new Shape(2, 5), 12, -12, 0, -0f, 1, -1, 5, -3.2f, 7, 0.4f), "palettize(mode=custom, lut=fp4)");

        Assert.Equal([0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12], compressed.Table.ToFloat32());
        Assert.Equal([7, 15, 0, 0, 1, 9, 4, 11, 5, 0], compressed.Indices.ToInt32());
    }

    [Theory]
    [InlineData(1, 8f, new[] { 0f, 8 }), InlineData(1, -8f, new[] { -8f, 0 }), InlineData(2, 8f, new[] { -8f, 0, 4, 8 }), InlineData(3, -8f, new[] { -8f, -4, -2, -1, 0, 2, 4, 8 })]
    public void Compress_PowersOfTwo_GivesTheSideOfTheLargestMagnitudeOneMore(int bits, float largest, float[] table) => Assert.Equal(
        table, TestWeights.Compress<PalettizedWeight>(TestWeights.Half(new Shape(1, 2), largest, 1), $"palettize(mode=custom, lut=powers_of_two, nbits={bits})").Table.ToFloat32());

    // Eight elements in four parts of two: the second of each part.
    [Fact]
    public void Compress_Quantiles_AreTheMiddlesOfEqualParts() => Assert.Equal(
        [2, 4, 6, 100], TestWeights.Compress<PalettizedWeight>(TestWeights.Half(new Shape(2, 4), 1, 2, 3, 4, 5, 6, 7, 100), "palettize(mode=custom, lut=quantiles, nbits=2)").Table.ToFloat32());

    [Theory, MemberData(nameof(Idempotent))]
    public void Compress_WhatWasCompressed_ChangesNothing(string scheme)
    {
        Gen<float[]> inputs = Gen.ArrayOf(Gen.Choose(-3000, 3000).Select(i => i / 1024f), 24);

        Prop.ForAll(inputs.ToArbitrary(), values =>
        {
            float[] once = Decompressor.ToFloat32(TestWeights.Compress(TestWeights.Half(new Shape(4, 6), values), scheme));

            Assert.Equal(once, Decompressor.ToFloat32(TestWeights.Compress(TestWeights.Half(new Shape(4, 6), once), scheme)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(100).WithReplay(20261120, 33));
    }

    // What an index stands for is judged by what the device makes of it: entry times scale, rounded.
    [Theory, MemberData(nameof(EveryMode))]
    public void Compress_EveryMode_AssignsToTheNearestOfWhatTheDeviceSees(string scheme)
    {
        Gen<(float[], int)> inputs = Gen.ArrayOf(Gen.Choose(-3000, 3000).Select(i => i / 1024f), 24).SelectMany(values => Gen.Choose(0, 1).Select(axis => (values, axis)));

        Prop.ForAll(inputs.ToArbitrary(), input =>
        {
            (float[] values, int axis) = input;
            Weight weight = TestWeights.Of(ElementType.Float16, axis == 0 ? new Shape(4, 6) : new Shape(6, 4), values, axis, 1 - axis);
            PalettizedWeight compressed = TestWeights.Compress<PalettizedWeight>(weight, scheme);
            float[] table = compressed.Table.ToFloat32(), source = Decompressor.ToFloat32(weight.Stored), seen = Decompressor.ToFloat32(compressed);
            float[] scales = compressed.ChannelScales?.ToFloat32() ?? [1, 1, 1, 1];
            int groups = compressed.Table.Shape[axis], size = 1 << compressed.Bits;
            int given = scheme.Contains("0.3|2", StringComparison.Ordinal) ? 5 : size;
            for (int i = 0; i < source.Length; i++)
            {
                int channel = axis == 0 ? i / 6 : i % 4, group = channel / (4 / groups);
                int used = scheme.Contains("uniq", StringComparison.Ordinal) ? values.Length : given;
                IEnumerable<float> entries = table.AsSpan(group * size, Math.Min(used, size)).ToArray().Select(entry => (float)(Half)(entry * scales[channel]));
                Assert.Equal(entries.Min(entry => Math.Abs((double)entry - source[i])), Math.Abs((double)seen[i] - source[i]));
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60).WithReplay(20261120, 35));
    }

    [Theory, MemberData(nameof(EveryMode))]
    public void Compress_ManyThreads_GivesTheSameBytes(string scheme)
    {
        float[] values = [.. TestWeights.Normal(64 * 40, 5).Select(value => MathF.Round(value * 512) / 512)];
        PreparedWeight weight = new(TestWeights.Half(new Shape(64, 40), values));

        Assert.Equal(Bytes(weight, scheme, 1), Bytes(weight, scheme, 7));
    }

    [Theory, MemberData(nameof(EveryMode))]
    public void Compress_OneElementZerosAndDenormals_HaveDefinedValues(string scheme)
    {
        if (!scheme.Contains("group", StringComparison.Ordinal))
        {
            Assert.All(Decompressor.ToFloat32(TestWeights.Compress(TestWeights.Half(new Shape(1, 1), 3), scheme)), value => Assert.True(float.IsFinite(value)));
        }

        float tiny = MathF.Pow(2, -24);
        Assert.All(Decompressor.ToFloat32(TestWeights.Compress(TestWeights.Half(new Shape(4, 2), new float[8]), scheme)), value => Assert.True(float.IsFinite(value)));
        float[] denormals = Decompressor.ToFloat32(TestWeights.Compress(TestWeights.Half(new Shape(4, 2), tiny, 0, tiny, tiny, 0, tiny, 2 * tiny, tiny), scheme));
        Assert.All(denormals, value => Assert.True(float.IsFinite(value)));
    }

    [Theory, MemberData(nameof(EveryMode))]
    public void Compress_NaNOrInfinity_IsRefusedWithItsPlace(string scheme)
    {
        Assert.Equal("element 3 is NaN", Assert.Throws<SchemeNotApplicableException>(() => TestWeights.Compress(TestWeights.Half(new Shape(4, 2), 1, 2, 3, float.NaN, 5, 6, 7, 8), scheme)).Reason);
        Assert.Equal("element 0 is infinite", Assert.Throws<SchemeNotApplicableException>(() => TestWeights.Compress(TestWeights.Half(new Shape(4, 2), float.PositiveInfinity, 2, 3, 4, 5, 6, 7, 8), scheme)).Reason);
    }

    [Theory]
    [InlineData("palettize(mode=custom, lut=0|70000)", "table entry 70000 overflows float16")]
    [InlineData("palettize(mode=uniform, granularity=per_grouped_channel, group_size=3)", "4 output channels are not divisible by group size 3")]
    [InlineData("palettize(cluster_dim=3)", "4 output channels are not divisible by vectors of 3")]
    [InlineData("palettize(cluster_dim=4, granularity=per_grouped_channel, group_size=2)", "group size 2 is not divisible by vectors of 4")]
    public void Refuses_WhatAWeightCannotTake_SaysTheRule(string scheme, string reason) =>
        Assert.Equal(reason, Compressors.Refuses(TestWeights.Half(new Shape(4, 2), new float[8]), SchemeText.Parse(scheme)));

    [Fact]
    public void Refuses_SchemesThatNoTextCanSay_SaysTheRule()
    {
        Weight weight = TestWeights.Half(new Shape(4, 2), new float[8]);

        Assert.Equal("5 bits: a palette has 1, 2, 3, 4, 6 or 8", Compressors.Refuses(weight, new PalettizeScheme(5, 0)));
        Assert.Equal("mode uniform makes no tables of vectors", Compressors.Refuses(weight, new PalettizeScheme(4, 0) { Mode = PaletteMode.Uniform, VectorLength = 2 }));
        Assert.Equal("mode custom has no table", Compressors.Refuses(weight, new PalettizeScheme(4, 0) { Mode = PaletteMode.Custom }));
        Assert.Equal("tables of int4: int8 or uint8", Compressors.Refuses(weight, new PalettizeScheme(4, 0) { TableType = ElementType.Int4 }));
        Assert.Equal("a table of 3 entries does not fit 1 bits", Compressors.Refuses(weight, new PalettizeScheme(1, 0) { Mode = PaletteMode.Custom, Table = new("0|1|2") }));
        Assert.Equal("mode unique stores the values themselves: a scale for each channel would round them", Compressors.Refuses(weight, new PalettizeScheme(0, 0) { Mode = PaletteMode.Unique, PerChannelScale = true }));
        Assert.Equal("mode unique stores the values themselves: an 8-bit table would round them", Compressors.Refuses(weight, new PalettizeScheme(0, 0) { Mode = PaletteMode.Unique, TableType = ElementType.Int8 }));
        Assert.Equal("the reference's arithmetic makes no 8-bit tables", Compressors.Refuses(weight, new PalettizeScheme(4, 0) { Mode = PaletteMode.Uniform, Profile = SchemeProfile.CoreMlTools, TableType = ElementType.Int8 }));
        Assert.Equal("values in bins make no 8-bit tables", Compressors.Refuses(weight, new PalettizeScheme(4, 0) { Binned = true, TableType = ElementType.Int8 }));
        Assert.Equal("it has no elements", Compressors.Refuses(TestWeights.Half(new Shape(0, 2)), new PalettizeScheme(4, 0) { VectorLength = 2 }));
    }

    internal static byte[] Bytes(PreparedWeight weight, string scheme, int threads) =>
        [.. Compressors.Compress(weight, SchemeText.Parse(scheme), new CompressOptions(DecodeArithmetic.ScaleType, threads), CancellationToken.None).Parts.SelectMany(part => part.Value.Bytes.ToArray())];
}
