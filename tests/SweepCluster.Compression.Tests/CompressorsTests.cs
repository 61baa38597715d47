using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Tests;

public class CompressorsTests
{
    public static TheoryData<string> Schemes => ["palettize(nbits=4)", "quantize(dtype=int8)", "quantize(mode=linear, dtype=uint4)", "prune(target_sparsity=0.5)", "float16"];

    [Theory, MemberData(nameof(Schemes))]
    public void Compress_NotFinite_IsRefusedWithThePlace(string scheme)
    {
        foreach ((float value, string reason) in new[] { (float.NaN, "element 2 is NaN"), (float.PositiveInfinity, "element 2 is infinite"), (float.NegativeInfinity, "element 2 is infinite") })
        {
            Weight weight = TestWeights.Single(new Shape(2, 2), 1, 2, value, float.NaN);

            Assert.Null(Compressors.Refuses(weight, SchemeText.Parse(scheme)));
            Assert.Equal(reason, Assert.Throws<SchemeNotApplicableException>(() => TestWeights.Compress(weight, scheme)).Reason);
        }
    }

    [Fact]
    public void Compress_NotFiniteHalf_IsRefusedWithThePlace() => Assert.Equal(
        "element 1 is infinite",
        Assert.Throws<SchemeNotApplicableException>(() => TestWeights.Compress(TestWeights.Half(new Shape(1, 2), 65504, float.NegativeInfinity), "palettize(nbits=1)")).Reason);

    [Theory, MemberData(nameof(Schemes))]
    public void Refuses_Empty_SaysSo(string scheme) => Assert.Equal("it has no elements", Compressors.Refuses(TestWeights.Single(new Shape(0, 3)), SchemeText.Parse(scheme)));

    [Theory, MemberData(nameof(Schemes))]
    public void Refuses_AlreadyCompressed_SaysSo(string scheme)
    {
        CompressedWeight stored = TestWeights.Compress(TestWeights.Single(new Shape(2, 2), 1, 2, 3, 4), "palettize(nbits=2)");

        Assert.Equal("already compressed", Compressors.Refuses(new Weight("w", stored, [], 0, 1), SchemeText.Parse(scheme)));
    }

    [Theory, MemberData(nameof(Schemes))]
    public void Refuses_Conflict_GivesItsReason(string scheme) => Assert.Equal(
        "two uses disagree",
        Compressors.Refuses(new Weight("w", TestWeights.Single(new Shape(2, 2), 1, 2, 3, 4).Stored, [], 0, 1, "two uses disagree"), SchemeText.Parse(scheme)));

    [Fact]
    public void Refuses_Vector_SaysThatItHasNoChannels() => Assert.Equal(
        "rank 1: only weights of rank 2 or more have channels", Compressors.Refuses(TestWeights.Half(new Shape(3), 1, 2, 3), new PalettizeScheme(4, 0)));

    [Theory]
    [InlineData("palettize(nbits=8)"), InlineData("palettize(nbits=1)"), InlineData("quantize(dtype=int8)"), InlineData("quantize(mode=linear, dtype=uint8)"), InlineData("quantize(dtype=int4)")]
    public void Compress_OneElementOrConstant_IsExact(string scheme)
    {
        // 127 * 2^-4 and its multiples are codes of every scheme here.
        foreach (float[] values in new float[][] { [1.75f], [-1.75f, -1.75f, -1.75f], [0.4375f, 0.4375f] })
        {
            Weight weight = TestWeights.Single(new Shape(1, values.Length), values);
            Assert.Equal(0, TestWeights.Error(weight, TestWeights.Compress(weight, scheme)).SquaredError, 1e-12);
        }
    }

    [Fact]
    public void Compress_None_GivesTheWeightAsStored()
    {
        Weight weight = TestWeights.Half(new Shape(2), float.NaN, 1);

        Assert.Null(Compressors.Refuses(weight, new UntouchedScheme()));
        Assert.Same(weight.Stored, TestWeights.Compress(weight, "none"));
    }
}
