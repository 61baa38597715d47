using SweepCluster.Compression.Palettization;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Tests.Palettization.Tables;

public class CustomPaletteTests
{
    private static readonly CompressOptions s_options = new(DecodeArithmetic.ScaleType);

    [Fact]
    public void Compress_RuleAsCode_SeesEachGroupAndKeepsTheOrderOfItsTable()
    {
        Weight weight = TestWeights.Of(ElementType.Float16, new Shape(2, 4), [1, 2, 10, 20, 3, 4, 30, 40], outputAxis: 1, inputAxis: 0);

        PalettizedWeight compressed = CustomPalette.Compress(new PreparedWeight(weight), values => [values.Span[3], 0, values.Span[0]], 2, s_options, CancellationToken.None);

        Assert.Equal(new Shape(1, 2, 4, 1), compressed.Table.Shape);
        Assert.Equal([4, 0, 1, 0, 40, 0, 10, 0], compressed.Table.ToFloat32());
        Assert.Equal([2, 2, 2, 2, 0, 0, 0, 0], compressed.Indices.ToInt32()); // 30 - 10 = 20, 40 - 30 = 10
    }

    [Fact]
    public void Compress_TableThatIsNone_SaysWhatWasFound()
    {
        PreparedWeight weight = new(TestWeights.Half(new Shape(2, 2), 1, 2, 3, 4));

        Assert.Equal(
            "weight 'w', table of group 0: found 257 entries, expected 1 to 256.",
            Assert.Throws<BadInputException>(() => CustomPalette.Compress(weight, _ => new float[257], 0, s_options, CancellationToken.None)).Message);
        Assert.Equal(
            "weight 'w', table of group 0: found 70000, expected numbers that are finite in float16.",
            Assert.Throws<BadInputException>(() => CustomPalette.Compress(weight, _ => [0, 70000], 0, s_options, CancellationToken.None)).Message);
    }

    [Fact]
    public void Compress_ChannelsNotDivisible_IsRefused() => Assert.Equal(
        "2 output channels are not divisible by group size 3",
        Assert.Throws<SchemeNotApplicableException>(() => CustomPalette.Compress(new PreparedWeight(TestWeights.Half(new Shape(2, 2), 1, 2, 3, 4)), _ => [0], 3, s_options, CancellationToken.None)).Reason);
}
