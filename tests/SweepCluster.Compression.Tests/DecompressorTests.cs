using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Compression.Tests;

public class DecompressorTests
{
    // The examples in the documentation of Core ML's constexpr_lut_to_dense (iOS 18).
    [Fact]
    public void ToFloat32_TwoTablesOnTheFirstAxis_MatchesTheDocumentedExample()
    {
        PalettizedWeight weight = new(
            new Shape(6, 2),
            TensorData.FromCodes(ElementType.UInt2, new Shape(6, 2), [2, 3, 3, 0, 1, 0, 3, 0, 2, 1, 0, 3]),
            TensorData.FromFloat16(new Shape(2, 1, 4, 1), [1, 5, 9, 13, 2, 10, 18, 26]));

        Assert.Equal([9f, 13, 13, 1, 5, 1, 26, 2, 18, 10, 2, 26], Decompressor.ToFloat32(weight));
    }

    [Theory]
    [InlineData(1, new[] { 1f, 1, 2, 2, 3, 3, 4, 1, 5, 2, 6, 3, 4, 4, 5, 5, 6, 6, 1, 1, 2, 2, 3, 3 })]
    [InlineData(2, new[] { 1f, 2, 3, 1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6, 4, 5, 6, 1, 2, 3, 1, 2, 3 })]
    public void ToFloat32_VectorsAlongAnAxis_MatchTheDocumentedExample(int axis, float[] expected)
    {
        PalettizedWeight weight = new(
            new Shape(2, 2, 2).With(axis, 6),
            TensorData.FromCodes(ElementType.UInt1, new Shape(2, 2, 2), [0, 0, 1, 0, 1, 1, 0, 0]),
            TensorData.FromFloat32(new Shape(1, 1, 1, 2, 3), [1, 2, 3, 4, 5, 6]),
            axis);

        Assert.Equal(expected, Decompressor.ToFloat32(weight));
    }

    [Theory, InlineData(DecodeArithmetic.Float32), InlineData(DecodeArithmetic.ScaleType)]
    public void ToFloat32_Quantized_RoundsTheProductToTheScalesType(DecodeArithmetic arithmetic)
    {
        // (127 - -128) * 0.1f16 = 255 * 0.0999755859375 = 25.4937744140625; float16 steps by 2^-6 there: 25.5.
        QuantizedWeight weight = new(
            TensorData.FromCodes(ElementType.Int8, new Shape(1, 2), [127, -128]),
            TensorData.FromFloat16(new Shape(1, 1), [0.1f]),
            TensorData.FromCodes(ElementType.Int8, new Shape(1, 1), [-128]),
            arithmetic);

        Assert.Equal([25.5f, 0], Decompressor.ToFloat32(weight));
        Assert.Equal(ElementType.Float16, Decompressor.ToDense(weight).Values.Type);
    }

    // The device's steps one by one, in the type it takes them in: for every pair of codes the two arithmetics agree, which is why the decoder has one path.
    [Theory, InlineData(ElementType.Int8), InlineData(ElementType.UInt8)]
    public void ToFloat32_EveryCodeAndZero_MatchesBothArithmeticsStepByStep(ElementType type)
    {
        int low = type == ElementType.Int8 ? -128 : 0;
        int[] codes = [.. Enumerable.Range(low, 256)];
        float[] scales = [0.1f, 1.7e-5f, 6e-8f, 0.0123f, 256.9f, 3e-3f];
        foreach (float scale in scales)
        {
            Half stored = (Half)scale;
            for (int zero = low; zero < low + 256; zero += 15)
            {
                float[] actual = Decompressor.ToFloat32(new QuantizedWeight(
                    TensorData.FromCodes(type, new Shape(1, 256), codes),
                    TensorData.FromFloat16(new Shape(1, 1), [scale]),
                    TensorData.FromCodes(type, new Shape(1, 1), [zero]),
                    DecodeArithmetic.ScaleType));

                Assert.Equal(codes.Select(code => (float)(((Half)code - (Half)zero) * stored)), actual);
                Assert.Equal(codes.Select(code => (float)(Half)(((float)code - zero) * (float)stored)), actual);
            }
        }
    }

    [Fact]
    public void ToFloat32_Sparse_PutsValuesWhereTheMaskSays()
    {
        SparseWeight weight = new(new TensorData(ElementType.UInt1, new Shape(3, 3), new byte[] { 0b1000_0010, 1 }), TensorData.FromFloat32(new Shape(3), [5, 6, 7]));

        Assert.Equal([0f, 5, 0, 0, 0, 0, 0, 6, 7], Decompressor.ToFloat32(weight));
    }

    [Fact]
    public void ToDense_DenseInItsOwnType_IsTheSame()
    {
        DenseWeight dense = new(ElementType.Float16, TensorData.FromFloat16(new Shape(1), [2]));

        Assert.Same(dense, Decompressor.ToDense(dense));
    }

    [Fact]
    public void ToFloat32_WideCodes_SayWhatWasExpected()
    {
        QuantizedWeight weight = new(new TensorData(ElementType.Int16, new Shape(1), new byte[2]), TensorData.FromFloat32(new Shape(1), [1]), null, DecodeArithmetic.Float32);

        BadInputException error = Assert.Throws<BadInputException>(() => Decompressor.ToFloat32(weight));
        Assert.Equal("compressed weight [1]: found codes of int16, expected integers of at most 8 bits.", error.Message);
    }
}
