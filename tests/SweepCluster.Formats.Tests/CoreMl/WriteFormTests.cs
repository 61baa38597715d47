using SweepCluster.Formats.CoreMl;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Testing;
using SweepCluster.Testing.Packages;

namespace SweepCluster.Formats.Tests.CoreMl;

public class WriteFormTests
{
    private const string Float32Base = "iOS18_fp32_base";

    // Stored in float16 for iOS 16: its palettes are replaced here.
    private const string Older = "iOS16_fp16_palettize_kmeans4";

    [Theory]
    [InlineData(Older, "iOS16", 1)]
    [InlineData(Older, "iOS16", 2)]
    [InlineData(Older, "iOS17", 4)]
    [InlineData(Older, "iOS16", 6)]
    [InlineData(Older, "iOS16", 8)]
    [InlineData(Older, "iOS18", 4)]
    [InlineData(Float32Base, "iOS18", 1)]
    [InlineData(Float32Base, "iOS18", 3)]
    [InlineData(Float32Base, "iOS18", 6)]
    [InlineData(Float32Base, "iOS18", 8)]
    public void Write_PalettePerTensor_DecodesToTheTablesValues(string package, string target, int bits) =>
        Check(package, target, "constexpr_lut_to_dense", "_palettized", weight => SchemeForms.Palette(weight, bits, 1, bits));

    [Theory]
    [InlineData(Float32Base, 3)]
    [InlineData(Float32Base, 4)]
    public void Write_PalettePerGroup_DecodesToItsGroupsValues(string package, int bits) =>
        Check(package, "iOS18", "constexpr_lut_to_dense", "_palettized", weight => SchemeForms.Palette(weight, bits, weight.Shape[0] / 4, bits));

    [Theory]
    [InlineData("iOS16", ElementType.Int8, -1, true)]
    [InlineData("iOS16", ElementType.Int8, 0, false)]
    [InlineData("iOS16", ElementType.UInt8, 0, true)]
    [InlineData("iOS17", ElementType.UInt8, -1, true)]
    public void Write_QuantizedForIOS16_DecodesInFloat32(string target, ElementType codes, int block, bool zeroPoints) =>
        Check(Older, target, "constexpr_affine_dequantize", "_quantized",
            weight => SchemeForms.Quantized(weight, codes, block, zeroPoints, DecodeArithmetic.Float32, 7));

    [Theory]
    [InlineData(Older, ElementType.Int8, 0, false)]
    [InlineData(Older, ElementType.UInt8, -1, true)]
    [InlineData(Float32Base, ElementType.Int4, 4, false)]
    [InlineData(Float32Base, ElementType.UInt4, 8, true)]
    [InlineData(Float32Base, ElementType.Int8, 0, true)]
    [InlineData(Float32Base, ElementType.UInt4, -1, false)]
    public void Write_QuantizedForIOS18_DecodesInTheScalesType(string package, ElementType codes, int block, bool zeroPoints) =>
        Check(package, "iOS18", "constexpr_blockwise_shift_scale", "_quantized",
            weight => SchemeForms.Quantized(weight, codes, block, zeroPoints, DecodeArithmetic.ScaleType, 8));

    [Theory]
    [InlineData(Older, "iOS16", 0.5)]
    [InlineData(Older, "iOS18", 0.75)]
    [InlineData(Float32Base, "iOS18", 0.9)]
    [InlineData(Float32Base, "iOS18", 0.9999)] // a few values, which stand in the program
    public void Write_Pruned_DecodesToZerosAndTheValuesLeft(string package, string target, double sparsity) =>
        Check(package, target, "constexpr_sparse_to_dense", "_sparsified", weight => SchemeForms.Sparse(weight, sparsity, 9));

    [Fact]
    public void Write_Float32AsFloat16_DecodesThroughACast() =>
        Check(Float32Base, "iOS18", "constexpr_cast", "_cast", weight => SchemeForms.Half(weight, 10));

    [Theory]
    [InlineData(Float32Base, 4, 2, 0)]
    [InlineData(Float32Base, 6, 4, 1)]
    [InlineData(Older, 2, 2, 1)]
    public void Write_Vectors_DecodesToTheTablesVectors(string package, int bits, int length, int axis) =>
        Check(package, "iOS18", "constexpr_lut_to_dense", "_palettized", weight => SchemeForms.Vectors(weight, bits, length, axis, bits));

    [Theory]
    [InlineData(Float32Base, 4, 1, ElementType.Int8, false)]
    [InlineData(Float32Base, 8, 1, ElementType.UInt8, true)]
    [InlineData(Float32Base, 3, 4, ElementType.UInt8, true)] // as many scales as groups, some of them in the program and some in the file
    [InlineData(Older, 4, 2, ElementType.Int8, true)]
    [InlineData(Older, 1, 1, ElementType.Int8, false)] // the table stands in the program
    public void Write_EightBitTable_DecodesTheTableFirst(string package, int bits, int groups, ElementType codes, bool zeroPoints) => Check(
        package, "iOS18", "constexpr_lut_to_dense", "_palettized", weight => SchemeForms.CodedTable(weight, bits, groups, codes, zeroPoints, 0, bits), "constexpr_blockwise_shift_scale");

    [Theory]
    [InlineData(Float32Base, 4, 1)]
    [InlineData(Older, 2, 4)]
    public void Write_ChannelScales_MultipliesAfterTheLookUp(string package, int bits, int groups) => Check(
        package, "iOS18", "constexpr_blockwise_shift_scale", "_palettized_pcs", weight => SchemeForms.Scaled(weight, bits, groups, bits), "constexpr_lut_to_dense");

    [Theory]
    [InlineData(Float32Base, 4, 1, 0.5)]
    [InlineData(Float32Base, 3, 4, 0.75)]
    [InlineData(Float32Base, 8, 1, 0.9999)]
    [InlineData(Older, 2, 2, 0.5)]
    public void Write_PrunedAndPalettized_DecodesToZerosAndTheTablesValues(string package, int bits, int groups, double sparsity) => Check(
        package, "iOS18", "constexpr_sparse_to_dense", "_sparsified", weight => SchemeForms.SparsePalette(weight, bits, groups, sparsity, bits), "constexpr_lut_to_sparse");

    [Theory]
    [InlineData(Float32Base, ElementType.Int4, 4, false, 0.5)]
    [InlineData(Float32Base, ElementType.UInt4, 8, true, 0.9)]
    [InlineData(Float32Base, ElementType.Int8, -1, false, 0.9999)]
    [InlineData(Older, ElementType.UInt8, 0, true, 0.75)]
    public void Write_PrunedAndQuantized_DecodesToZerosAndTheCodes(string package, ElementType codes, int block, bool zeroPoints, double sparsity) => Check(
        package, "iOS18", "constexpr_sparse_to_dense", "_sparsified", weight => SchemeForms.SparseCodes(weight, codes, block, zeroPoints, sparsity, 8), "constexpr_sparse_blockwise_shift_scale");

    [Theory]
    [InlineData(Float32Base, 4, 1, ElementType.Int8, false)]
    [InlineData(Older, 6, 2, ElementType.UInt8, true)]
    public void Write_PrunedAndPalettizedWithAnEightBitTable_DecodesAllThree(string package, int bits, int groups, ElementType codes, bool zeroPoints) => Check(
        package, "iOS18", "constexpr_sparse_to_dense", "_sparsified", weight => SchemeForms.CodedTable(weight, bits, groups, codes, zeroPoints, 0.6, bits),
        "constexpr_lut_to_sparse", "constexpr_blockwise_shift_scale");

    public static TheoryData<string> NewerForms => ["vectors", "8-bit table", "channel scales", "sparse palette", "sparse codes", "groups", "3 bits", "4-bit codes"];

    [Theory, MemberData(nameof(NewerForms))]
    public void Write_FormThatTheTargetLacks_IsRefused(string form)
    {
        CoreMlFormat format = new();
        Graph graph = format.Read(FixturePackages.PathOf(Older));
        Weight weight = graph.Weights.First(candidate => candidate.Shape is { Rank: > 1, ElementCount: > 2048 });
        (CompressedWeight stored, _) = form switch
        {
            "vectors" => SchemeForms.Vectors(weight, 4, 2, 0, 1),
            "8-bit table" => SchemeForms.CodedTable(weight, 4, 1, ElementType.Int8, false, 0, 1),
            "channel scales" => SchemeForms.Scaled(weight, 4, 1, 1),
            "sparse palette" => SchemeForms.SparsePalette(weight, 4, 1, 0.5, 1),
            "sparse codes" => SchemeForms.SparseCodes(weight, ElementType.Int8, 0, false, 0.5, 1),
            "groups" => SchemeForms.Palette(weight, 4, 2, 1),
            "3 bits" => SchemeForms.Palette(weight, 3, 1, 1),
            _ => SchemeForms.Quantized(weight, ElementType.Int4, 0, false, DecodeArithmetic.Float32, 1),
        };
        Dictionary<string, CompressedWeight> replacements = new() { [weight.Name] = stored };
        ModelTarget target = format.ResolveTarget(graph, null);

        string expected = $"iOS16 has no operation for this {stored.GetType().Name} of shape {weight.Shape}. (Parameter 'stored')";
        Assert.Equal(expected, Assert.Throws<ArgumentException>(() => format.Measure(graph, replacements, target)).Message);
    }

    [Fact]
    public void Write_CodesThatNoTargetHas_AreRefused()
    {
        CoreMlFormat format = new();
        Graph graph = format.Read(FixturePackages.PathOf(Float32Base));
        Weight weight = graph.Weights.First(candidate => candidate.Shape is { Rank: > 1, ElementCount: > 2048 });
        TensorData codes = new(ElementType.Int16, weight.Shape, new byte[2 * weight.Shape.ElementCount]);
        TensorData scales = TensorData.FromFloats(weight.Type, new Shape([.. Enumerable.Repeat(1, weight.Shape.Rank)]), [1f]);

        foreach (DecodeArithmetic arithmetic in Enum.GetValues<DecodeArithmetic>())
        {
            Assert.Throws<ArgumentException>(() => format.Measure(
                graph, new Dictionary<string, CompressedWeight> { [weight.Name] = new QuantizedWeight(codes, scales, null, arithmetic) }, format.ResolveTarget(graph, null)));
        }
    }

    [Fact]
    public void Write_CompressedAgain_ReplacesTheFirstForm()
    {
        using TemporaryFolder folder = new();
        CoreMlFormat format = new();
        Graph graph = format.Read(FixturePackages.PathOf("iOS18_fp16_palettize_kmeans4_g8"));
        Weight weight = graph.Weights.Single(candidate => candidate.Name == "fc1_weight_0_to_fp16_palettized");
        string to = folder.At("again.mlpackage");

        format.Write(
            graph, new Dictionary<string, CompressedWeight> { [weight.Name] = SchemeForms.Sparse(weight, 0.5, 1).Stored }, format.ResolveTarget(graph, null), to);

        Assert.Contains(format.Read(to).Weights, candidate => candidate.Name == "fc1_weight_0_to_fp16_sparsified" && candidate.Stored is SparseWeight);
        Assert.Equal(4, IndependentPackageReader.Read(to).Operations.Count(type => type == "constexpr_lut_to_dense")); // of 5: fc2 has 20 channels, which 8 does not divide
    }

    [Fact]
    public void Write_SomeWeights_LeavesTheOthersAsTheyWere()
    {
        using TemporaryFolder folder = new();
        string source = FixturePackages.PathOf(Float32Base);
        CoreMlFormat format = new();
        Graph graph = format.Read(source);
        Weight weight = graph.Weights.First(candidate => candidate.Shape.Rank > 1);
        (CompressedWeight stored, float[] values) = SchemeForms.Palette(weight, 4, 1, 3);
        string to = folder.At("one.mlpackage");

        format.Write(graph, new Dictionary<string, CompressedWeight> { [weight.Name] = stored }, format.ResolveTarget(graph, null), to);

        IndependentPackage before = IndependentPackageReader.Read(source);
        IndependentPackage after = IndependentPackageReader.Read(to);
        foreach ((string key, float[] expected) in before.Weights)
        {
            PackageChecks.AssertSameBits(before.Sources[key] == weight.Name ? values : expected, after.Weights[key]);
        }
    }

    private static void Check(
        string package, string target, string opType, string suffix, Func<Weight, (CompressedWeight Stored, float[] Values)> form, params string[] feeding)
    {
        using TemporaryFolder folder = new();
        CoreMlFormat format = new();
        string path = FixturePackages.PathOf(package);
        Graph graph = format.Read(path);
        ModelTarget resolved = format.ResolveTarget(graph, target);
        Weight[] chosen = [.. graph.Weights.Where(weight => weight.Shape.Rank > 1 && weight.Shape.ElementCount > 2048)];
        Dictionary<string, (CompressedWeight Stored, float[] Values)> forms = chosen.ToDictionary(weight => weight.Name, form);
        Dictionary<string, CompressedWeight> replacements = forms.ToDictionary(pair => pair.Key, pair => pair.Value.Stored);
        string to = folder.At("written.mlpackage");

        format.Write(graph, replacements, resolved, to);

        IndependentPackage before = IndependentPackageReader.Read(path);
        IndependentPackage after = IndependentPackageReader.Read(to);
        Assert.Equal(format.Measure(graph, replacements, resolved), PackageChecks.SizeOf(to));
        Assert.Equal(6, chosen.Length);
        Assert.All(feeding.Append(opType), type => Assert.Equal(chosen.Length, after.Operations.Count(operation => operation == type)));
        Assert.Equal(chosen.Length * (feeding.Length + 1), after.Operations.Count(type => type.StartsWith("constexpr_", StringComparison.Ordinal)));
        Assert.Equal(target switch { "iOS16" => (7, "CoreML6"), "iOS17" => (8, "CoreML7"), _ => (9, "CoreML8") }, (after.SpecificationVersion, after.Opset));
        foreach ((string key, string source) in before.Sources)
        {
            bool isChosen = forms.TryGetValue(source, out (CompressedWeight Stored, float[] Values) made);
            PackageChecks.AssertSameBits(isChosen ? made.Values : before.Weights[key], after.Weights[key]);
            Assert.Equal(isChosen ? source.Replace("_palettized", "", StringComparison.Ordinal) + suffix : source, after.Sources[key]);
        }

        // And our own reader finds the forms as they were given, free to be replaced, and decodes the same; what it read it writes again to the byte.
        Weight[] read = [.. format.Read(to).Weights.Where(weight => weight.Name.EndsWith(suffix, StringComparison.Ordinal))];
        Assert.Equal(chosen.Length, read.Length);
        for (int i = 0; i < read.Length; i++)
        {
            PackageChecks.AssertSameForm(AsOlder(forms[chosen[i].Name].Stored), read[i].Stored);
            PackageChecks.AssertSameBits(forms[chosen[i].Name].Values, Decompressor.ToFloat32(read[i].Stored));
            Assert.Null(read[i].Conflict);
        }

        PackageChecks.ReadWritten_Untouched_IsTheSameProgramAndWeights(to);
        PackageChecks.ReadWritten_Decompressed_HoldsTheSameWeightsPlainly(to);
    }

    // Before iOS 18 a zero point is always written.
    private static CompressedWeight AsOlder(CompressedWeight stored) => stored is QuantizedWeight { Arithmetic: DecodeArithmetic.Float32, ZeroPoints: null } codes
        ? new QuantizedWeight(codes.Codes, codes.Scales, TensorData.FromCodes(codes.Codes.Type, codes.Scales.Shape, new int[codes.Scales.Shape.ElementCount]), codes.Arithmetic)
        : stored;
}
