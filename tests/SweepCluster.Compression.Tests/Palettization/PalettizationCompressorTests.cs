using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Numerics.Packing;

namespace SweepCluster.Compression.Tests.Palettization;

public class PalettizationCompressorTests
{
    public static TheoryData<ElementType> Types => [ElementType.Float16, ElementType.Float32];

    [Theory, MemberData(nameof(Types))]
    public void Compress_OneBit_StoresBothMeansAndPackedIndices(ElementType type)
    {
        Weight weight = TestWeights.Of(type, new Shape(2, 4), [1, 9, 2, 10, 11, 3, 1, 2]);

        PalettizedWeight compressed = TestWeights.Compress<PalettizedWeight>(weight, "palettize(nbits=1)");

        Assert.Equal(new Shape(1, 1, 2, 1), compressed.Table.Shape);
        Assert.Equal(type, compressed.Table.Type);
        Assert.Equal(TensorData.FromFloats(type, new Shape(2), [1.8f, 10f]).ToFloat32(), compressed.Table.ToFloat32());
        Assert.Equal(ElementType.UInt1, compressed.Indices.Type);
        Assert.Equal([0b0001_1010], compressed.Indices.Bytes.ToArray());
    }

    [Theory, MemberData(nameof(Types))]
    public void Compress_FewerDistinctValuesThanEntries_IsExactAndLeavesTheRestZero(ElementType type)
    {
        Weight weight = TestWeights.Of(type, new Shape(2, 3), [5, -3, 5, 0, -0f, 5]);

        PalettizedWeight compressed = TestWeights.Compress<PalettizedWeight>(weight, "palettize(nbits=3)");

        Assert.Equal([-3, 0, 5, 0, 0, 0, 0, 0], compressed.Table.ToFloat32());
        Assert.Equal([2, 0, 2, 1, 1, 2], compressed.Indices.ToInt32());
        Assert.Equal([5f, -3, 5, 0, 0, 5], Decompressor.ToFloat32(compressed));
    }

    [Theory, MemberData(nameof(Types))]
    public void Compress_GroupsOfTheOutputAxis_EachHaveTheirTable(ElementType type)
    {
        // Output channels lie along axis 1: columns 0 and 1, then columns 2 and 3.
        Weight weight = TestWeights.Of(type, new Shape(2, 4), [1, 2, 30, 30, 2, 1, 40, 30], outputAxis: 1, inputAxis: 0);

        PalettizedWeight compressed = TestWeights.Compress<PalettizedWeight>(weight, "palettize(nbits=1, granularity=per_grouped_channel, group_size=2)");

        Assert.Equal(new Shape(1, 2, 2, 1), compressed.Table.Shape);
        Assert.Equal([1, 2, 30, 40], compressed.Table.ToFloat32());
        Assert.Equal([0, 1, 0, 0, 1, 0, 1, 0], compressed.Indices.ToInt32());
    }

    [Fact]
    public void Compress_MiddleAxisGroups_MatchTheSameChannelsAsTensorsOfTheirOwn()
    {
        float[] values = TestWeights.Normal(3 * 6 * 5, 5);
        Weight weight = TestWeights.Of(ElementType.Float16, new Shape(3, 6, 5), values, outputAxis: 1, inputAxis: 0);

        float[] whole = Decompressor.ToFloat32(TestWeights.Compress(weight, "palettize(nbits=2, granularity=per_grouped_channel, group_size=2)"));

        for (int group = 0; group < 3; group++)
        {
            float[] Part(float[] from) => [.. Enumerable.Range(0, from.Length).Where(i => i / 5 % 6 / 2 == group).Select(i => from[i])];
            Weight alone = TestWeights.Half(new Shape(3, 10), Part(values));
            Assert.Equal(Decompressor.ToFloat32(TestWeights.Compress(alone, "palettize(nbits=2)")), Part(whole));
        }
    }

    [Fact]
    public void Compress_OneBit_PutsTheMiddleValueWhereItCostsLess()
    {
        // {1 x4, 3} | {5 x2} costs 3.2; {1 x4} | {3, 5 x2} costs 2.67.
        Weight weight = TestWeights.Half(new Shape(1, 7), 1, 1, 1, 1, 3, 5, 5);

        Assert.Equal([0, 0, 0, 0, 1, 1, 1], TestWeights.Compress<PalettizedWeight>(weight, "palettize(nbits=1)").Indices.ToInt32());
    }

    // The optimum joins 1002 with either side, mean 1000.18 or 1003.82; float16 holds halves there, so that the entries are 1000 and 1004 and 1002 lies exactly between them.
    [Fact]
    public void Compress_ValueBetweenTwoStoredEntries_GoesToTheLower()
    {
        Weight weight = TestWeights.Half(new Shape(3, 7), [.. Enumerable.Repeat(1000f, 10), 1002, .. Enumerable.Repeat(1004f, 10)]);

        PalettizedWeight compressed = TestWeights.Compress<PalettizedWeight>(weight, "palettize(nbits=1)");

        Assert.Equal([1000f, 1004], compressed.Table.ToFloat32());
        Assert.Equal(0, compressed.Indices.ToInt32()[10]);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(6), InlineData(8)]
    public void Compress_EveryWidth_UsesEveryEntryAndAssignsToTheNearest(int bits)
    {
        float[] values = TestWeights.Normal(4_000, 11);
        Weight weight = TestWeights.Half(new Shape(40, 100), values);

        PalettizedWeight compressed = TestWeights.Compress<PalettizedWeight>(weight, $"palettize(nbits={bits})");

        float[] table = compressed.Table.ToFloat32();
        int[] indices = compressed.Indices.ToInt32();
        float[] source = Decompressor.ToFloat32(weight.Stored);
        Assert.Equal(1 << bits, indices.Distinct().Count());
        Assert.Equal(table.Order(), table);
        for (int i = 0; i < source.Length; i++)
        {
            Assert.Equal(table.Min(entry => Math.Abs((double)source[i] - entry)), Math.Abs((double)source[i] - table[indices[i]]));
        }
    }

    // Casting the table costs little: the optimum over all real tables bounds the error from below, the same partition with rounded means from above.
    [Theory, MemberData(nameof(Types))]
    public void Compress_AgainstTheRealOptimum_LosesOnlyTheCastOfTheTable(ElementType type)
    {
        Weight weight = TestWeights.Of(type, new Shape(10, 40), TestWeights.Normal(400, 3));
        DistinctValues distinct = DistinctValues.Of(Decompressor.ToFloat32(weight.Stored));

        double error = TestWeights.Error(weight, TestWeights.Compress(weight, "palettize(nbits=4)")).SquaredError;

        double optimum = ReferencePartition.DynamicProgram(distinct, 16);
        Assert.InRange(error, optimum * (1 - 1e-9), optimum * (1 + 1e-3));
    }

    [Fact]
    public void Compress_WhatWasPalettized_ChangesNothing()
    {
        Gen<(float[], int)> inputs = Gen.ArrayOf(Gen.Choose(-3000, 3000).Select(i => i / 1024f), 60).SelectMany(values => Gen.Elements(1, 2, 3, 4, 6).Select(bits => (values, bits)));

        Prop.ForAll(inputs.ToArbitrary(), input =>
        {
            Shape shape = new(4, 15);
            string scheme = $"palettize(nbits={input.Item2}, granularity=per_grouped_channel, group_size=2)";
            float[] once = Decompressor.ToFloat32(TestWeights.Compress(TestWeights.Half(shape, input.Item1), scheme));

            float[] twice = Decompressor.ToFloat32(TestWeights.Compress(TestWeights.Half(shape, once), scheme));

            Assert.Equal(once, twice);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(20261120, 11));
    }

    [Fact]
    public void Compress_OnePreparationManyThreads_GivesTheSameBytes()
    {
        PreparedWeight shared = new(TestWeights.Half(new Shape(64, 64), TestWeights.Normal(4096, 21)));
        Scheme[] schemes = [.. new[] { 1, 2, 3, 4, 6, 8 }.SelectMany(bits => new[] { 0, 8, 16 }.Select(group => new PalettizeScheme(bits, group)))];
        byte[][] expected = [.. schemes.Select(scheme => Bytes(new PreparedWeight(shared.Source), scheme))];
        byte[][] actual = new byte[schemes.Length][];

        Parallel.For(0, schemes.Length, i => actual[i] = Bytes(shared, schemes[i]));

        Assert.Equal(expected, actual);

        static byte[] Bytes(PreparedWeight weight, Scheme scheme) =>
            [.. Compressors.Compress(weight, scheme, new CompressOptions(DecodeArithmetic.ScaleType), CancellationToken.None).Parts.SelectMany(part => part.Value.Bytes.ToArray())];
    }

    // Runs of 3, 64 and 480 elements: packed from whole indices, gathered, and packed run by run.
    [Theory, MemberData(nameof(Types))]
    public void Compress_AnyThreads_GivesTheSameBytes(ElementType type)
    {
        foreach ((Shape shape, int outputAxis, int group) in new[] { (new Shape(30, 21), 1, 3), (new Shape(16, 8, 32), 1, 2), (new Shape(24, 240), 0, 2), (new Shape(5, 8, 77), 1, 4) })
        {
            float[] values = TestWeights.Normal((int)shape.ElementCount, 41), importances = [.. values.Select(Math.Abs)];
            Weight weight = TestWeights.Of(type, shape, values, outputAxis, 1 - outputAxis);
            foreach (string scheme in new[] { $"palettize(nbits=3, granularity=per_grouped_channel, group_size={group})", $"palettize(nbits=6, granularity=per_grouped_channel, group_size={group}, distinct=binned)" })
            {
                foreach (float[] weights in new float[][] { [], importances })
                {
                    byte[] expected = Bytes(1);

                    Assert.Equal(expected, Bytes(2));
                    Assert.Equal(expected, Bytes(7));

                    byte[] Bytes(int threads) => [.. Compressors.Compress(new PreparedWeight(weight, weights), SchemeText.Parse(scheme), new CompressOptions(DecodeArithmetic.ScaleType, threads), CancellationToken.None)
                        .Parts.SelectMany(part => part.Value.Bytes.ToArray())];
                }
            }
        }
    }

    // The mean of the first cluster is a quarter of the smallest denormal, and negative.
    [Theory, InlineData("palettize(nbits=1)"), InlineData("palettize(nbits=1, lut_dtype=int8)"), InlineData("palettize(nbits=1, enable_per_channel_scale=true)")]
    public void Compress_MeanThatRoundsToZeroFromBelow_IsPlusZero(string scheme)
    {
        PalettizedWeight compressed = TestWeights.Compress<PalettizedWeight>(TestWeights.Half(new Shape(1, 6), -5.9604645e-8f, 0, 0, 0, 5, 5), scheme);

        Assert.Equal([0, 0x40A00000], compressed.Table.ToFloat32().Select(entry => entry > 0 ? 0x40A00000 : BitConverter.SingleToInt32Bits(entry)));
        Assert.DoesNotContain(Decompressor.ToFloat32(compressed), float.IsNegative);
    }

    // Recorded once with AVX-512; every instruction set gives the same bits, and a change of them raises Compressors.AlgorithmVersion.
    [Theory]
    [InlineData(ElementType.Float16, "palettize(nbits=4)", false, "be7027e912c9f2b3")]
    [InlineData(ElementType.Float16, "palettize(nbits=8, granularity=per_grouped_channel, group_size=16)", true, "af8713a520798650")]
    [InlineData(ElementType.Float32, "palettize(nbits=6)", false, "6c4458f816769da4")]
    [InlineData(ElementType.Float32, "palettize(nbits=3, granularity=per_grouped_channel, group_size=8)", true, "a78e301c4f45fe60")]
    [InlineData(ElementType.Float32, "palettize(nbits=8, distinct=binned)", false, "bdf908a2d39c6a7b")]
    public void Compress_FixedWeights_GivesTheSameBits(ElementType type, string scheme, bool isWeighted, string expected)
    {
        Random random = new(20261120);
        float[] values = new float[64 * 300], importances = new float[isWeighted ? values.Length : 0];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (random.NextSingle() + random.NextSingle() + random.NextSingle() - 1.5f) * (1 + (i / 300 / 16));
        }

        for (int i = 0; i < importances.Length; i++)
        {
            importances[i] = random.NextSingle() * random.NextSingle();
        }

        PreparedWeight weight = new(TestWeights.Of(type, new Shape(64, 300), values), importances);

        CompressedWeight compressed = Compressors.Compress(weight, SchemeText.Parse(scheme), new CompressOptions(DecodeArithmetic.ScaleType), CancellationToken.None);

        byte[] bytes = [.. compressed.Parts.SelectMany(part => part.Value.Bytes.ToArray())];
        Assert.Equal(expected, Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]);
    }

    [Theory, MemberData(nameof(Types))]
    public void Compress_CancelledInTheMiddleOfGroups_Throws(ElementType type) => Assert.ThrowsAny<OperationCanceledException>(() => Compressors.Compress(
        new PreparedWeight(TestWeights.Of(type, new Shape(8, 8), TestWeights.Normal(64, 1))), new PalettizeScheme(2, 2), new CompressOptions(DecodeArithmetic.ScaleType, 2), new CancellationToken(canceled: true)));

    [Fact]
    public void Refuses_ChannelsNotDivisible_SaysWhich() => Assert.Equal(
        "16 output channels are not divisible by group size 32",
        Compressors.Refuses(TestWeights.Half(new Shape(16, 2), new float[32]), new PalettizeScheme(4, 32)));

    [Theory, MemberData(nameof(Types))]
    public void Compress_Denormals_AreValuesAsAnyOther(ElementType type)
    {
        float tiny = type == ElementType.Float16 ? MathF.Pow(2, -24) : float.Epsilon;
        Weight weight = TestWeights.Of(type, new Shape(2, 2), [0, tiny, 3 * tiny, 2 * tiny]);

        Assert.Equal([0, tiny, 3 * tiny, 2 * tiny], Decompressor.ToFloat32(TestWeights.Compress(weight, "palettize(nbits=2)")));
    }
}
