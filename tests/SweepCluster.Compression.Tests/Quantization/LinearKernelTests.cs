using SweepCluster.Compression.Quantization;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Tests.Quantization;

// Every vector path against the scalar definition; the test script runs these again on narrower instruction sets.
public class LinearKernelTests
{
    private static readonly float[] s_scales = [0.25f, 0.0371f, 1f, 6e-8f, 40f, 1e-39f, 3e38f, 1.1754944e-38f, 8.507059e37f, 1e30f];

    public static TheoryData<int> EdgeLengths => [0, 1, 2, 15, 16, 17, 31, 32, 33, 47, 48, 49, 63, 64, 65, 127, 128, 129, 1000];

    public static TheoryData<ElementType, bool> Ranges
    {
        get
        {
            TheoryData<ElementType, bool> ranges = [];
            foreach (int bits in new[] { 1, 2, 4, 8, 9, 12, 16 })
            {
                foreach (bool isSigned in new[] { true, false })
                {
                    ranges.Add(ElementTypes.IntegerOf(isSigned, bits), false);
                    if (bits > 1)
                    {
                        ranges.Add(ElementTypes.IntegerOf(isSigned, bits), true);
                    }
                }
            }

            return ranges;
        }
    }

    [Theory, MemberData(nameof(EdgeLengths))]
    public void Encode_WeightsOnAndBesideTies_MatchesTheDefinition(int length)
    {
        foreach (float scale in s_scales)
        {
            float[] weights = Ties(length, scale);
            ushort[] halves = Array.ConvertAll(Ties(length, 0.25f), value => BitConverter.HalfToUInt16Bits((Half)Math.Clamp(value, -65504, 65504)));
            foreach ((CodeRange range, int zero) in new[] { (new CodeRange(-128, 127, false), -3), (new CodeRange(0, 255, false), 255), (new CodeRange(-127, 127, true), 0), (new CodeRange(0, 14, true), 7) })
            {
                BlockSteps steps = new(scale, zero, range);
                byte[] expected = [.. weights.Select(weight => (byte)steps.Code(weight)), 0xEE]; // one more, to catch a write past the end
                byte[] expectedHalves = [.. halves.Select(half => (byte)steps.Code((float)BitConverter.UInt16BitsToHalf(half))), 0xEE];
                byte[] actual = [.. Enumerable.Repeat((byte)0xEE, length + 1)], actualHalves = [.. actual];

                LinearEncoder.Encode<StoredSingles, float, ByteCodes, byte>(weights, new BlockScale(scale, zero), range, actual);
                LinearEncoder.Encode<StoredHalves, ushort, ByteCodes, byte>(halves, new BlockScale(scale, zero), range, actualHalves);

                Assert.Equal(expected, actual);
                Assert.Equal(expectedHalves, actualHalves);
            }
        }
    }

    [Theory, MemberData(nameof(Ranges))]
    public void EncodeRuns_BlocksOfEveryLength_MatchTheDefinition(ElementType type, bool symmetric)
    {
        CodeRange range = CodeRange.Of(type, symmetric);
        foreach (int length in new[] { 1, 9, 16, 20, 32, 40, 64 })
        {
            const int Blocks = 70; // more than one group
            float[] weights = TestWeights.Normal(length * Blocks, length);
            float[] scales = [.. Enumerable.Range(1, Blocks).Select(i => i * 0.003f)];
            int[] zeros = symmetric ? [] : [.. Enumerable.Range(0, Blocks).Select(i => range.Min + (i * range.Steps / Blocks))];
            ushort[] expected = [.. weights.Select((weight, i) => (ushort)new BlockSteps(scales[i / length], symmetric ? range.Middle : zeros[i / length], range).Code(weight))];
            ushort[] wide = new ushort[weights.Length];
            byte[] narrow = new byte[weights.Length];

            LinearEncoder.EncodeRuns<StoredSingles, float, WideCodes, ushort>(weights, length, scales, zeros, range, wide);
            LinearEncoder.EncodeRuns<StoredSingles, float, ByteCodes, byte>(weights, length, scales, zeros, range, narrow);

            Assert.Equal(expected, wide);
            Assert.Equal(expected.Select(code => (byte)code), narrow);
        }
    }

    [Theory, MemberData(nameof(EdgeLengths))]
    public void EncodeColumns_ABlockForEachValue_MatchesTheDefinition(int length)
    {
        CodeRange range = new(0, 255, false);
        foreach (float outlier in new[] { 0.02f, 1e-39f })
        {
            float[] scales = [.. Enumerable.Range(0, length + 3).Select(i => i == 5 ? outlier : 0.001f * (i + 1))];
            int[] zeros = [.. Enumerable.Range(0, length + 3).Select(i => i % 256)];
            float[] weights = TestWeights.Normal(length, 3);
            byte[] actual = new byte[length];

            LinearEncoder.EncodeColumns<StoredSingles, float, ByteCodes, byte>(weights, new ColumnSteps(scales, zeros, range), 3, actual);

            Assert.Equal(weights.Select((weight, i) => (byte)new BlockSteps(scales[i + 3], zeros[i + 3], range).Code(weight)), actual);
        }
    }

    [Theory, MemberData(nameof(EdgeLengths))]
    public void OfCodes_TwoScalesInOnePass_AreTheErrorsOfEachAlone(int length)
    {
        float[] weights = TestWeights.Normal(length, 11);
        ushort[] halves = Array.ConvertAll(weights, value => BitConverter.HalfToUInt16Bits((Half)value));
        CodeRange range = new(0, 255, false);
        foreach ((float scale, float other) in new[] { (0.001f, 0.0011f), (0.002f, 1e-39f), (3e38f, 0.001f) })
        {
            foreach ((BlockScale first, BlockScale second) in new[] { (new BlockScale(scale, 120), new BlockScale(other, 120)), (new(scale, 0), new(other, 255)) })
            {
                Assert.Equal(
                    (BlockErrors.OfCodes<StoredSingles, float>(weights, first, range), BlockErrors.OfCodes<StoredSingles, float>(weights, second, range)),
                    BlockErrors.OfCodes<StoredSingles, float>(weights, first, second, range));
                Assert.Equal(
                    (BlockErrors.OfCodes<StoredHalves, ushort>(halves, first, range), BlockErrors.OfCodes<StoredHalves, ushort>(halves, second, range)),
                    BlockErrors.OfCodes<StoredHalves, ushort>(halves, first, second, range));
            }
        }
    }

    [Theory, MemberData(nameof(EdgeLengths))]
    public void Largest_AnyLength_IsTheLargestMagnitudeWhereverItStands(int length)
    {
        for (int at = 0; at < length; at += Math.Max(1, length / 7))
        {
            float[] values = TestWeights.Normal(length, at);
            values[at] = -70;
            ushort[] halves = Array.ConvertAll(values, value => BitConverter.HalfToUInt16Bits((Half)value));

            Assert.Equal(70, StoredSingles.Largest(values));
            Assert.Equal(70, StoredHalves.Largest(halves));
            Assert.Equal(values.Min(), StoredSingles.Range(values).Min);
            Assert.Equal(values.Max(), StoredSingles.Range(values).Max);
            Assert.Equal((-70, (float)(Half)values.Max()), StoredHalves.Range(halves));
            foreach (float notFinite in new[] { float.NaN, -float.NaN, float.PositiveInfinity, float.NegativeInfinity })
            {
                values[at] = notFinite;
                halves[at] = BitConverter.HalfToUInt16Bits((Half)notFinite);
                (float least, float most) = StoredSingles.Range(values);
                (float leastHalf, float mostHalf) = StoredHalves.Range(halves);

                Assert.False(StoredSingles.Largest(values) <= StoredSingles.Limit);
                Assert.False(StoredHalves.Largest(halves) <= StoredHalves.Limit);
                Assert.False(Math.Abs(least) <= StoredSingles.Limit && Math.Abs(most) <= StoredSingles.Limit);
                Assert.False(Math.Abs(leastHalf) <= StoredHalves.Limit && Math.Abs(mostHalf) <= StoredHalves.Limit);
            }
        }
    }

    [Theory, InlineData(1), InlineData(16), InlineData(31), InlineData(32), InlineData(64), InlineData(96)]
    public void Largest_BlocksInARow_IsThatOfEach(int length)
    {
        float[] values = TestWeights.Normal(length * 37, length);
        ushort[] halves = Array.ConvertAll(values, value => BitConverter.HalfToUInt16Bits((Half)value));
        float[] singles = new float[37], ofHalves = new float[37];

        StoredSingles.Largest(values, length, singles);
        StoredHalves.Largest(halves, length, ofHalves);

        Assert.Equal(Enumerable.Range(0, 37).Select(block => StoredSingles.LargestScalar(values.AsSpan(block * length, length))), singles);
        Assert.Equal(Enumerable.Range(0, 37).Select(block => StoredHalves.LargestScalar(halves.AsSpan(block * length, length))), ofHalves);
    }

    // Every float16 magnitude, and float32 ones of every order, by vectors and one by one.
    [Theory]
    [InlineData(ElementType.Int2), InlineData(ElementType.UInt2), InlineData(ElementType.Int4), InlineData(ElementType.UInt4), InlineData(ElementType.Int8), InlineData(ElementType.UInt8)]
    [InlineData(ElementType.Int9), InlineData(ElementType.UInt12), InlineData(ElementType.Int16), InlineData(ElementType.UInt16)]
    public void FitSymmetric_EveryMagnitude_MatchesThePlainRule(ElementType type)
    {
        float[] halves = [.. Enumerable.Range(0, 0x7C00).Select(pattern => (float)BitConverter.UInt16BitsToHalf((ushort)pattern))];
        float[] singles = [.. Enumerable.Range(0, 30_000).Select(i => BitConverter.Int32BitsToSingle(i * 71_303))];
        foreach ((float[] magnitudes, ElementType stored, float limit) in new[] { (halves, ElementType.Float16, 65504f), (singles, ElementType.Float32, float.MaxValue) })
        {
            CodeRange range = CodeRange.Of(type, symmetric: true).Within(stored, DecodeArithmetic.ScaleType);
            DeviceArithmetic device = DeviceArithmetic.Of(stored, DecodeArithmetic.ScaleType, type.BitWidth());
            float[] expected = Array.ConvertAll(magnitudes, magnitude => Plain(magnitude, range, device)), actual = [.. magnitudes];

            Assert.True(BlockFitter.FitSymmetric(actual, limit, range, device));

            Assert.Equal(expected, actual);
        }
    }

    [Theory, InlineData(float.NaN, 0), InlineData(float.NaN, 20), InlineData(float.PositiveInfinity, 5), InlineData(70000f, 33)]
    public void FitSymmetric_NotFinite_IsFalse(float magnitude, int at)
    {
        float[] magnitudes = [.. Enumerable.Repeat(0.5f, 40)];
        magnitudes[at] = magnitude;

        Assert.False(BlockFitter.FitSymmetric(magnitudes, 65504, CodeRange.Of(ElementType.Int8, true), DeviceArithmetic.Of(ElementType.Float16, DecodeArithmetic.ScaleType, 8)));
    }

    [Fact]
    public void Values_EveryCode_IsTheValueOfEachAlone()
    {
        foreach ((ElementType type, int bits) in new[] { (ElementType.Float16, 8), (ElementType.Float16, 11), (ElementType.Float16, 12), (ElementType.Float16, 16), (ElementType.Float32, 16) })
        {
            foreach (DecodeArithmetic arithmetic in Enum.GetValues<DecodeArithmetic>())
            {
                DeviceArithmetic device = DeviceArithmetic.Of(type, arithmetic, bits);
                float[] codes = [.. Enumerable.Range(0, 16).Select(i => (float)((i * ((1 << bits) - 1) / 15) - (1 << (bits - 1))))];
                foreach (float scale in new[] { 0.03125f, 6e-8f, 1.9e-5f, 0.0123f }.Select(scale => type == ElementType.Float16 ? (float)(Half)scale : scale))
                {
                    var values = device.Values(
                        System.Runtime.Intrinsics.Vector512.Create<float>(codes), System.Runtime.Intrinsics.Vector512.Create(-5f), System.Runtime.Intrinsics.Vector512.Create(scale));

                    Assert.Equal(codes.Select(code => device.Value((int)code, new BlockScale(scale, -5))), Enumerable.Range(0, 16).Select(lane => values[lane]));
                }
            }
        }
    }

    private static float Plain(float magnitude, CodeRange range, DeviceArithmetic device)
    {
        BlockScale[] candidates = new BlockScale[BlockScale.MaxCandidates];
        BlockScale.Fit(-magnitude, magnitude, range, device, candidates);
        return candidates[0].Scale;
    }

    // Halfway between codes, at them and a little beside, and far outside.
    private static float[] Ties(int length, float scale) => [.. Enumerable.Range(-length / 2, length).Select(i => i % 97 == 96 ? 3e38f : i % 89 == 88 ? -3e38f
        : Math.Clamp((i + (i % 3 == 0 ? 0.5f : i % 3 == 1 ? 0 : 0.4999999f)) * (double)scale, -3e38, 3e38) is var value ? (float)value : 0)];
}
