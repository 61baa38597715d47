using SweepCluster.Compression.Quantization;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Tests.Quantization;

// Blocks of 4-bit codes against the definition, one value after the other; with AVX-512 sixteen blocks are done together, which the test script switches off in its other runs.
public class NibbleBlocksTests
{
    public static TheoryData<ElementType, string, int> Cases
    {
        get
        {
            TheoryData<ElementType, string, int> cases = [];
            foreach (int length in new[] { 16, 32, 64, 96, 256, 288 })
            {
                foreach (string code in new[] { "int4", "uint4" })
                {
                    cases.Add(ElementType.Float16, code, length);
                    cases.Add(ElementType.Float32, code, length);
                }
            }

            return cases;
        }
    }

    [Theory, MemberData(nameof(Cases))]
    public void Compress_BlocksOfEveryMagnitude_MatchTheDefinition(ElementType type, string code, int length)
    {
        const int Rows = 7, Blocks = 29; // no multiple of sixteen, in rows and altogether
        Random random = new(length);
        float[] values = TestWeights.Normal(Rows * Blocks * length, length);
        for (int block = 0; block < Rows * Blocks; block++)
        {
            // Most of them plain; now and then one of zeros, of denormal numbers, of the largest ones, or of values on ties between two codes.
            Span<float> own = values.AsSpan(block * length, length);
            int kind = random.Next(20);
            float unit = kind == 1 ? (type == ElementType.Float16 ? 2e-7f : 1e-40f) : kind == 2 ? (type == ElementType.Float16 ? 60000f : 3e38f) : kind == 3 ? 0.125f : 0;
            for (int i = 0; i < length; i++)
            {
                float tie = (random.Next(29) - 14) / 14f;
                own[i] = kind == 0 ? 0 : kind == 3 ? (i == 0 ? 7 : random.Next(-14, 15) * 0.5f) * unit : unit > 0 ? tie * unit : own[i] * (block + 1);
                own[i] = type == ElementType.Float16 ? (float)(Half)own[i] : own[i];
            }
        }

        string text = $"quantize(dtype={code}, granularity=per_block, block_size={length})";
        CodeRange range = CodeRange.Of((QuantizeScheme)SchemeText.Parse(text));
        DeviceArithmetic device = DeviceArithmetic.Of(type, DecodeArithmetic.ScaleType, 4);
        byte[] expected = new byte[values.Length / 2];
        float[] scales = new float[Rows * Blocks];
        BlockScale[] candidates = new BlockScale[BlockScale.MaxCandidates];
        for (int block = 0; block < scales.Length; block++)
        {
            float[] own = values[(block * length)..((block + 1) * length)];
            BlockScale.Fit(own.Min(), own.Max(), range, device, candidates);
            scales[block] = candidates[0].Scale;
            BlockSteps steps = new(scales[block], range.Middle, range);
            for (int i = 0; i < length; i++)
            {
                expected[((block * length) + i) / 2] |= (byte)((steps.Code(own[i]) & 15) << (4 * (i % 2)));
            }
        }

        QuantizedWeight actual = TestWeights.Compress<QuantizedWeight>(TestWeights.Of(type, new Shape(Rows, Blocks * length), values), text);

        Assert.Equal(expected, actual.Codes.Bytes.ToArray());
        Assert.Equal(scales, actual.Scales.ToFloat32());
    }

    // Every float16 number that is finite, in the order of the patterns and therefore with every sign and exponent in every place.
    [Theory, InlineData("int4"), InlineData("uint4")]
    public void Compress_EveryHalf_MatchesTheDefinition(string code)
    {
        float[] values = [.. Enumerable.Range(0, 1 << 16).Select(pattern => (float)BitConverter.UInt16BitsToHalf((ushort)pattern)).Where(float.IsFinite)];
        string text = $"quantize(dtype={code}, granularity=per_block, block_size=32)";
        CodeRange range = CodeRange.Of((QuantizeScheme)SchemeText.Parse(text));

        QuantizedWeight actual = TestWeights.Compress<QuantizedWeight>(TestWeights.Half(new Shape(2, values.Length / 2), values), text);

        float[] scales = actual.Scales.ToFloat32();
        Assert.Equal(
            values.Select((value, i) => (byte)(new BlockSteps(scales[i / 32], range.Middle, range).Code(value) & 15)),
            actual.Codes.Bytes.ToArray().SelectMany(pair => new[] { (byte)(pair & 15), (byte)(pair >> 4) }));
    }

    [Theory]
    [InlineData(float.NaN, 0)]
    [InlineData(float.PositiveInfinity, 100)]
    [InlineData(float.NegativeInfinity, 1023)]
    [InlineData(float.NaN, 1024 * 3)]
    public void Compress_NotFinite_Refuses(float value, int at)
    {
        foreach (ElementType type in new[] { ElementType.Float16, ElementType.Float32 })
        {
            float[] values = TestWeights.Normal(1024 * 4, 5);
            values[at] = value;

            Assert.Throws<SchemeNotApplicableException>(() => TestWeights.Compress(TestWeights.Of(type, new Shape(4, 1024), values), "quantize(dtype=int4, granularity=per_block)"));
        }
    }
}
