using FsCheck;
using FsCheck.Fluent;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Numerics.Packing;

namespace SweepCluster.Compression.Tests.Palettization;

public class WeightedPaletteTests
{
    public static TheoryData<ElementType> Types => [ElementType.Float16, ElementType.Float32];

    // {0, 1} and {5} by plain count; an importance of 100 for the 1 gives it an entry of its own and sends 0 to it, weightless as it is.
    [Theory, MemberData(nameof(Types))]
    public void Compress_ImportancesWorkedByHand_PutsTheEntriesWhereTheWeightIs(ElementType type)
    {
        Weight weight = TestWeights.Of(type, new Shape(1, 4), [0, 1, 5, 7]);

        PalettizedWeight compressed = Compress(weight, [0, 100, 3, 1], "palettize(nbits=1)");

        Assert.Equal([1, 5.5f], compressed.Table.ToFloat32());
        Assert.Equal([0, 0, 1, 1], compressed.Indices.ToInt32());
    }

    [Theory, MemberData(nameof(Types))]
    public void Compress_ImportancesOfOne_GiveTheUnweightedBytes(ElementType type)
    {
        Weight weight = TestWeights.Of(type, new Shape(48, 100), TestWeights.Normal(4800, 31));
        float[] ones = [.. Enumerable.Repeat(1f, 4800)], eights = [.. Enumerable.Repeat(8f, 4800)];
        foreach (string scheme in new[] { "palettize(nbits=1)", "palettize(nbits=4)", "palettize(nbits=8)", "palettize(nbits=3, granularity=per_grouped_channel, group_size=16)", "palettize(nbits=4, distinct=binned)" })
        {
            byte[] expected = Bytes(TestWeights.Compress<PalettizedWeight>(weight, scheme));

            Assert.Equal(expected, Bytes(Compress(weight, ones, scheme)));
            Assert.Equal(expected, Bytes(Compress(weight, eights, scheme)));
        }
    }

    // An optimum over all real tables bounds the weighted error from below; storing the entries costs a rounding of each.
    [Fact]
    public void Compress_AnySmallWeightedValues_HasTheErrorOfTheBestOfAllCuts()
    {
        Gen<(float, float)> element = Gen.Choose(-3000, 3000).SelectMany(value => Gen.Choose(0, 12).Select(importance => (value / 64f, (float)importance)));

        Prop.ForAll(Gen.ArrayOf(element, 12).Where(elements => elements.Any(pair => pair.Item2 > 0)).ToArbitrary(), elements =>
        {
            float[] values = Array.ConvertAll(elements, pair => pair.Item1), importances = Array.ConvertAll(elements, pair => pair.Item2);
            Weight weight = TestWeights.Single(new Shape(2, 6), values);

            PalettizedWeight compressed = Compress(weight, importances, "palettize(nbits=2)");

            DistinctValues heavy = DistinctValues.Of(
                [.. elements.Where(pair => pair.Item2 > 0).Select(pair => pair.Item1)], [.. elements.Where(pair => pair.Item2 > 0).Select(pair => pair.Item2)]);
            int clusters = Math.Min(4, heavy.Values.Length);
            double best = ReferencePartition.BruteForce(heavy, clusters), rounding = importances.Sum() * 1e-9;
            Assert.InRange(Error(values, importances, Decompressor.ToFloat32(compressed)), best - rounding, best + rounding);
            AssertNearest(compressed, clusters, values);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithReplay(20261120, 17));
    }

    [Theory, MemberData(nameof(Types))]
    public void Compress_Groups_EachFollowTheirImportances(ElementType type)
    {
        float[] values = TestWeights.Normal(6 * 40, 8), importances = [.. TestWeights.Normal(240, 9).Select(Math.Abs)];
        Weight weight = TestWeights.Of(type, new Shape(40, 6), values, outputAxis: 1, inputAxis: 0);

        float[] whole = Decompressor.ToFloat32(Compress(weight, importances, "palettize(nbits=2, granularity=per_grouped_channel, group_size=2)"));

        for (int group = 0; group < 3; group++)
        {
            float[] Part(float[] from) => [.. Enumerable.Range(0, from.Length).Where(i => i % 6 / 2 == group).Select(i => from[i])];
            Weight alone = TestWeights.Of(type, new Shape(2, 40), Part(values));
            Assert.Equal(Decompressor.ToFloat32(Compress(alone, Part(importances), "palettize(nbits=2)")), Part(whole));
        }
    }

    [Theory, MemberData(nameof(Types))]
    public void Compress_GroupWithoutImportance_IsThatOfEqualImportances(ElementType type)
    {
        float[] values = TestWeights.Normal(80, 12), importances = [.. Enumerable.Repeat(0f, 40), .. Enumerable.Range(1, 40).Select(i => (float)i)];
        Weight weight = TestWeights.Of(type, new Shape(2, 40), values);
        const string Scheme = "palettize(nbits=2, granularity=per_grouped_channel, group_size=1)";

        Assert.Equal(
            Decompressor.ToFloat32(TestWeights.Compress(weight, Scheme))[..40],
            Decompressor.ToFloat32(Compress(weight, importances, Scheme))[..40]);
    }

    [Theory, MemberData(nameof(Types))]
    public void Compress_ImportancesOverAllMagnitudes_StaysFiniteAndNearest(ElementType type)
    {
        float[] values = TestWeights.Normal(3000, 14), importances = [.. Enumerable.Range(0, 3000).Select(i => MathF.Pow(10, (i % 76) - 38))];
        Weight weight = TestWeights.Of(type, new Shape(30, 100), values);

        PalettizedWeight compressed = Compress(weight, importances, "palettize(nbits=4)");

        AssertNearest(compressed, 16, Decompressor.ToFloat32(weight.Stored));
        Assert.All(compressed.Table.ToFloat32(), entry => Assert.InRange(entry, values.Min(), values.Max()));
    }

    // Halves below and above the length from which patterns are counted, against the same values as float32.
    [Theory, InlineData(100), InlineData(5000)]
    public void Of_WeightedHalves_AreTheWeightedSingles(int count)
    {
        Half[] halves = Array.ConvertAll(TestWeights.Normal(count, 15), value => (Half)MathF.Round(value * 100));
        float[] importances = [.. Enumerable.Range(0, count).Select(i => (float)(i % 13))];

        DistinctValues actual = DistinctValues.Of(halves, importances), expected = DistinctValues.Of(Array.ConvertAll(halves, value => (float)value), importances);

        Assert.Equal(expected.Values.ToArray(), actual.Values.ToArray());
        Assert.Equal(expected.Counts.ToArray(), actual.Counts.ToArray());
        Assert.Equal(expected.Weights.ToArray(), actual.Weights.ToArray());
    }

    [Theory, MemberData(nameof(Types))]
    public void Compress_WhatWasPalettized_ChangesNothing(ElementType type)
    {
        float[] importances = [.. Enumerable.Range(0, 400).Select(i => (float)(i % 5))];
        float[] once = Decompressor.ToFloat32(Compress(TestWeights.Of(type, new Shape(4, 100), TestWeights.Normal(400, 16)), importances, "palettize(nbits=3)"));

        Assert.Equal(once, Decompressor.ToFloat32(Compress(TestWeights.Of(type, new Shape(4, 100), once), importances, "palettize(nbits=3)")));
    }

    private static PalettizedWeight Compress(Weight weight, float[] importances, string scheme) => Assert.IsType<PalettizedWeight>(
        Compressors.Compress(new PreparedWeight(weight, importances), SchemeText.Parse(scheme), new CompressOptions(DecodeArithmetic.ScaleType), CancellationToken.None));

    private static byte[] Bytes(CompressedWeight weight) => [.. weight.Parts.SelectMany(part => part.Value.Bytes.ToArray())];

    private static double Error(float[] source, float[] importances, float[] decoded) =>
        Enumerable.Range(0, source.Length).Sum(i => importances[i] * ((double)source[i] - decoded[i]) * ((double)source[i] - decoded[i]));

    private static void AssertNearest(PalettizedWeight compressed, int entries, float[] source)
    {
        float[] table = compressed.Table.ToFloat32()[..entries];
        int[] indices = compressed.Indices.ToInt32();
        for (int i = 0; i < source.Length; i++)
        {
            Assert.Equal(table.Min(entry => Math.Abs((double)source[i] - entry)), Math.Abs((double)source[i] - table[indices[i]]));
        }
    }
}
