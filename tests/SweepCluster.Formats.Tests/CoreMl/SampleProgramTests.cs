using SweepCluster.Formats.CoreMl;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Testing;
using SweepCluster.Testing.Packages;

namespace SweepCluster.Formats.Tests.CoreMl;

/// <summary>Programs made on the wire, held to the independent reader: one for each operation set and for each legal way to store a weight.</summary>
public sealed class SampleProgramTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CoreMlFormat _format = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string> Names => [.. SamplePrograms.All.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Read_Sample_DecodesAsTheIndependentReaderDoes(string name)
    {
        string path = SamplePrograms.All[name].Write(_folder.At("sample.mlpackage"));
        IndependentPackage expected = IndependentPackageReader.Read(path);

        Graph graph = _format.Read(path);

        Weight weight = graph.Weights.Single(candidate => candidate.Name == "w");
        PackageChecks.AssertSameBits(expected.Weights["y.weight"], Decompressor.ToFloat32(weight.Stored));
        Assert.Equal(expected.Types["y.weight"], $"{(weight.Type == ElementType.Float16 ? "fp16" : "fp32")}[{string.Join(',', weight.Shape.Extents)}]");
    }

    [Theory]
    [InlineData("iOS18 blockwise int4 4x1 float offsets fp16", typeof(QuantizedWeight))]
    [InlineData("iOS18 blockwise uint8 2x3 float offsets fp32", typeof(QuantizedWeight))]
    [InlineData("iOS18 mask and codes uint8 float offsets fp16", typeof(SparseQuantizedWeight))]
    public void Read_OffsetsThatAreFloats_AreAFormLikeOthers(string name, Type form)
    {
        Weight weight = Assert.Single(_format.Read(SamplePrograms.All[name].Write(_folder.At("sample.mlpackage"))).Weights);

        Assert.IsType(form, weight.Stored);
        Assert.Null(weight.Conflict);
    }

    [Theory, MemberData(nameof(Names))]
    public void Write_SampleUntouched_IsTheSameProgramAndWeights(string name) =>
        PackageChecks.ReadWritten_Untouched_IsTheSameProgramAndWeights(SamplePrograms.All[name].Write(_folder.At("sample.mlpackage")));

    [Theory, MemberData(nameof(Names))]
    public void Write_SampleDecompressed_HoldsTheSameWeights(string name) =>
        PackageChecks.ReadWritten_Decompressed_HoldsTheSameWeightsPlainly(SamplePrograms.All[name].Write(_folder.At("sample.mlpackage")));
}
