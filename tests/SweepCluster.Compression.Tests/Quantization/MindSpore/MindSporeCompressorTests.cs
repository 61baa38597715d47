using SweepCluster.Compression.Quantization.MindSpore;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Tests.Quantization.MindSpore;

public class MindSporeCompressorTests
{
    [Theory]
    [InlineData("conv", 16, 64, "mindspore(quant_weight_channel=16)", "16 output channels, quant_weight_channel is 16")]
    [InlineData("conv_transpose", 16, 64, "mindspore(quant_weight_channel=20)", "16 output channels, quant_weight_channel is 20")]
    [InlineData("conv", 17, 64, "mindspore(quant_weight_channel=16)", null)]
    [InlineData("linear", 4, 64, "mindspore(quant_weight_channel=16)", null)]
    [InlineData("linear", 10, 50, "mindspore(quant_weight_size=500)", "500 elements, quant_weight_size is 500")]
    [InlineData("linear", 10, 50, "mindspore(quant_weight_size=499)", null)]
    [InlineData("gather", 20, 10, "mindspore(bit_num=8)", "10 elements in a channel, a scale for each pays from 11 on at 8 bits")]
    [InlineData("gather", 20, 11, "mindspore(bit_num=8)", null)]
    [InlineData("gather", 20, 16, "mindspore(bit_num=16)", "16 elements in a channel, a scale for each pays from 17 on at 16 bits")]
    [InlineData("add", 20, 64, "mindspore(bit_num=8)", "read by add: the converter quantizes conv, conv_transpose, linear, matmul, gather, lstm")]
    public void Refuses_Thresholds_AsTheConverterLeavesThem(string operation, int output, int input, string scheme, string? reason)
    {
        Weight weight = Of(new Shape(output, input), new float[output * input], operation);

        Assert.Equal(reason, Compressors.Refuses(weight, SchemeText.Parse(scheme)));
    }

    // Worked by hand from the converter's steps. [-1, 2] over 255 steps of 3/255: 0 lies at step 85, so the zero point is -128 + 85, and 0.5 lies at 42.5 - 43, away from zero. All positive or all negative: the range is widened to 0.
    [Theory]
    [InlineData(8, new[] { -1f, 2, 0, 0.5f }, 3 / 255.0, -43, new[] { -128, 127, -43, -1 })]
    [InlineData(8, new[] { 1f, 2.55f, 0.01f, 0.02f }, 0.01, -128, new[] { -28, 127, -127, -126 })]
    [InlineData(8, new[] { -1f, -2.55f, -0.01f, -0.02f }, 0.01, 127, new[] { 27, -128, 126, 125 })]
    [InlineData(4, new[] { -8f, 7, 2.5f, -2.5f }, 1.0, 0, new[] { -8, 7, 3, -3 })]
    [InlineData(1, new[] { -1f, 0, -0.25f, -0.5f }, 1.0, 0, new[] { -1, 0, 0, -1 })]
    [InlineData(16, new[] { -32768f, 32767, 1.5f, 0 }, 1.0, 0, new[] { -32768, 32767, 2, 0 })]
    public void Compress_ValuesWorkedByHand_GivesZeroPointAndCodes(int bits, float[] values, double scale, int zero, int[] codes)
    {
        Weight weight = Of(new Shape(1, 20), [.. values, .. new float[16]], "linear");

        QuantizedWeight compressed = TestWeights.Compress<QuantizedWeight>(weight, $"mindspore(bit_num={bits})");

        Assert.Equal($"int{bits}", compressed.Codes.Type.Name());
        Assert.Equal(scale, compressed.Scales.ToFloat32()[0], 1e-6 * scale);
        Assert.Equal([zero], compressed.ZeroPoints!.ToInt32());
        Assert.Equal(codes, compressed.Codes.ToInt32()[..4]);
        Assert.All(compressed.Codes.ToInt32()[4..], code => Assert.Equal(zero, code));
    }

    [Fact]
    public void Compress_SharedMatrix_HasOneScale()
    {
        Weight shared = new("w", TestWeights.Single(new Shape(4, 20), TestWeights.Normal(80, 1)).Stored, [new("a", "linear", "weight"), new("b", "linear", "weight")], 0, 1);
        Weight alone = Of(new Shape(4, 20), TestWeights.Normal(80, 1), "linear");

        Assert.Equal(new Shape(1, 1), TestWeights.Compress<QuantizedWeight>(shared, "mindspore(bit_num=8)").Scales.Shape);
        Assert.Equal(new Shape(4, 1), TestWeights.Compress<QuantizedWeight>(alone, "mindspore(bit_num=8)").Scales.Shape);
    }

    // The error of a uniform error of one step is the step over the root of 12 and over the deviation: 2 % of a normal weight is a step of 0.0693 deviations.
    [Fact]
    public void Compress_MixedBits_ReachesTheRelativeError()
    {
        Weight weight = Of(new Shape(100, 200), TestWeights.Normal(20_000, 7, deviation: 0.1), "linear");
        QuantizedWeight compressed = TestWeights.Compress<QuantizedWeight>(weight, "mindspore(bit_num=0, init_scale=0.02)");
        float[] source = Decompressor.ToFloat32(weight.Stored), decoded = Decompressor.ToFloat32(compressed);

        Assert.Null(compressed.ZeroPoints);
        Assert.InRange(compressed.Scales.ToFloat32()[0], 0.00693 * 0.98, 0.00693 * 1.02);
        Assert.Equal("int7", compressed.Codes.Type.Name()); // four deviations are 58 steps
        WeightError error = WeightError.Measure(source, decoded);
        Assert.InRange(Math.Sqrt(error.SquaredError / error.SquaredNorm), 0.02 * 0.98, 0.02 * 1.02);
    }

    [Fact]
    public void Compress_MixedBitsOfAConstant_HasItsScale()
    {
        Weight weight = Of(new Shape(4, 20), [.. Enumerable.Repeat(0.5f, 80)], "linear");

        QuantizedWeight compressed = TestWeights.Compress<QuantizedWeight>(weight, "mindspore(bit_num=0)");

        Assert.Equal([0.50001f], compressed.Scales.ToFloat32());
        Assert.All(compressed.Codes.ToInt32(), code => Assert.Equal(1, code));
    }

    [Fact]
    public void Compress_MixedBitsTooFine_SaysHowManyBits()
    {
        float[] values = TestWeights.Normal(8000, 3);
        values[0] = 10_000; // norm and range are its own: codes of the others stay 0 unless the step is tiny
        values[1] = 9_999.5f;

        SchemeNotApplicableException error = Assert.Throws<SchemeNotApplicableException>(
            () => TestWeights.Compress(Of(new Shape(40, 200), values, "linear"), "mindspore(bit_num=0, init_scale=0.000001)"));
        Assert.Matches("^codes take [0-9]+ bits at the scale .* that init_scale 1E-06 leads to, 16 is the most$", error.Reason);
    }

    [Fact]
    public void Compress_ErrorAboveTheThreshold_IsLeftAloneWithTheFigure()
    {
        Weight weight = Of(new Shape(4, 20), [.. Enumerable.Range(1, 80).Select(i => i / 8f)], "linear");
        double error = RelativeError.Mean(Decompressor.ToFloat32(weight.Stored), Decompressor.ToFloat32(TestWeights.Compress(weight, "mindspore(bit_num=4)")));

        Assert.Equal(
            FormattableString.Invariant($"mean relative error {error:0.####} is above accuracy_threshold 0.0001"),
            Assert.Throws<SchemeNotApplicableException>(() => TestWeights.Compress(weight, "mindspore(bit_num=4, accuracy_threshold=0.0001)")).Reason);
        Assert.NotNull(TestWeights.Compress(weight, "mindspore(bit_num=4, accuracy_threshold=0.5)"));
    }

    // Differences of 10 % and 50 %; of an exact value, which does not count; of zero, where the difference itself counts and a small one does not.
    [Theory]
    [InlineData(new[] { 1f, 2f, 4f }, new[] { 1.1f, 3f, 4f }, 0.3)]
    [InlineData(new[] { 0f, 0f, 4f }, new[] { 0.25f, 5e-6f, 4f }, 0.25)]
    [InlineData(new[] { 1f }, new[] { 1f }, 0)]
    public void Mean_ValuesWorkedByHand_GivesTheMean(float[] source, float[] decoded, double expected) => Assert.Equal(expected, RelativeError.Mean(source, decoded), 1e-6);

    [Theory, InlineData("mindspore(bit_num=8)"), InlineData("mindspore(bit_num=0)"), InlineData("mindspore(bit_num=1)"), InlineData("mindspore(bit_num=16)")]
    public void Compress_ZerosAndDenormals_DecodeToFiniteValues(string scheme)
    {
        foreach (float value in new[] { 0, float.Epsilon, 1e-12f })
        {
            Weight weight = Of(new Shape(2, 20), [.. Enumerable.Range(0, 40).Select(i => i % 2 * value)], "linear");

            Assert.All(Decompressor.ToFloat32(TestWeights.Compress(weight, scheme)), decoded => Assert.InRange(decoded, -2e-10f, 2e-10f));
        }
    }

    private static Weight Of(Shape shape, float[] values, string operation) => new("w", TestWeights.Single(shape, values).Stored, [new("y", operation, "weight")], 0, 1);
}
