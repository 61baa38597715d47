using FsCheck;
using FsCheck.Fluent;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Tests.Quantization;

public class QuantizationCompressorTests
{
    // Worked by hand. Symmetric: scale = max|w| / 127 or / 7. Linear: scale = (max - min) / 255 or / 15.
    [Theory]
    [InlineData("int8", "linear_symmetric", new[] { -127f, 0, 63.5f, 2.5f }, 1f, 0, new[] { -127, 0, 64, 2 })]
    [InlineData("uint8", "linear_symmetric", new[] { -127f, 0, 63.5f, 2.5f }, 1f, 127, new[] { 0, 127, 191, 129 })]
    [InlineData("int4", "linear_symmetric", new[] { -3.5f, 0, 1, 3.25f }, 0.5f, 0, new[] { -7, 0, 2, 6 })]
    [InlineData("uint4", "linear_symmetric", new[] { -3.5f, 0, 1, 3.25f }, 0.5f, 7, new[] { 0, 7, 9, 13 })]
    [InlineData("int8", "linear", new[] { -55f, 0, 1.5f, 200 }, 1f, -73, new[] { -128, -73, -71, 127 })]
    [InlineData("uint8", "linear", new[] { -55f, 0, 1.5f, 200 }, 1f, 55, new[] { 0, 55, 57, 255 })]
    [InlineData("int4", "linear", new[] { -2.5f, 0, 1, 5 }, 0.5f, -3, new[] { -8, -3, -1, 7 })]
    [InlineData("uint4", "linear", new[] { -2.5f, 0, 1, 5 }, 0.5f, 5, new[] { 0, 5, 7, 15 })]
    [InlineData("uint8", "linear", new[] { 10f, 20, 30, 255 }, 1f, 0, new[] { 10, 20, 30, 255 })]
    [InlineData("int8", "linear", new[] { -10f, -20, -30, -255 }, 1f, 127, new[] { 117, 107, 97, -128 })]
    public void Compress_ValuesWorkedByHand_GivesScaleZeroAndCodes(string type, string mode, float[] values, float scale, int zero, int[] codes)
    {
        foreach (ElementType weightType in new[] { ElementType.Float16, ElementType.Float32 })
        {
            Weight weight = TestWeights.Of(weightType, new Shape(2, 2), values);

            QuantizedWeight compressed = TestWeights.Compress<QuantizedWeight>(weight, $"quantize(mode={mode}, dtype={type}, granularity=per_tensor)");

            Assert.Equal(type, compressed.Codes.Type.Name());
            Assert.Equal([scale], compressed.Scales.ToFloat32());
            Assert.Equal(new Shape(1, 1), compressed.Scales.Shape);
            Assert.Equal(zero, compressed.ZeroPoints?.ToInt32()[0] ?? 0);
            Assert.Equal(mode == "linear" || type[0] == 'u', compressed.ZeroPoints is not null);
            Assert.Equal(codes, compressed.Codes.ToInt32());
        }
    }

    [Theory]
    [InlineData(0, 1, "per_channel", 0, new[] { 3, 1, 1 }, new[] { 4f, 8, 12 })]
    [InlineData(1, 0, "per_channel", 0, new[] { 1, 4, 1 }, new[] { 9f, 10, 11, 12 })]
    [InlineData(2, 0, "per_channel", 0, new[] { 1, 1, 2 }, new[] { 12f, 12 })]
    [InlineData(0, 1, "per_block", 2, new[] { 3, 2, 1 }, new[] { 2f, 4, 6, 8, 10, 12 })]
    [InlineData(1, 0, "per_block", 3, new[] { 1, 4, 1 }, new[] { 9f, 10, 11, 12 })]
    [InlineData(2, 1, "per_block", 4, new[] { 1, 1, 2 }, new[] { 12f, 12 })]
    [InlineData(2, 1, "per_block", 1, new[] { 1, 4, 2 }, new[] { 9f, 9, 10, 10, 11, 11, 12, 12 })]
    public void Compress_ChannelsAndBlocksOfAnyAxis_ScaleByTheirOwnLargestValue(int output, int input, string granularity, int block, int[] shape, float[] largest)
    {
        // Element [i, j, k] is 7 * (4 i + j + 1), negated for k = 1: with int4 the scale is the largest magnitude over 7.
        float[] values = [.. Enumerable.Range(0, 24).Select(i => 7f * ((i / 2) + 1) * (i % 2 == 0 ? 1 : -1))];
        Weight weight = TestWeights.Of(ElementType.Float32, new Shape(3, 4, 2), values, output, input);
        string size = block == 0 ? "" : $", block_size={block}";

        QuantizedWeight compressed = TestWeights.Compress<QuantizedWeight>(weight, $"quantize(dtype=int4, granularity={granularity}{size})");

        Assert.Equal(new Shape(shape), compressed.Scales.Shape);
        Assert.Equal(largest, compressed.Scales.ToFloat32());
    }

    [Theory, InlineData("int8", "linear_symmetric", 0), InlineData("uint8", "linear_symmetric", 127), InlineData("int4", "linear", 0), InlineData("uint4", "linear", 0)]
    public void Compress_AllZero_HasScaleOneAndCodesAtZero(string type, string mode, int zero)
    {
        QuantizedWeight compressed = TestWeights.Compress<QuantizedWeight>(
            TestWeights.Half(new Shape(1, 3), 0, -0f, 0), $"quantize(mode={mode}, dtype={type}, granularity=per_tensor)");

        Assert.Equal([1f], compressed.Scales.ToFloat32());
        Assert.All(compressed.Codes.ToInt32(), code => Assert.Equal(zero, code));
        Assert.Equal([0f, 0, 0], Decompressor.ToFloat32(compressed));
    }

    // 2^-24 is float16's smallest number; a scale of 2^-24 / 127 would round to 0.
    [Theory, InlineData("linear_symmetric"), InlineData("linear")]
    public void Compress_ScaleBelowFloat16_IsTheSmallestNumberAndExact(string mode)
    {
        float tiny = MathF.Pow(2, -24);
        Weight weight = TestWeights.Half(new Shape(1, 4), tiny, -tiny, 5 * tiny, 0);

        QuantizedWeight compressed = TestWeights.Compress<QuantizedWeight>(weight, $"quantize(mode={mode}, dtype=int8)");

        Assert.Equal([tiny], compressed.Scales.ToFloat32());
        Assert.Equal([tiny, -tiny, 5 * tiny, 0], Decompressor.ToFloat32(compressed));
    }

    // 65504 / 127 rounds up to 516, and 127 * 516 is infinite in float16. The scale shrinks by at most one step in fifteen.
    [Theory, InlineData("int8", "linear_symmetric"), InlineData("uint8", "linear"), InlineData("int4", "linear_symmetric"), InlineData("uint4", "linear")]
    public void Compress_LargestNumbers_DecodeToFiniteValues(string type, string mode)
    {
        foreach ((ElementType weightType, float largest) in new[] { (ElementType.Float16, 65504f), (ElementType.Float32, float.MaxValue) })
        {
            Weight weight = TestWeights.Of(weightType, new Shape(2, 2), [largest, -largest, largest / 2, 0]);

            float[] values = Decompressor.ToFloat32(TestWeights.Compress(weight, $"quantize(mode={mode}, dtype={type}, granularity=per_tensor)"));

            Assert.All(values, value => Assert.True(float.IsFinite(value)));
            Assert.InRange(values[0], largest * (13f / 15), largest);
            Assert.InRange(values[1], -largest, -largest * (13f / 15));
        }
    }

    [Fact]
    public void Compress_AnyValues_StaysWithinHalfAStepAndIsIdempotent()
    {
        Gen<float[]> values = Gen.ArrayOf(Gen.Choose(-100_000, 100_000).Select(i => i / 8192f), 48);
        Gen<(float[], string, ElementType)> inputs =
            from value in values
            from type in Gen.Elements("int8", "uint8", "int4", "uint4")
            from granularity in Gen.Elements("per_tensor", "per_channel", "per_block, block_size=4")
            from weightType in Gen.Elements(ElementType.Float16, ElementType.Float32)
            select (value, $"quantize(dtype={type}, granularity={granularity})", weightType);

        Prop.ForAll(inputs.ToArbitrary(), input =>
        {
            (float[] given, string scheme, ElementType type) = input;
            Weight weight = TestWeights.Of(type, new Shape(4, 12), given);
            QuantizedWeight compressed = TestWeights.Compress<QuantizedWeight>(weight, scheme);
            float[] source = Decompressor.ToFloat32(weight.Stored), decoded = Decompressor.ToFloat32(compressed);

            // Half a step, and what rounding the scale and the product to the weight's type can add at the outermost code.
            float unit = type == ElementType.Float16 ? 1f / 1024 : 1f / (1 << 22);
            double slack = compressed.Scales.ToFloat32().Max() * 0.5 * (1 + 1e-6) + (source.Max(Math.Abs) * unit);
            Assert.All(Enumerable.Range(0, source.Length), i => Assert.InRange(decoded[i], source[i] - slack, source[i] + slack));
            if (type == ElementType.Float32)
            {
                Assert.Equal(compressed.Codes.Bytes.ToArray(), TestWeights.Compress<QuantizedWeight>(TestWeights.Of(type, new Shape(4, 12), decoded), scheme).Codes.Bytes.ToArray());
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(20261120, 13));
    }

    [Fact]
    public void Refuses_BlockDoesNotDivide_SaysWhich() => Assert.Equal(
        "27 input channels are not divisible by block size 32",
        Compressors.Refuses(TestWeights.Half(new Shape(2, 27), new float[54]), SchemeText.Parse("quantize(granularity=per_block)")));
}
