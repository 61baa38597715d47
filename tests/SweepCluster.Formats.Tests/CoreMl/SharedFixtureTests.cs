using SweepCluster.Testing;

namespace SweepCluster.Formats.Tests.CoreMl;

[Trait("Needs", "shared")]
public class SharedFixtureTests
{
    public static TheoryData<string> Packages => [.. FixturePackages.All.Select(path => Path.GetFileName(path)!)];

    public static TheoryData<string> GivenModels =>
    [
        "data/resnet20-cifar10/ResNet20.mlpackage", "data/resnet20-cifar10/ResNet20_fp32.mlpackage", "data/squeezenet11-imagenet/SqueezeNet11.mlpackage",
        "data/native/basic-pitch-nmp/nmp.mlpackage", "data/native/dtln-aec-128-part1/DTLN_AEC_128_Part1.mlpackage",
    ];

    [Theory, MemberData(nameof(Packages))]
    public void IndependentReader_PackageOfTheReference_DecodesWhatTheReferenceDecodes(string package) =>
        PackageChecks.IndependentReaderDecodesWhatTheReferenceDecodes(PathOf(package));

    [Theory, MemberData(nameof(Packages))]
    public void Pieces_PackageOfTheReference_AreWhatTheReferenceDecodes(string package) => PackageChecks.Pieces_AreWhatTheReferenceDecodes(PathOf(package));

    [Theory, MemberData(nameof(Packages))]
    public void Write_Untouched_IsTheSameProgramAndWeights(string package) => PackageChecks.ReadWritten_Untouched_IsTheSameProgramAndWeights(PathOf(package));

    [Theory, MemberData(nameof(Packages))]
    public void Write_Decompressed_HoldsTheSameWeightsPlainly(string package) => PackageChecks.ReadWritten_Decompressed_HoldsTheSameWeightsPlainly(PathOf(package));

    [Theory, MemberData(nameof(GivenModels))]
    public void Write_GivenModelUntouched_IsTheSameProgramAndWeights(string package) =>
        PackageChecks.ReadWritten_Untouched_IsTheSameProgramAndWeights(SharedData.PathOf(package.Split('/')));

    private static string PathOf(string package) => Path.Combine(FixturePackages.SharedFolder, package);
}
