using SweepCluster.Testing;
using SweepCluster.Testing.Packages;

namespace SweepCluster.Formats.Tests.CoreMl;

[Trait("Needs", "shared")]
public class IndependentReaderTests
{
    public static TheoryData<string> Fixtures => [.. FixturePackages.All];

    [Theory, MemberData(nameof(Fixtures))]
    public void Read_PackageOfTheReference_DecodesWhatTheReferenceDecodes(string name)
    {
        IReadOnlyDictionary<string, float[]> expected = NpzFile.Read(SharedData.PathOf("fixtures", "coreml", name + ".weights.npz"));

        IndependentPackage actual = IndependentPackageReader.Read(SharedData.PathOf("fixtures", "coreml", name + ".mlpackage"));

        Assert.NotEmpty(expected);
        foreach ((string key, float[] values) in expected)
        {
            Assert.Equal(values.Select(BitConverter.SingleToInt32Bits), actual.Weights[key].Select(BitConverter.SingleToInt32Bits));
        }
    }
}
