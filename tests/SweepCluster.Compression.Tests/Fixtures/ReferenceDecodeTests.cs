using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Tests.Fixtures;

[Trait("Needs", "shared")]
public class ReferenceDecodeTests
{
    public static TheoryData<string> Packages => ReferencePackage.Names(_ => true);

    [Theory, MemberData(nameof(Packages))]
    public void ToFloat32_PackageOfTheReference_GivesItsValuesBitForBit(string name)
    {
        ReferencePackage package = ReferencePackage.Read(name);

        Assert.NotEmpty(package.Decoded);
        foreach ((string key, float[] expected) in package.Decoded)
        {
            CompressedWeight stored = package.Weights[key].Stored;
            float[] actual = Decompressor.ToFloat32(stored);

            Assert.Equal(Array.ConvertAll(expected, BitConverter.SingleToInt32Bits), Array.ConvertAll(actual, BitConverter.SingleToInt32Bits));
            Assert.Equal(stored.Type, Decompressor.ToDense(stored).Values.Type);
        }
    }
}
