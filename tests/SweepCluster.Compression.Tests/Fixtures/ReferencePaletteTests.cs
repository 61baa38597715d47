using System.Text.RegularExpressions;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Tests.Fixtures;

// Palettes that are not plain k-means of single values against those of the reference from the same weights.
[Trait("Needs", "shared")]
public partial class ReferencePaletteTests
{
    public static TheoryData<string> Uniforms => ReferencePackage.Names(name => Uniform().IsMatch(name));

    public static TheoryData<string> Vectors => ReferencePackage.Names(name => VectorPalette().IsMatch(name));

    public static TheoryData<string> Tables => ReferencePackage.Names(name => name.EndsWith("joint_kmeans4_int8table", StringComparison.Ordinal) || name.EndsWith("joint_int8_kmeans4", StringComparison.Ordinal));

    public static TheoryData<string> Scaled => ReferencePackage.Names(name => name.EndsWith("kmeans4_pcs", StringComparison.Ordinal));

    [Theory, MemberData(nameof(Uniforms))]
    public void Compress_UniformInTheReferencesArithmetic_GivesItsTablesAndIndicesBitForBit(string name)
    {
        foreach ((Weight source, PalettizedWeight reference) in Pairs(name))
        {
            PalettizedWeight ours = Compress(source, Scheme(Uniform().Match(name), "uniform", ", compat=coremltools"));

            Assert.Equal(reference.Table.Shape, ours.Table.Shape);
            Assert.Equal(reference.Table.Entries.Bytes.ToArray(), ours.Table.Entries.Bytes.ToArray());
            Assert.Equal(reference.Indices.Bytes.ToArray(), ours.Indices.Bytes.ToArray());
        }
    }

    [Theory, MemberData(nameof(Uniforms))]
    public void Compress_Uniform_PackageHasNoMoreErrorThanTheReferences(string name)
    {
        double ours = 0, theirs = 0;
        foreach ((Weight source, PalettizedWeight reference) in Pairs(name))
        {
            PalettizedWeight compressed = Compress(source, Scheme(Uniform().Match(name), "uniform"));

            Assert.Equal(reference.PayloadBytes, compressed.PayloadBytes);
            ours += TestWeights.Error(source, compressed).SquaredError;
            theirs += TestWeights.Error(source, reference).SquaredError;
        }

        Assert.InRange(ours, 0, theirs);
    }

    [Theory, MemberData(nameof(Vectors))]
    public void Compress_Vectors_NoWeightHasMoreErrorThanTheReferences(string name)
    {
        Match match = VectorPalette().Match(name);
        foreach ((Weight source, PalettizedWeight reference) in Pairs(name))
        {
            PalettizedWeight ours = Compress(source, Scheme(match, "kmeans", $", cluster_dim={match.Groups["length"].Value}"));

            Assert.Equal(reference.VectorAxis, ours.VectorAxis);
            Assert.Equal(reference.Indices.Shape, ours.Indices.Shape);
            HoldToReference(source, reference, ours);
        }
    }

    [Theory, MemberData(nameof(Tables))]
    public void Compress_TableOf8Bits_PackageHasNoMoreErrorThanTheReferences(string name)
    {
        double ours = 0, theirs = 0;
        foreach ((Weight source, PalettizedWeight reference) in Pairs(name))
        {
            PalettizedWeight compressed = Compress(source, "palettize(nbits=4, lut_dtype=int8)");

            Assert.Equal(ElementType.Int8, compressed.Table.Entries.Type);
            Assert.Equal(reference.Table.Shape, compressed.Table.Shape);
            Assert.Equal(1, compressed.Table.Scales?.Shape.ElementCount);
            Assert.Null(compressed.Table.ZeroPoints);
            ours += TestWeights.Error(source, compressed).SquaredError;
            theirs += TestWeights.Error(source, reference).SquaredError;
        }

        Assert.InRange(ours, 0, theirs);
    }

    // Errors are not comparable: the reference's scales go over all axes but the output's, and it stores a table for each of them, in 1.4 to 4 times the bytes of ours. With so much more to
    // spend it loses 1.03 over this package where ours loses 1.15; on two of six weights ours lose less even so. Held instead: fewer bytes, and less error than without scales.
    [Theory, MemberData(nameof(Scaled))]
    public void Compress_ScaleOfEachOutputChannel_TakesFewerBytesThanTheReferencesAndLosesLessThanWithoutScales(string name)
    {
        foreach ((Weight source, PalettizedWeight reference) in Pairs(name))
        {
            PalettizedWeight ours = Compress(source, "palettize(nbits=4, enable_per_channel_scale=true)");

            Assert.InRange(ours.PayloadBytes, 0, reference.PayloadBytes);
            Assert.Equal(source.Shape[source.OutputAxis], ours.ChannelScales?.Shape.ElementCount);
            Assert.InRange(TestWeights.Error(source, ours).SquaredError, 0, TestWeights.Error(source, Compress(source, "palettize(nbits=4)")).SquaredError);
        }
    }

    private static void HoldToReference(Weight source, PalettizedWeight reference, PalettizedWeight ours)
    {
        Assert.Equal(reference.Table.Shape, ours.Table.Shape);
        Assert.Equal(reference.PayloadBytes, ours.PayloadBytes);
        Assert.InRange(TestWeights.Error(source, ours).SquaredError, 0, TestWeights.Error(source, reference).SquaredError);
    }

    private static string Scheme(Match match, string mode, string more = "") =>
        $"palettize(mode={mode}, nbits={match.Groups["bits"].Value}{(match.Groups["group"].Success ? $", granularity=per_grouped_channel, group_size={match.Groups["group"].Value}" : "")}{more})";

    private static PalettizedWeight Compress(Weight source, string scheme) => TestWeights.Compress<PalettizedWeight>(source, scheme);

    private static (Weight Source, PalettizedWeight Reference)[] Pairs(string name)
    {
        ReferencePackage package = ReferencePackage.Read(name);
        ReferencePackage uncompressed = ReferencePackage.Read(string.Join('_', name.Split('_')[..2]) + "_base");
        (Weight, PalettizedWeight)[] pairs = [.. package.Weights
            .Where(pair => pair.Value.Stored is PalettizedWeight)
            .Select(pair => (uncompressed.Weights[pair.Key], (PalettizedWeight)pair.Value.Stored))];
        Assert.NotEmpty(pairs);
        return pairs;
    }

    [GeneratedRegex(@"_palettize_uniform(?<bits>\d)(_g(?<group>\d+))?$")]
    private static partial Regex Uniform();

    [GeneratedRegex(@"_palettize_kmeans(?<bits>\d)(_g(?<group>\d+))?_cd(?<length>\d)$")]
    private static partial Regex VectorPalette();
}
