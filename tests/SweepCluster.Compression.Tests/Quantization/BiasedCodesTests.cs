using SweepCluster.Compression.Quantization;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Tests.Quantization;

public class BiasedCodesTests
{
    public static TheoryData<string> Schemes =>
    [
        .. Enumerable.Range(2, 7).SelectMany(bits => new[]
        {
            $"quantize(dtype=int{bits})", $"quantize(dtype=uint{bits}, granularity=per_tensor)", $"quantize(mode=linear, dtype=int{bits}, granularity=per_tensor)", $"quantize(mode=linear, dtype=uint{bits})",
        }),
        "quantize(mode=linear, dtype=uint1)", "quantize(dtype=int4, clip=mse)", "quantize(dtype=int8, compat=coremltools)", "mindspore(bit_num=5, quant_weight_size=0, quant_weight_channel=0)",
    ];

    // Worked by hand: -127 becomes code 1 of 255, and the bias is what code 128 stands for.
    [Fact]
    public void Compress_ValuesWorkedByHand_GivesUnsignedCodesAndBias()
    {
        Weight weight = TestWeights.Single(new Shape(2, 2), -127f, 0, 63.5f, 2.5f);

        QuantizedWeight biased = Biased(weight, "quantize(dtype=int8, granularity=per_tensor)");

        Assert.Equal(ElementType.UInt8, biased.Codes.Type);
        Assert.Equal([1, 128, 192, 130], biased.Codes.ToInt32());
        Assert.Equal([1f], biased.Scales.ToFloat32());
        Assert.Equal([-128f], biased.Biases!.ToFloat32());
        Assert.Null(biased.ZeroPoints);
        Assert.Equal([-127f, 0, 64, 2], Decompressor.ToFloat32(biased));
    }

    [Theory, MemberData(nameof(Schemes))]
    public void Compress_ForDevicesWithABias_MovesTheCodesOfTheOthers(string scheme)
    {
        Weight weight = TestWeights.Single(new Shape(5, 13), TestWeights.Normal(65, 7));
        QuantizedWeight plain = TestWeights.Compress<QuantizedWeight>(weight, scheme);

        QuantizedWeight biased = Biased(weight, scheme);

        int middle = plain.Codes.Type.IsSigned() ? 1 << (plain.Codes.Type.BitWidth() - 1) : 0;
        Assert.False(biased.Codes.Type.IsSigned());
        Assert.Equal(plain.Codes.Type.BitWidth(), biased.Codes.Type.BitWidth());
        Assert.Equal(plain.Codes.ToInt32().Select(code => code + middle), biased.Codes.ToInt32());
        Assert.Equal(plain.Scales.ToFloat32(), biased.Scales.ToFloat32());
        Assert.Equal(0, biased.Codes.Bytes.Span[^1] >> (int)(((65L * biased.Codes.Type.BitWidth()) - 1) % 8 + 1)); // what fills the last byte up
        float[] values = Decompressor.ToFloat32(biased), others = Decompressor.ToFloat32(plain);
        float[] scales = biased.Scales.ToFloat32(), biases = biased.Biases?.ToFloat32() ?? new float[scales.Length];
        int[] codes = biased.Codes.ToInt32();
        for (int i = 0; i < values.Length; i++)
        {
            int block = scales.Length == 1 ? 0 : i / 13;
            float product = codes[i] * scales[block];
            Assert.Equal(product + biases[block], values[i]);
            Assert.InRange(values[i] - others[i], -2e-6f, 2e-6f);
            Assert.True(others[i] != 0 || values[i] == 0, "zero stays zero");
        }
    }

    [Fact]
    public void Of_RangeBeyondFloat32_IsNone()
    {
        TensorData codes = TensorData.FromCodes(ElementType.Int8, new Shape(1, 2), [-127, 127]), scales = TensorData.FromFloat32(new Shape(1, 1), [2.6e36f]);

        Assert.Null(BiasedCodes.Of(new QuantizedWeight(codes, scales, null, DecodeArithmetic.ScaleType)));
        SchemeNotApplicableException refused = Assert.Throws<SchemeNotApplicableException>(
            () => Biased(TestWeights.Single(new Shape(1, 2), -3.3e38f, 3.3e38f), "quantize(dtype=int8)"));
        Assert.Equal("its largest code times a scale, or a bias, is beyond float32", refused.Reason);
    }

    [Theory]
    [InlineData(17, 5)]
    [InlineData(32, 5)]
    [InlineData(33, 6)]
    [InlineData(65, 7)]
    [InlineData(129, 8)]
    public void Compress_UniqueForNetworks_TakesTheFewestBits(int distinct, int bits)
    {
        Weight weight = TestWeights.Single(new Shape(2, 130), [.. Enumerable.Range(0, 260).Select(i => (float)(i % distinct))]);

        PalettizedWeight palette = Assert.IsType<PalettizedWeight>(TestWeights.Compress(weight, "palettize(mode=unique)", DecodeArithmetic.ScaleAndBias));

        Assert.Equal(bits, palette.Bits);
        Assert.Equal(Decompressor.ToFloat32(weight.Stored), Decompressor.ToFloat32(palette));
    }

    private static QuantizedWeight Biased(Weight weight, string scheme) => Assert.IsType<QuantizedWeight>(TestWeights.Compress(weight, scheme, DecodeArithmetic.ScaleAndBias));
}
