using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Tests;

public class SchemeRefusalsTests
{
    // float16 values, a scheme, and what either says beforehand; null where the scheme is taken.
    public static TheoryData<float[], string, string?> Cases => new()
    {
        { [1, 2, 3, 4], "none", null },
        { [float.NaN, 2, 3, 4], "none", null },
        { [1, 2, 3, float.NaN], "palettize(nbits=2)", "element 3 is NaN" },
        { [1, 2, 3, float.NegativeInfinity], "quantize", "element 3 is infinite" },
        { [1, 2, 3, 4], "palettize(granularity=per_grouped_channel, group_size=3)", "2 output channels are not divisible by group size 3" },
        { [0, 0, 0, 0], "prune", "every magnitude ties with the percentile, nothing would be left" },
        { [0, 0, 0, 0], "prune+palettize", "every magnitude ties with the percentile, nothing would be left" },
        { [1, 2, 3, 4], "prune(threshold=1)", "a sparsity of 0.25 is below minimum_sparsity_percentile 0.5" },
        { [1, 2, 3, 4], "float16", "already float16" },
        { [-60000, 0, 1, 60000], "palettize(mode=uniform, nbits=1, compat=coremltools)", "the range from -60000 to 60000 overflows float16" },
        { [-60000, 0, 1, 60000], "palettize(mode=uniform, nbits=1)", null },
        { [-60000, 0, 1, 60000], "prune(threshold=1, minimum_sparsity_percentile=0)+palettize(mode=uniform, nbits=1, compat=coremltools)", "the range from -60000 to 60000 overflows float16" },
        { [-60000, 0, 1, 60000], "quantize(compat=coremltools)", "block 0 spans more than float16 holds, and coremltools computes in that type: its scale would be infinite" },
        { [-60000, 0, 1, 60000], "quantize", null },
        { [-60000, 0, 1, 60000], "prune(threshold=1, minimum_sparsity_percentile=0)+quantize(compat=coremltools)", "block 0 spans more than float16 holds, and coremltools computes in that type: its scale would be infinite" },
        { [0, 65504, 1, 2], "quantize(mode=linear, dtype=uint8, granularity=per_tensor, compat=coremltools)", "element 1 would decode to infinity: code 255 in block 0 of scale 257, which coremltools rounds in float16" },
        { [0, 65504, 1, 2], "prune(threshold=1, minimum_sparsity_percentile=0)+quantize(mode=linear, dtype=uint8, granularity=per_tensor, compat=coremltools)", "element 1 would decode to infinity: code 255 in block 0 of scale 257, which coremltools rounds in float16" },
        { [1, 2, 100, 4], "palettize(mode=custom, lut=-1000|1000, enable_per_channel_scale=true)", "table entry -1000 times 100, the scale of output channel 1, overflows float16" },
        { [1, 2, 100, 4], "palettize(mode=custom, lut=-1000|1000)", null },
        { [1, 2, 3, 4], "palettize(mode=unique)", null },
        { [1, 2, 3, 4], "prune(n_m_ratio=1:2)", "m = 2 is more than half of 2 input channels" },
    };

    [Theory, MemberData(nameof(Cases))]
    public void Of_AnyScheme_SaysWhatCompressWouldSay(float[] values, string scheme, string? reason)
    {
        Weight weight = TestWeights.Half(new Shape(2, 2), values);

        string? said = new SchemeRefusals(DecodeArithmetic.ScaleType).Of(weight, SchemeText.Parse(scheme));

        Assert.Equal(reason, said);
        Assert.Equal(said, Thrown(weight, scheme));
    }

    // Mixed bits and a threshold of the error are judged by the values, as the converter's rules are.
    [Theory, InlineData("mindspore(bit_num=0, init_scale=0.000001)"), InlineData("mindspore(bit_num=1, accuracy_threshold=0.01)")]
    public void Of_MindSpore_SaysWhatCompressWouldSay(string scheme)
    {
        float[] values = TestWeights.Normal(8000, 3);
        (values[0], values[1]) = (10_000, 9_999.5f);
        Weight weight = TestWeights.Single(new Shape(40, 200), values);

        string? said = new SchemeRefusals(DecodeArithmetic.ScaleType).Of(weight, SchemeText.Parse(scheme));

        Assert.NotNull(said);
        Assert.Equal(said, Thrown(weight, scheme));
    }

    [Fact]
    public void Of_SchemeThatNoTextCanSay_SaysTheRule() => Assert.Equal(
        "group_size: found '-1', expected 1 or more", new SchemeRefusals(DecodeArithmetic.ScaleType).Of(TestWeights.Half(new Shape(2, 2), 1, 2, 3, 4), new PalettizeScheme(4, -1)));

    // One after another by one instance, as a sweep asks: the weight that is kept is the one that is asked for.
    [Fact]
    public void Of_ManyWeights_JudgesEachByItsOwnValues()
    {
        SchemeRefusals refusals = new(DecodeArithmetic.ScaleType);
        Scheme unique = SchemeText.Parse("palettize(mode=unique)"), palette = SchemeText.Parse("palettize(nbits=2)");
        Weight many = TestWeights.Single(new Shape(2, 150), [.. Enumerable.Range(0, 300).Select(i => (float)i)]), few = TestWeights.Single(new Shape(2, 150), new float[300]);
        Weight broken = TestWeights.Single(new Shape(1, 2), 1, float.NaN);

        Assert.Equal("300 distinct values, more than 256", refusals.Of(many, unique));
        Assert.Null(refusals.Of(few, unique));
        Assert.Equal("element 1 is NaN", refusals.Of(broken, palette));
        Assert.Null(refusals.Of(many, palette));
        Assert.Equal("300 distinct values, more than 256", refusals.Of(many, unique));
    }

    private static string? Thrown(Weight weight, string scheme)
    {
        try
        {
            TestWeights.Compress(weight, scheme);
            return null;
        }
        catch (SchemeNotApplicableException refusal)
        {
            return refusal.Reason;
        }
    }
}
