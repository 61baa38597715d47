using System.Text.RegularExpressions;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Tests.Fixtures;

// The reference's packages against ours from the same weights: never a larger squared error.
[Trait("Needs", "shared")]
public partial class ReferenceErrorTests
{
    public static TheoryData<string> Palettes => ReferencePackage.Names(name => ScalarPalette().IsMatch(name));

    public static TheoryData<string> Quantized => ReferencePackage.Names(name => Quantization().IsMatch(name));

    public static TheoryData<string> Pruned => ReferencePackage.Names(name => Sparsity().IsMatch(name));

    [Theory, MemberData(nameof(Palettes))]
    public void Compress_Palettized_NoWeightHasMoreErrorThanTheReferences(string name)
    {
        Match match = ScalarPalette().Match(name);
        PalettizeScheme scheme = new(int.Parse(match.Groups["bits"].Value, null), match.Groups["group"].Success ? int.Parse(match.Groups["group"].Value, null) : 0);

        foreach ((Weight source, CompressedWeight reference) in Pairs<PalettizedWeight>(name))
        {
            PalettizedWeight ours = Assert.IsType<PalettizedWeight>(Compress(source, scheme, reference));

            Assert.Equal(((PalettizedWeight)reference).Table.Shape, ours.Table.Shape);
            Assert.Equal(reference.PayloadBytes, ours.PayloadBytes);
            Assert.InRange(TestWeights.Error(source, ours).SquaredError, 0, TestWeights.Error(source, reference).SquaredError);
        }
    }

    [Theory, MemberData(nameof(Quantized))]
    public void Compress_Quantized_PackageHasNoMoreErrorThanTheReferences(string name)
    {
        Match match = Quantization().Match(name);
        string block = match.Groups["block"].Success ? $", block_size={match.Groups["block"].Value}" : "";
        Scheme scheme = SchemeText.Parse($"quantize(mode={match.Groups["mode"].Value}, dtype={match.Groups["type"].Value}, granularity={match.Groups["granularity"].Value}{block})");

        double ours = 0, theirs = 0;
        foreach ((Weight source, CompressedWeight reference) in Pairs<QuantizedWeight>(name))
        {
            QuantizedWeight compressed = Assert.IsType<QuantizedWeight>(Compress(source, scheme, reference));
            Assert.Equal(((QuantizedWeight)reference).Scales.Shape, compressed.Scales.Shape);
            Assert.Equal(((QuantizedWeight)reference).Codes.Type, compressed.Codes.Type);
            ours += TestWeights.Error(source, compressed).SquaredError;
            theirs += TestWeights.Error(source, reference).SquaredError;
        }

        Assert.InRange(ours, 0, theirs);
    }

    [Theory, MemberData(nameof(Pruned))]
    public void Compress_PrunedToASparsity_KeepsWhatTheReferenceKeeps(string name)
    {
        Scheme scheme = SchemeText.Parse($"prune(target_sparsity={Sparsity().Match(name).Groups["sparsity"].Value})");

        foreach ((Weight source, CompressedWeight reference) in Pairs<SparseWeight>(name))
        {
            SparseWeight ours = Assert.IsType<SparseWeight>(Compress(source, scheme, reference));

            Assert.Equal(((SparseWeight)reference).Mask.Bytes.ToArray(), ours.Mask.Bytes.ToArray());
            Assert.Equal(((SparseWeight)reference).Values.Bytes.ToArray(), ours.Values.Bytes.ToArray());
        }
    }

    // Every weight that the reference compressed, as it was before and as the reference stored it.
    private static (Weight Source, CompressedWeight Reference)[] Pairs<T>(string name)
        where T : CompressedWeight
    {
        ReferencePackage package = ReferencePackage.Read(name);
        ReferencePackage uncompressed = ReferencePackage.Read(string.Join('_', name.Split('_')[..2]) + "_base");
        (Weight, CompressedWeight)[] pairs = [.. package.Weights
            .Where(pair => pair.Value.Stored is T)
            .Select(pair => (uncompressed.Weights[pair.Key], pair.Value.Stored))];
        Assert.NotEmpty(pairs);
        return pairs;
    }

    private static CompressedWeight Compress(Weight source, Scheme scheme, CompressedWeight reference) => Compressors.Compress(
        new PreparedWeight(source), scheme, new CompressOptions((reference as QuantizedWeight)?.Arithmetic ?? DecodeArithmetic.ScaleType), CancellationToken.None);

    [GeneratedRegex(@"_palettize_kmeans(?<bits>\d)(_g(?<group>\d+))?$")]
    private static partial Regex ScalarPalette();

    [GeneratedRegex(@"_quantize_(?<type>u?int\d)_(?<mode>linear_symmetric|linear)_(?<granularity>per_tensor|per_channel|per_block)(?<block>\d+)?$")]
    private static partial Regex Quantization();

    [GeneratedRegex(@"_prune_sparsity(?<sparsity>[\d.]+)$")]
    private static partial Regex Sparsity();
}
