using SweepCluster.Compression.Joint;
using SweepCluster.Compression.Pruning;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Tests.Joint;

public class JointCompressorTests
{
    // Half of these go: 1, 2 and 3. What is left are three values twice, which two bits hold exactly although the zeros are a fourth.
    [Theory, InlineData(ElementType.Float16), InlineData(ElementType.Float32)]
    public void Compress_PalettizedAfterPruning_FitsTheOthersAlone(ElementType type)
    {
        Weight weight = TestWeights.Of(type, new Shape(2, 6), [1, 10, -20, 2, 30, 3, 30, -1, -2, 10, -20, 3]);

        SparsePalettizedWeight compressed = TestWeights.Compress<SparsePalettizedWeight>(weight, "prune(target_sparsity=0.5)+palettize(nbits=2)");

        Assert.Equal([0b0101_0110, 0b0110], compressed.Mask.Bytes.ToArray());
        Assert.Equal([-20f, 10, 30, 0], compressed.Table.ToFloat32());
        Assert.Equal([1, 0, 2, 2, 1, 0], compressed.Indices.ToInt32());
        Assert.Equal([0f, 10, -20, 0, 30, 0, 30, 0, 0, 10, -20, 0], Decompressor.ToFloat32(compressed));
    }

    // Groups along either axis, one of which loses everything: its table is 0.
    [Theory, InlineData(0), InlineData(1)]
    public void Compress_GroupOfWhichNothingIsLeft_HasATableOfZeros(int outputAxis)
    {
        float[] rows = [5, -6, 7, -8, 0.1f, 0.2f, -0.1f, 0.3f, 9, 9, 11, 11];
        float[] values = outputAxis == 0 ? rows : [.. Enumerable.Range(0, 12).Select(i => rows[(i % 3 * 4) + (i / 3)])];
        Weight weight = TestWeights.Of(ElementType.Float16, outputAxis == 0 ? new Shape(3, 4) : new Shape(4, 3), values, outputAxis, 1 - outputAxis);

        SparsePalettizedWeight compressed = TestWeights.Compress<SparsePalettizedWeight>(weight, "prune(threshold=1, minimum_sparsity_percentile=0)+palettize(nbits=2, granularity=per_grouped_channel, group_size=1)");

        Assert.Equal(outputAxis == 0 ? new Shape(3, 1, 4, 1) : new Shape(1, 3, 4, 1), compressed.Table.Shape);
        Assert.Equal([-8f, -6, 5, 7, 0, 0, 0, 0, 9, 11, 0, 0], compressed.Table.ToFloat32());
        Assert.Equal(values.Select(value => Math.Abs(value) > 1 ? value : 0), Decompressor.ToFloat32(compressed));
    }

    // A table of codes has a byte for each entry, of whatever type the weight is.
    [Theory]
    [InlineData(ElementType.Float32, "int8"), InlineData(ElementType.Float32, "uint8"), InlineData(ElementType.Float16, "int8"), InlineData(ElementType.Float16, "uint8")]
    public void Compress_GroupOfWhichNothingIsLeft_HasATableOfZeroCodes(ElementType type, string codes)
    {
        Weight weight = TestWeights.Of(type, new Shape(3, 4), [5, -6, 7, -8, 0.1f, 0.2f, -0.1f, 0.3f, 9, 9, 11, 11]);

        SparsePalettizedWeight compressed = TestWeights.Compress<SparsePalettizedWeight>(
            weight, $"prune(threshold=1, minimum_sparsity_percentile=0)+palettize(nbits=1, granularity=per_grouped_channel, group_size=1, lut_dtype={codes})");

        Assert.Equal(new Shape(3, 1, 2, 1), compressed.Table.Shape);
        Assert.Equal(6, compressed.Table.Entries.Bytes.Length);
        Assert.Equal([0f, 0], compressed.Table.ToFloat32()[2..4]);
        Assert.Equal([1f], compressed.Table.Scales!.ToFloat32()[1..2]);
        float[] seen = Decompressor.ToFloat32(compressed);
        Assert.Equal([6f, -7, 6, -7, 0, 0, 0, 0, 9, 9, 11, 11], seen.Select(value => MathF.Round(value)));
    }

    // Each group's values that are left go to the palettes as a weight of their own, with their own importances; where those are all 0, with none.
    [Fact]
    public void Compress_PalettizedWithImportances_HandsOnThoseOfWhatIsLeft()
    {
        Recorder recorder = new();
        PreparedWeight prepared = new(TestWeights.Single(new Shape(2, 4), 10, 11, 1, 20, 2, -30, 31, 3), new float[] { 1, 0, 5, 2, 7, 0, 0, 9 });

        new JointCompressor(new PruningCompressor(), recorder, recorder).Compress(
            prepared,
            SchemeText.Parse("prune(threshold=5, minimum_sparsity_percentile=0)+palettize(nbits=2, granularity=per_grouped_channel, group_size=1)"),
            new CompressOptions(DecodeArithmetic.ScaleType),
            CancellationToken.None);

        Assert.Equal([10f, 11, 20], recorder.Seen[0].Values.ToArray());
        Assert.Equal([1f, 0, 2], recorder.Seen[0].Importances.ToArray());
        Assert.Equal([-30f, 31], recorder.Seen[1].Values.ToArray());
        Assert.True(recorder.Seen[1].Importances.IsEmpty);
        Assert.All(recorder.Schemes, scheme => Assert.Equal(SchemeText.Parse("palettize(nbits=2)"), scheme));
    }

    // Scale 127 / 127; 0.4 stays although its code stands for 0. The last channel keeps nothing: scale 1.
    [Theory, InlineData(ElementType.Float16), InlineData(ElementType.Float32)]
    public void Compress_QuantizedAfterPruning_KeepsWhatRoundsToZeroInTheMask(ElementType type)
    {
        Weight weight = TestWeights.Of(type, new Shape(3, 3), [127, 0.4f, 0.01f, -63.5f, 0.02f, 0.5f, 0.01f, 0, -0.02f]);

        SparseQuantizedWeight compressed = TestWeights.Compress<SparseQuantizedWeight>(weight, "prune(threshold=0.1, minimum_sparsity_percentile=0)+quantize(dtype=int8)");

        Assert.Equal([0b0010_1011, 0], compressed.Mask.Bytes.ToArray());
        Assert.Equal([1f, 0.5f, 1], compressed.Scales.ToFloat32());
        Assert.Equal([127, 0, -127, 1], compressed.Codes.ToInt32());
        Assert.Equal([127f, 0, 0, -63.5f, 0, 0.5f, 0, 0, 0], Decompressor.ToFloat32(compressed));
    }

    // Every granularity, mode and width: the codes are those of the weight with its pruned elements at 0.
    [Theory]
    [InlineData("dtype=int8, granularity=per_tensor"), InlineData("mode=linear, dtype=uint8, granularity=per_tensor"), InlineData("mode=linear, dtype=int4")]
    [InlineData("dtype=uint4, granularity=per_block, block_size=5"), InlineData("mode=linear, dtype=uint4, granularity=per_block, block_size=4")]
    public void Compress_QuantizedAfterPruning_GivesTheCodesOfThePrunedWeight(string quantize)
    {
        foreach (ElementType type in new[] { ElementType.Float16, ElementType.Float32 })
        {
            Weight weight = TestWeights.Of(type, new Shape(7, 20), TestWeights.Normal(140, 9));
            CompressedWeight pruned = TestWeights.Compress(weight, "prune(target_sparsity=0.6)");
            QuantizedWeight dense = TestWeights.Compress<QuantizedWeight>(new Weight("w", Decompressor.ToDense(pruned), weight.Uses, 0, 1), $"quantize({quantize})");

            SparseQuantizedWeight joint = TestWeights.Compress<SparseQuantizedWeight>(weight, $"prune(target_sparsity=0.6)+quantize({quantize})");

            float[] kept = Decompressor.ToFloat32(pruned);
            Assert.Equal(dense.Codes.ToInt32().Where((_, i) => kept[i] != 0), joint.Codes.ToInt32());
            Assert.Equal(dense.Scales.Bytes.ToArray(), joint.Scales.Bytes.ToArray());
            Assert.Equal(dense.ZeroPoints?.Bytes.ToArray(), joint.ZeroPoints?.Bytes.ToArray());
            Assert.Equal(Decompressor.ToFloat32(dense), Decompressor.ToFloat32(joint));
        }
    }

    [Theory]
    [InlineData("prune(n_m_ratio=2:4)+quantize()", "m = 4 is more than half of 6 input channels")]
    [InlineData("prune(target_sparsity=0.5)+quantize(granularity=per_block)", "6 input channels are not divisible by block size 32")]
    [InlineData("prune(target_sparsity=0.5)+palettize(granularity=per_grouped_channel, group_size=3)", "4 output channels are not divisible by group size 3")]
    [InlineData("prune(target_sparsity=0.5)+palettize()", null)]
    public void Refuses_EitherPart_GivesItsReason(string scheme, string? reason) =>
        Assert.Equal(reason, Compressors.Refuses(TestWeights.Half(new Shape(4, 6), new float[24]), SchemeText.Parse(scheme)));

    [Fact]
    public void Refuses_PartsThatDoNotFollow_SaysWhy()
    {
        Weight weight = TestWeights.Half(new Shape(4, 6), new float[24]);
        MagnitudePruneScheme prune = new(0.5);

        Assert.Equal("what is left of a pruned weight has no neighbours that would make vectors", Compressors.Refuses(weight, new JointScheme(prune, new PalettizeScheme(4, 0) { VectorLength = 2 })));
        Assert.Equal("a palette of a pruned weight takes no scale for each channel", Compressors.Refuses(weight, new JointScheme(prune, new PalettizeScheme(4, 0) { PerChannelScale = true })));
        Assert.Equal("float16 does not follow pruning", Compressors.Refuses(weight, new JointScheme(prune, new Float16Scheme())));
    }

    [Theory, InlineData("quantize()"), InlineData("palettize(nbits=2)")]
    public void Compress_Refused_NamesTheWholeScheme(string then)
    {
        string scheme = SchemeText.Parse("prune(target_sparsity=0.5)+" + then).Canonical;

        SchemeNotApplicableException zero = Assert.Throws<SchemeNotApplicableException>(() => TestWeights.Compress(TestWeights.Half(new Shape(2, 2), 0, 0, 0, 0), scheme));
        SchemeNotApplicableException nan = Assert.Throws<SchemeNotApplicableException>(() => TestWeights.Compress(TestWeights.Half(new Shape(2, 2), 0, 0, 3, float.NaN), scheme));

        Assert.Equal($"weight 'w', scheme {scheme}: every magnitude ties with the percentile, nothing would be left.", zero.Message);
        Assert.Equal($"weight 'w', scheme {scheme}: element 3 is NaN.", nan.Message);
    }

    private sealed class Recorder : ICompressor
    {
        internal List<PreparedWeight> Seen { get; } = [];

        internal List<Scheme> Schemes { get; } = [];

        public string? Refuses(Weight weight, Scheme scheme) => null;

        public CompressedWeight Compress(PreparedWeight weight, Scheme scheme, CompressOptions options, CancellationToken cancellationToken)
        {
            Seen.Add(weight);
            Schemes.Add(scheme);
            return Compressors.Compress(weight, scheme, options, cancellationToken);
        }
    }
}
