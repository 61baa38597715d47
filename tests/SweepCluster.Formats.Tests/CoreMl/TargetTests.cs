using SweepCluster.Formats.CoreMl;
using SweepCluster.Formats.CoreMl.Protos;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Testing;
using SweepCluster.Testing.Packages;

namespace SweepCluster.Formats.Tests.CoreMl;

public sealed class TargetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CoreMlFormat _format = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(5, null, "iOS16", "raised from iOS15 to iOS16, because iOS15 has no compressed weights")]
    [InlineData(5, "iOS16", "iOS16", "raised from iOS15 to iOS16")]
    [InlineData(5, "iOS18", "iOS18", "raised from iOS15 to iOS18")]
    [InlineData(6, null, "iOS16", null)]
    [InlineData(6, "ios17", "iOS17", "raised from iOS16 to iOS17")]
    [InlineData(8, null, "iOS18", null)]
    [InlineData(8, "iOS18", "iOS18", null)]
    [InlineData(9, null, "iOS26", null)]
    public void ResolveTarget_Level_GivesTheTargetAndSaysWhatIsRaised(int level, string? requested, string name, string? notice)
    {
        Graph graph = _format.Read(Plain(level));

        ModelTarget target = _format.ResolveTarget(graph, requested);

        Assert.Equal(new ModelTarget(name, name is "iOS16" or "iOS17" ? DecodeArithmetic.Float32 : DecodeArithmetic.ScaleType, notice), target);
    }

    [Theory]
    [InlineData("iOS16", "target: found 'iOS16' for PATH, which needs iOS18; expected iOS18 or later.")]
    [InlineData("iOS15", "target: found 'iOS15', expected one of iOS16, iOS17, iOS18, iOS26.")]
    [InlineData("macOS", "target: found 'macOS', expected one of iOS16, iOS17, iOS18, iOS26.")]
    public void ResolveTarget_OneThatCannotBe_IsRefused(string requested, string fault)
    {
        string path = Plain(8);
        Graph graph = _format.Read(path);

        Assert.Equal(fault.Replace("PATH", path, StringComparison.Ordinal), Assert.Throws<BadInputException>(() => _format.ResolveTarget(graph, requested)).Message);
    }

    [Fact]
    public void Write_Raised_NamesTheOperationSetInEveryFunction()
    {
        PackageBuilder builder = new(level: 5);
        builder.Add(PackageBuilder.Op("relu", "y", ("x", "x"))).Returns("y");
        builder.Model.MlProgram.Functions.Add("another", builder.Main.Clone());
        Graph graph = _format.Read(builder.Write(_folder.At("old.mlpackage")));
        string written = _folder.At("new.mlpackage");

        _format.Write(graph, new Dictionary<string, CompressedWeight>(), _format.ResolveTarget(graph, "iOS17"), written);

        IndependentPackage package = IndependentPackageReader.Read(written);
        Assert.Equal((8, "CoreML7"), (package.SpecificationVersion, package.Opset));
        Assert.Equal(["function another CoreML7", "function main CoreML7"], package.Program.Where(line => line.StartsWith("function", StringComparison.Ordinal)));
        Assert.Equal("Core ML package, ML program, iOS17", _format.Read(written).FormatDescription);
    }

    [Fact]
    public void Write_SpecificationVersionAboveTheTarget_IsKept()
    {
        PackageBuilder builder = new(level: 6);
        builder.Add(PackageBuilder.Op("relu", "y", ("x", "x"))).Returns("y");
        builder.Model.SpecificationVersion = 9;
        Graph graph = _format.Read(builder.Write(_folder.At("mixed.mlpackage")));
        string written = _folder.At("new.mlpackage");

        _format.Write(graph, new Dictionary<string, CompressedWeight>(), _format.ResolveTarget(graph, null), written);

        Assert.Equal(9, IndependentPackageReader.Read(written).SpecificationVersion);
    }

    [Theory]
    [InlineData("iOS16_fp16_palettize_kmeans4")]
    [InlineData("iOS16_fp16_quantize_int8_linear_per_channel")]
    public void Write_CompressedModelRaised_KeepsItsWeights(string name)
    {
        string source = FixturePackages.PathOf(name);
        Graph graph = _format.Read(source);
        string written = _folder.At("new.mlpackage");

        _format.Write(graph, new Dictionary<string, CompressedWeight>(), _format.ResolveTarget(graph, "iOS18"), written);

        IndependentPackage after = IndependentPackageReader.Read(written);
        PackageChecks.AssertSameWeights(IndependentPackageReader.Read(source), after);
        Assert.Equal("CoreML8", after.Opset);
        Assert.Equal(name.Contains("palettize", StringComparison.Ordinal), after.Program.Any(line => line.StartsWith("constexpr_lut_to_dense", StringComparison.Ordinal) && line.Contains("uint4", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("crop_resize")]
    [InlineData("non_maximum_suppression")]
    public void ResolveTarget_OperationThatIOS17Changed_IsRefusedByName(string type)
    {
        PackageBuilder builder = new(level: 5);
        builder.Add(PackageBuilder.Op("relu", "r", ("x", "x")), PackageBuilder.Op(type, "y", ("x", "r"))).Returns("y");
        string path = builder.Write(_folder.At("old.mlpackage"));
        Graph graph = _format.Read(path);

        Assert.Equal("iOS16", _format.ResolveTarget(graph, null).Name);
        Assert.Equal(
            $"{Path.Combine(path, "Data", "com.apple.CoreML", "model.mlmodel")}, function main, operation 1 ({type} 'y'): found an operation that takes other operands from iOS17 on, "
            + "expected none in a model to raise to iOS18.",
            Assert.Throws<BadInputException>(() => _format.ResolveTarget(graph, "iOS18")).Message);
    }

    [Theory]
    [InlineData(2, null, null)]
    [InlineData(-1, "found negative indices, expected none in a model to raise to iOS18.", null)]
    [InlineData(null, null, "raised from iOS16 to iOS18; indices computed for y must not be negative there")]
    public void ResolveTarget_Gather_MayHaveNoNegativeIndicesFromIOS17On(int? index, string? fault, string? notice)
    {
        PackageBuilder builder = new(level: 6);
        Operation gather = PackageBuilder.Op("gather", "y", ("x", "x"));
        gather.Inputs.Add("indices", index is int known
            ? PackageBuilder.Inline(PackageBuilder.Immediate(new TensorData(ElementType.Int32, new Shape(1), BitConverter.GetBytes(known))))
            : PackageBuilder.Read("x"));
        builder.Add(gather).Returns("y");
        string path = builder.Write(_folder.At("gather.mlpackage"));
        Graph graph = _format.Read(path);

        if (fault is null)
        {
            Assert.Equal(notice ?? "raised from iOS16 to iOS18", _format.ResolveTarget(graph, "iOS18").Notice);
        }
        else
        {
            Assert.Equal(
                $"{Path.Combine(path, "Data", "com.apple.CoreML", "model.mlmodel")}, function main, operation 0 (gather 'y'): {fault}",
                Assert.Throws<BadInputException>(() => _format.ResolveTarget(graph, "iOS18")).Message);
        }
    }

    [Theory]
    [InlineData("palettize(nbits=4)", null)]
    [InlineData("palettize(nbits=3)", "nbits=3 needs iOS18 or later, the target is iOS17")]
    [InlineData("palettize(nbits=4, granularity=per_grouped_channel, group_size=16)", "granularity=per_grouped_channel needs iOS18 or later, the target is iOS17")]
    [InlineData("quantize(dtype=int8)", null)]
    [InlineData("quantize(dtype=uint8, granularity=per_tensor)", null)]
    [InlineData("quantize(dtype=int4)", "dtype=int4 needs iOS18 or later, the target is iOS17")]
    [InlineData("quantize(dtype=uint4)", "dtype=uint4 needs iOS18 or later, the target is iOS17")]
    [InlineData("quantize(dtype=int8, granularity=per_block, block_size=32)", "granularity=per_block needs iOS18 or later, the target is iOS17")]
    [InlineData("prune(target_sparsity=0.5)", null)]
    [InlineData("float16", null)]
    [InlineData("none", null)]
    public void Refuses_Scheme_SaysWhatTheTargetLacks(string scheme, string? reason)
    {
        Scheme parsed = SchemeText.Parse(scheme);

        Assert.Equal(reason, _format.Refuses(parsed, new ModelTarget("iOS17", DecodeArithmetic.Float32, null)));
        Assert.Null(_format.Refuses(parsed, new ModelTarget("iOS18", DecodeArithmetic.ScaleType, null)));
    }

    [Fact]
    public void Write_FormThatTheTargetLacks_IsRefused()
    {
        Graph graph = _format.Read(FixturePackages.PathOf("iOS16_fp16_palettize_kmeans4"));
        Weight weight = graph.Weights.First(candidate => candidate.Shape.Rank > 1);
        Dictionary<string, CompressedWeight> replacements = new() { [weight.Name] = SchemeForms.Palette(weight, 3, 1, 1).Stored };

        ArgumentException fault = Assert.Throws<ArgumentException>(() => _format.Measure(graph, replacements, _format.ResolveTarget(graph, null)));

        Assert.StartsWith($"iOS16 has no operation for this PalettizedWeight of shape {weight.Shape}.", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("model.mlpackage", true)]
    [InlineData("model.mlpackage/", true)]
    [InlineData("model.mlmodel", true)]
    [InlineData("model.onnx", false)]
    public void Recognizes_PathThatIsNotThere_GoesByItsName(string name, bool expected) => Assert.Equal(expected, _format.Recognizes(_folder.At(name)));

    [Fact]
    public void Recognizes_FolderOfAnotherName_GoesByItsManifest()
    {
        string path = Plain(8);
        string other = _folder.At("renamed");
        Directory.Move(path, other);

        Assert.True(_format.Recognizes(other));
        Assert.False(_format.Recognizes(_folder.At(".")));
    }

    private string Plain(int level)
    {
        PackageBuilder builder = new(level);
        builder.Add(PackageBuilder.Op("relu", "y", ("x", "x"))).Returns("y");
        return builder.Write(_folder.At("plain.mlpackage"));
    }
}
