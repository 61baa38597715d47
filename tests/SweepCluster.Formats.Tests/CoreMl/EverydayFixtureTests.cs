using SweepCluster.Testing;

namespace SweepCluster.Formats.Tests.CoreMl;

public class EverydayFixtureTests
{
    public static TheoryData<string> Packages =>
        [.. FixturePackages.Everyday.Append(Path.Combine(SharedData.Samples, "resnet20", "ResNet20.mlpackage")).Select(Name)];

    public static TheoryData<string> DecodedPackages => [.. FixturePackages.Everyday.Where(path => File.Exists(Path.ChangeExtension(path, ".weights.npz"))).Select(Name)];

    [Theory, MemberData(nameof(DecodedPackages))]
    public void IndependentReader_PackageOfTheReference_DecodesWhatTheReferenceDecodes(string package) =>
        PackageChecks.IndependentReaderDecodesWhatTheReferenceDecodes(PathOf(package));

    [Theory, MemberData(nameof(DecodedPackages))]
    public void Pieces_PackageOfTheReference_AreWhatTheReferenceDecodes(string package) => PackageChecks.Pieces_AreWhatTheReferenceDecodes(PathOf(package));

    [Theory, MemberData(nameof(Packages))]
    public void Write_Untouched_IsTheSameProgramAndWeights(string package) => PackageChecks.ReadWritten_Untouched_IsTheSameProgramAndWeights(PathOf(package));

    [Theory, MemberData(nameof(Packages))]
    public void Write_Decompressed_HoldsTheSameWeightsPlainly(string package) => PackageChecks.ReadWritten_Decompressed_HoldsTheSameWeightsPlainly(PathOf(package));

    // Test names hold no machine's paths.
    private static string Name(string path) => Path.GetRelativePath(SharedData.Repository, path);

    private static string PathOf(string name) => Path.Combine(SharedData.Repository, name);
}
