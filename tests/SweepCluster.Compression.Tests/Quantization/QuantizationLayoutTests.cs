using FsCheck;
using FsCheck.Fluent;
using SweepCluster.Compression.Quantization;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Tests.Quantization;

// Whole weights, in every layout that has a way of its own through the code, against the rule applied block by block.
public class QuantizationLayoutTests
{
    // Shape, output and input axis, and how it is cut.
    public static TheoryData<int[], int, int, string> Layouts => new()
    {
        { [8, 64], 0, 1, "granularity=per_channel" },
        { [8, 64], 0, 1, "granularity=per_block, block_size=32" },
        { [5, 21], 0, 1, "granularity=per_block, block_size=7" },
        { [3, 3], 0, 1, "granularity=per_block, block_size=1" },
        { [48, 40], 1, 0, "granularity=per_channel" },
        { [48, 40], 1, 0, "granularity=per_block, block_size=16" },
        { [6, 19], 1, 0, "granularity=per_channel" },
        { [2, 6, 19], 2, 1, "granularity=per_block, block_size=3" },
        { [4, 33, 1, 1], 1, 0, "granularity=per_channel" },
        { [6, 4, 3, 3], 1, 0, "granularity=per_channel" },
        { [6, 4, 3, 3], 1, 0, "granularity=per_block, block_size=2" },
        { [6, 4, 3, 3], 0, 1, "granularity=per_block, block_size=2" },
        { [8, 12], 0, 1, "granularity=per_block, block_size=4x6" },
        { [8, 12, 5], 0, 1, "granularity=per_block, block_size=0x6x1" },
        { [8, 12, 5], 0, 1, "granularity=per_block, block_size=2x0x5" },
        { [600, 600], 0, 1, "granularity=per_tensor" },
        { [700, 31], 0, 1, "granularity=per_channel" },
    };

    [Theory, MemberData(nameof(Layouts))]
    public void Compress_AnyLayout_IsTheRuleBlockByBlockOnAnyNumberOfThreads(int[] shape, int output, int input, string cut)
    {
        Shape extents = new(shape);
        float[] values = TestWeights.Normal((int)extents.ElementCount, 17);
        foreach (string codes in new[] { "linear_symmetric, dtype=int8", "linear_symmetric, dtype=uint4", "linear, dtype=uint8", "linear, dtype=int3", "linear_symmetric, dtype=int12", "linear, dtype=int16" })
        {
            foreach (ElementType type in new[] { ElementType.Float16, ElementType.Float32 })
            {
                Weight weight = TestWeights.Of(type, extents, values, output, input);
                QuantizeScheme scheme = (QuantizeScheme)SchemeText.Parse($"quantize(mode={codes}, {cut})");
                (float[] scales, int[] zeros, int[] expected) = Naive(weight, scheme);
                foreach (int threads in new[] { 1, 3 })
                {
                    QuantizedWeight compressed = Compress(weight, scheme, threads);

                    Assert.Equal(scales, compressed.Scales.ToFloat32());
                    Assert.Equal(zeros, compressed.ZeroPoints?.ToInt32() ?? new int[scales.Length]);
                    Assert.Equal(expected, compressed.Codes.ToInt32());
                }
            }
        }
    }

    [Theory, MemberData(nameof(Layouts))]
    public void Compress_ClippedOnAnyNumberOfThreads_IsTheSameAndNeverWorse(int[] shape, int output, int input, string cut)
    {
        Shape extents = new(shape);
        if (extents.ElementCount > 10_000)
        {
            extents = new Shape([.. shape.Select(extent => Math.Min(extent, 77))]);
        }

        float[] values = TestWeights.Normal((int)extents.ElementCount, 18);
        float[] importances = [.. Enumerable.Range(0, values.Length).Select(i => i % 5 / 2f)];
        foreach (string codes in new[] { "linear_symmetric, dtype=int4", "linear, dtype=uint4" })
        {
            Weight weight = TestWeights.Of(ElementType.Float16, extents, values, output, input);
            Scheme plain = SchemeText.Parse($"quantize(mode={codes}, {cut})"), clipped = SchemeText.Parse($"quantize(mode={codes}, {cut}, clip=mse)");
            foreach (float[] weights in new[] { [], importances })
            {
                QuantizedWeight one = Compress(weight, clipped, 1, weights), three = Compress(weight, clipped, 3, weights), unclipped = Compress(weight, plain, 1);

                Assert.Equal(one.Codes.Bytes.ToArray(), three.Codes.Bytes.ToArray());
                Assert.Equal(one.Scales.Bytes.ToArray(), three.Scales.Bytes.ToArray());
                Assert.InRange(Error(weight, one, weights), 0, Error(weight, unclipped, weights));
            }
        }
    }

    // Any values that are finite: every value within half a step of its code's (or at an end of the range), on each device.
    [Fact]
    public void Compress_AnyValuesAndWidth_DecodesWithinTheBound()
    {
        Gen<(float[], int, bool, bool, ElementType, DecodeArithmetic)> inputs =
            from values in Gen.ArrayOf(Gen.Choose(-100_000, 100_000).Select(i => i / 8192f), 48)
            from bits in Gen.Choose(1, 16)
            from isSigned in Gen.Elements(true, false)
            from symmetric in Gen.Elements(true, false)
            from type in Gen.Elements(ElementType.Float16, ElementType.Float32)
            from arithmetic in Gen.Elements(DecodeArithmetic.Float32, DecodeArithmetic.ScaleType)
            select (values, bits, isSigned, symmetric && bits > 1, type, arithmetic);

        Prop.ForAll(inputs.ToArbitrary(), input =>
        {
            (float[] given, int bits, bool isSigned, bool symmetric, ElementType type, DecodeArithmetic arithmetic) = input;
            Weight weight = TestWeights.Of(type, new Shape(4, 12), given);
            QuantizeScheme scheme = new(ElementTypes.IntegerOf(isSigned, bits), symmetric, QuantizeGranularity.PerChannel, 0);
            QuantizedWeight compressed = (QuantizedWeight)Compressors.Compress(new PreparedWeight(weight), scheme, new CompressOptions(arithmetic), CancellationToken.None);
            float[] source = Decompressor.ToFloat32(weight.Stored), decoded = Decompressor.ToFloat32(compressed), scales = compressed.Scales.ToFloat32();

            for (int i = 0; i < source.Length; i++)
            {
                // Half a step, and half a step more that rounding the zero point may cut off an end; the scale's rounding, over every step to the outermost code; the product's rounding; and
                // for codes of more than 11 bits in float16 the rounding of code, zero point and difference, which lie within the range of the block.
                float range = Enumerable.Range(i / 12 * 12, 12).Max(j => Math.Abs(source[j])), unit = type == ElementType.Float16 ? 1f / 1024 : 1f / (1 << 22);
                int roundings = bits > 11 && type == ElementType.Float16 && arithmetic == DecodeArithmetic.ScaleType ? 8 : 2;
                double slack = (scales[i / 12] * (symmetric ? 0.51 : 1.01)) + (range * unit * roundings);
                Assert.InRange(decoded[i], source[i] - slack, source[i] + slack);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000).WithReplay(20261120, 17));
    }

    // Codes of decoded values are the codes again: with float32 scales the symmetric rule finds the same scale from the outermost value, and a decoded value lies at its code. Not so for
    // float16, where the outermost value is rounded and may lead to the neighbouring scale; nor for linear codes whose zero point was rounded, nor for clipped ranges, which are searched anew.
    [Theory, InlineData("int2"), InlineData("uint3"), InlineData("int8"), InlineData("uint8"), InlineData("int12")]
    public void Compress_DecodedValues_GiveTheSameCodes(string type)
    {
        Weight weight = TestWeights.Single(new Shape(16, 40), TestWeights.Normal(640, 5));
        QuantizedWeight once = TestWeights.Compress<QuantizedWeight>(weight, $"quantize(dtype={type})");

        QuantizedWeight twice = TestWeights.Compress<QuantizedWeight>(TestWeights.Single(new Shape(16, 40), Decompressor.ToFloat32(once)), $"quantize(dtype={type})");

        Assert.Equal(once.Codes.Bytes.ToArray(), twice.Codes.Bytes.ToArray());
    }

    [Theory]
    [InlineData("quantize(dtype=int8)", 7), InlineData("quantize(dtype=int8)", 4095), InlineData("quantize(dtype=int4, granularity=per_block)", 100), InlineData("quantize(mode=linear, dtype=uint8)", 33)]
    [InlineData("quantize(dtype=int12, granularity=per_tensor)", 64), InlineData("quantize(mode=linear, dtype=uint4, clip=mse)", 64), InlineData("quantize(dtype=int8, compat=coremltools)", 12), InlineData("mindspore(bit_num=8)", 12)]
    public void Compress_NotFiniteAnywhere_NamesThePlace(string scheme, int at)
    {
        foreach (ElementType type in new[] { ElementType.Float16, ElementType.Float32 })
        {
            foreach ((int output, int input) in new[] { (0, 1), (1, 0) })
            {
                float[] values = TestWeights.Normal(4096, 1);
                values[at] = float.NaN;
                values[^1] = at == 4095 ? float.NaN : float.PositiveInfinity;
                Weight weight = TestWeights.Of(type, new Shape(64, 64), values, output, input);

                Assert.Equal($"element {at} is NaN", Assert.Throws<SchemeNotApplicableException>(() => TestWeights.Compress(weight, scheme)).Reason);
            }
        }
    }

    [Theory, InlineData(ElementType.Float16), InlineData(ElementType.Float32)]
    public void Compress_ZerosOneElementAndDenormals_HaveDefinedResults(ElementType type)
    {
        float tiny = type == ElementType.Float16 ? MathF.Pow(2, -24) : float.Epsilon;
        foreach (string scheme in new[] { "dtype=int8", "dtype=uint4", "mode=linear, dtype=uint8", "mode=linear, dtype=int1", "dtype=int16", "dtype=int8, clip=mse", "mode=linear, dtype=uint4, clip=mse" })
        {
            float[] zeros = Decompressor.ToFloat32(TestWeights.Compress(TestWeights.Of(type, new Shape(2, 40), new float[80]), $"quantize({scheme})"));
            Assert.All(zeros, value => Assert.Equal(0, value));

            float one = Decompressor.ToFloat32(TestWeights.Compress(TestWeights.Of(type, new Shape(1, 1), [-0.75f]), $"quantize({scheme})"))[0];
            Assert.InRange(one, -0.76f, -0.74f);

            float[] denormals = [.. Enumerable.Range(-20, 41).Select(i => i * tiny)];
            float[] decoded = Decompressor.ToFloat32(TestWeights.Compress(TestWeights.Of(type, new Shape(1, 41), denormals), $"quantize({scheme})"));
            int steps = scheme.Contains("int1", StringComparison.Ordinal) && !scheme.Contains("int16", StringComparison.Ordinal) ? 1 : scheme.Contains("uint4", StringComparison.Ordinal) ? 14 : 200;
            Assert.All(Enumerable.Range(0, 41), i => Assert.InRange(decoded[i], denormals[i] - (tiny * (1 + (40f / steps))), denormals[i] + (tiny * (1 + (40f / steps)))));
        }
    }

    [Theory]
    [InlineData("quantize(dtype=int4, granularity=per_block, block_size=5)", "12 input channels are not divisible by block size 5")]
    [InlineData("quantize(dtype=int4, granularity=per_block, block_size=4x5)", "extent 12 of axis 1 is not divisible by block extent 5")]
    [InlineData("quantize(dtype=int4, granularity=per_block, block_size=4x0x0)", "block size 4x0x0 has 3 extents, the weight [8, 12] has 2 axes")]
    [InlineData("quantize(dtype=int6, compat=coremltools)", "coremltools quantizes to 4 and 8 bits, not to int6")]
    public void Refuses_WhatCannotBe_SaysWhich(string scheme, string reason) =>
        Assert.Equal(reason, Compressors.Refuses(TestWeights.Half(new Shape(8, 12), new float[96]), SchemeText.Parse(scheme)));

    [Fact]
    public void Refuses_CodesThatAreNone_SaysSo()
    {
        Weight weight = TestWeights.Half(new Shape(8, 12), new float[96]);

        Assert.Equal("symmetric codes need 2 bits or more", Compressors.Refuses(weight, new QuantizeScheme(ElementType.Int1, true, QuantizeGranularity.PerTensor, 0)));
        Assert.Equal("codes of int32 are no integers of 1 to 16 bits", Compressors.Refuses(weight, new QuantizeScheme(ElementType.Int32, true, QuantizeGranularity.PerTensor, 0)));
    }

    // NumPy's 0/0: scale and codes 0, which decode to 0. Its infinite scale decodes to NaN, so that weight is refused.
    [Theory, InlineData("linear_symmetric", "int8"), InlineData("linear_symmetric", "uint4"), InlineData("linear", "uint8"), InlineData("linear", "int4")]
    public void Compress_ProfileOfCoreMlTools_DefinesZerosAndOverflow(string mode, string type)
    {
        string scheme = $"quantize(mode={mode}, dtype={type}, granularity=per_tensor, compat=coremltools)";
        QuantizedWeight zeros = TestWeights.Compress<QuantizedWeight>(TestWeights.Half(new Shape(2, 20), new float[40]), scheme);

        Assert.Equal([0f], zeros.Scales.ToFloat32());
        Assert.All(zeros.Codes.ToInt32(), code => Assert.Equal(0, code));
        Assert.All(Decompressor.ToFloat32(zeros), value => Assert.Equal(0, value));
        Assert.StartsWith(
            "block 0 spans more than float16 holds",
            Assert.Throws<SchemeNotApplicableException>(() => TestWeights.Compress(TestWeights.Half(new Shape(1, 2), 60000, -60000), scheme)).Reason,
            StringComparison.Ordinal);
    }

    // The scale 65504 / 255 is rounded up to 257, and 255 times that is past float16.
    [Theory, InlineData(DecodeArithmetic.ScaleType), InlineData(DecodeArithmetic.Float32)]
    public void Compress_ProfileOfCoreMlTools_RefusesACodeThatDecodesToInfinity(DecodeArithmetic arithmetic)
    {
        const string scheme = "quantize(mode=linear, dtype=uint8, granularity=per_channel, compat=coremltools)";
        Weight past = TestWeights.Half(new Shape(2, 2), 1, 2, 0, 65504), within = TestWeights.Half(new Shape(2, 2), 1, 2, 0, 65280);

        Assert.Equal(
            "element 3 would decode to infinity: code 255 in block 1 of scale 257, which coremltools rounds in float16",
            Assert.Throws<SchemeNotApplicableException>(() => TestWeights.Compress(past, scheme, arithmetic)).Reason);
        Assert.Equal(65280, Decompressor.ToFloat32(TestWeights.Compress(within, scheme, arithmetic))[3]);
        Assert.All(Decompressor.ToFloat32(TestWeights.Compress(past, scheme.Replace(", compat=coremltools", "", StringComparison.Ordinal), arithmetic)), value => Assert.True(float.IsFinite(value)));
    }

    private static QuantizedWeight Compress(Weight weight, Scheme scheme, int threads, float[]? importances = null) => Assert.IsType<QuantizedWeight>(Compressors.Compress(
        new PreparedWeight(weight, importances ?? []), scheme, new CompressOptions(DecodeArithmetic.ScaleType, threads), CancellationToken.None));

    private static double Error(Weight weight, QuantizedWeight compressed, float[] importances)
    {
        float[] source = Decompressor.ToFloat32(weight.Stored), decoded = Decompressor.ToFloat32(compressed);
        return Enumerable.Range(0, source.Length).Sum(i => Math.Pow((double)source[i] - decoded[i], 2) * (importances.Length == 0 ? 1 : importances[i]));
    }

    // Each block's elements one by one; of two candidates the one of the smaller squared error.
    private static (float[] Scales, int[] Zeros, int[] Codes) Naive(Weight weight, QuantizeScheme scheme)
    {
        float[] values = Decompressor.ToFloat32(weight.Stored);
        CodeRange range = CodeRange.Of(scheme).Within(weight.Type, DecodeArithmetic.ScaleType);
        DeviceArithmetic device = DeviceArithmetic.Of(weight.Type, DecodeArithmetic.ScaleType, scheme.CodeType.BitWidth());
        BlockRuns runs = new(weight.Shape, QuantizeBlocks.Counts(weight, scheme));
        List<int>[] members = [.. Enumerable.Range(0, runs.BlockCount).Select(_ => new List<int>())];
        foreach ((int start, int block) in runs)
        {
            members[block].AddRange(Enumerable.Range(start, runs.RunLength));
        }

        float[] scales = new float[runs.BlockCount];
        int[] zeros = new int[runs.BlockCount], codes = new int[values.Length];
        BlockScale[] candidates = new BlockScale[BlockScale.MaxCandidates];
        for (int block = 0; block < runs.BlockCount; block++)
        {
            float[] own = [.. members[block].Select(i => values[i])];
            int count = BlockScale.Fit(own.Min(), own.Max(), range, device, candidates);
            BlockScale best = candidates[0];
            if (count == 2 && BlockErrors.OfCodes<StoredSingles, float>(own, candidates[1], range) < BlockErrors.OfCodes<StoredSingles, float>(own, candidates[0], range))
            {
                best = candidates[1];
            }

            (scales[block], zeros[block]) = (best.Scale, best.Zero);
            BlockSteps steps = new(best.Scale, best.Zero, range);
            foreach (int i in members[block])
            {
                codes[i] = steps.Code(values[i]);
            }
        }

        return (scales, zeros, codes);
    }
}
