using SweepCluster.Formats.CoreMl;
using SweepCluster.Graphs;
using SweepCluster.Testing;
using SweepCluster.Testing.Packages;

namespace SweepCluster.Formats.Tests.CoreMl.Float16;

[Trait("Needs", "shared")]
public sealed class SharedFloat16Tests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Packages =>
    [
        .. FixturePackages.All.Select(path => Path.GetFileName(path)!).Where(name => name.Contains("fp32", StringComparison.Ordinal)).Select(name => "fixtures/coreml/" + name),
        "data/resnet20-cifar10/ResNet20_fp32.mlpackage", "data/native/basic-pitch-nmp/nmp.mlpackage", "data/native/dtln-aec-128-part1/DTLN_AEC_128_Part1.mlpackage",
    ];

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Packages))]
    public void Convert_Float32Package_ObeysTheFormatsTypesAndRoundsItsWeights(string package) => Float16Checks.Holds(SharedData.PathOf(package.Split('/')), _folder.At("half.mlpackage"));

    // The reference converted the same network itself.
    [Fact]
    public void Convert_ResNet20_HasTheWeightsOfTheGivenFloat16Package()
    {
        Float16Checks.Holds(SharedData.PathOf("data", "resnet20-cifar10", "ResNet20_fp32.mlpackage"), _folder.At("half.mlpackage"));
        float[][] given = [.. IndependentPackageReader.Read(SharedData.PathOf("data", "resnet20-cifar10", "ResNet20.mlpackage")).Weights.Values];

        float[][] converted = [.. IndependentPackageReader.Read(_folder.At("half.mlpackage")).Weights.Values];

        Assert.Equal(given.Length, converted.Length);
        Assert.All(given.Zip(converted), pair => PackageChecks.AssertSameBits(pair.First, pair.Second));
    }

    [Fact]
    public void Convert_SpeechModel_KeepsItsLogarithmsFloat32()
    {
        Float16Program program = Float16Checks.Holds(SharedData.PathOf("data", "native", "dtln-aec-128-part1", "DTLN_AEC_128_Part1.mlpackage"), _folder.At("half.mlpackage"));

        Assert.Equal(2, program.Kept.Count(kept => kept.OpType == "log" && kept.Reason.EndsWith("would become 0 in float16", StringComparison.Ordinal)));
    }

    // It scales its picture in float32 and gives its probabilities so: that is no float32 program.
    [Theory]
    [InlineData("data/squeezenet11-imagenet/SqueezeNet11.mlpackage")]
    [InlineData("data/resnet34-imagenet/DlibResNet34.mlpackage")]
    public void Convert_Float16PackageOfIOS15_IsLeftAsItIs(string package)
    {
        Graph graph = new CoreMlFormat().Read(SharedData.PathOf(package.Split('/')));

        Assert.Same(graph, new CoreMlFormat().ToFloat16(graph, null).Graph);
    }
}
