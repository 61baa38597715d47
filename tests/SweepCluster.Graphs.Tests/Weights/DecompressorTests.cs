using SweepCluster.Graphs.Weights;

namespace SweepCluster.Graphs.Tests.Weights;

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

    // The device's steps one by one for codes that float16 does not hold: iOS 18 rounds the code, the zero point, their difference and the product; iOS 16 computes in float32 and rounds once.
    [Theory]
    [InlineData(ElementType.Int12), InlineData(ElementType.UInt12), InlineData(ElementType.Int13), InlineData(ElementType.Int16), InlineData(ElementType.UInt16)]
    [InlineData(ElementType.Int11), InlineData(ElementType.UInt11), InlineData(ElementType.Int9), InlineData(ElementType.UInt2)]
    public void ToFloat32_CodesOfAnyWidth_MatchBothArithmeticsStepByStep(ElementType type)
    {
        int size = 1 << type.BitWidth(), low = type.IsSigned() ? -size / 2 : 0;
        int[] codes = [.. Enumerable.Range(0, size).Select(i => i + low)];
        foreach (int zero in new[] { low, low + (size / 3), low + size - 1 })
        {
            foreach (float scale in new[] { 0.0013f, 1.7e-5f, 6e-8f, 0.61f })
            {
                QuantizedWeight Weight(DecodeArithmetic arithmetic) => new(
                    TensorData.FromCodes(type, new Shape(1, size), codes),
                    TensorData.FromFloat16(new Shape(1, 1), [scale]),
                    TensorData.FromCodes(type, new Shape(1, 1), [zero]),
                    arithmetic);
                Half stored = (Half)scale;

                Assert.Equal(codes.Select(code => (float)(((Half)code - (Half)zero) * stored)), Decompressor.ToFloat32(Weight(DecodeArithmetic.ScaleType)));
                Assert.Equal(codes.Select(code => (float)(Half)(((float)code - zero) * (float)stored)), Decompressor.ToFloat32(Weight(DecodeArithmetic.Float32)));
            }
        }
    }

    // 4095 is 4096 in float16; the pruned element stays 0 although code 0 means -0.5 here.
    [Fact]
    public void ToFloat32_SparseWideCodes_RoundsTheCodeFirst()
    {
        SparseQuantizedWeight weight = new(
            new TensorData(ElementType.UInt1, new Shape(1, 3), new byte[] { 0b101 }),
            TensorData.FromCodes(ElementType.UInt12, new Shape(2), [4095, 2]),
            TensorData.FromFloat16(new Shape(1, 1), [0.5f]),
            TensorData.FromCodes(ElementType.UInt12, new Shape(1, 1), [1]));

        Assert.Equal([2048f, 0, 0.5f], Decompressor.ToFloat32(weight)); // 4096 - 1 is 4095, and 4096 again
    }

    [Fact]
    public void ToFloat32_CodesOfMoreThan16Bits_SayWhatWasExpected()
    {
        QuantizedWeight weight = new(new TensorData(ElementType.Int32, new Shape(1), new byte[4]), TensorData.FromFloat32(new Shape(1), [1]), null, DecodeArithmetic.Float32);

        BadInputException error = Assert.Throws<BadInputException>(() => Decompressor.ToFloat32(weight));
        Assert.Equal("compressed weight [1]: found codes of int32, expected integers of at most 16 bits.", error.Message);
    }

    [Fact]
    public void ToDense_PaletteOfIntegers_NeedsScales()
    {
        TensorData indices = TensorData.FromCodes(ElementType.UInt1, new Shape(2, 2), [1, 0, 0, 1]);
        TensorData entries = TensorData.FromCodes(ElementType.Int8, new Shape(1, 1, 2, 1), [-128, 127]);
        PalettizedWeight palette = new(new Shape(2, 2), indices, new PaletteTable(entries, TensorData.FromFloat32(new Shape(1, 1, 1, 1), [0.5f]), null));

        TensorData values = Decompressor.ToDense(palette).Values;

        Assert.Equal((ElementType.Float32, new Shape(2, 2)), (values.Type, values.Shape));
        Assert.Equal([63.5f, -64, -64, 63.5f], values.ToFloat32());
        Assert.Throws<ArgumentException>(() => new PaletteTable(entries));
    }

    // float16 has 11 significant bits: 2049 rounds to 2048 before the offset is taken off, and 2047 * 1.5 = 3070.5 to 3070 (ties to even) after the scale is applied.
    [Fact]
    public void ShiftScale_ValuesThatAreNoCodes_RoundsEachStep()
    {
        TensorData values = Decompressor.ShiftScale(
            TensorData.FromFloat32(new Shape(1, 2), [2049, 3]),
            TensorData.FromFloat16(new Shape(1, 1), [1.5f]),
            TensorData.FromFloat16(new Shape(1, 1), [1]));

        Assert.Equal(ElementType.Float16, values.Type);
        Assert.Equal([3070f, 3], values.ToFloat32());
    }

    // Runs of every length around the one from which vectors are used.
    [Theory, InlineData(1), InlineData(15), InlineData(16), InlineData(17), InlineData(64)]
    public void ToFloat32_QuantizedInBlocks_ScalesEachBlockByItsOwn(int length)
    {
        int[] codes = [.. Enumerable.Range(0, 6 * length).Select(i => (i % 16) - 8)];
        float[] scales = [0.5f, 2, -3, 4, 0.25f, 8];
        int[] zeros = [0, 1, -8, 7, 2, -1];
        QuantizedWeight weight = new(
            TensorData.FromCodes(ElementType.Int4, new Shape(2, 3 * length), codes),
            TensorData.FromFloat32(new Shape(2, 3), scales),
            TensorData.FromCodes(ElementType.Int4, new Shape(2, 3), zeros),
            DecodeArithmetic.ScaleType);

        Assert.Equal(codes.Select((code, i) => (code - zeros[i / length]) * scales[i / length]), Decompressor.ToFloat32(weight));
    }

    // 3 * 0.1f is 0.3000000119 before it is rounded; a fused product and sum would not round it and give another number.
    [Fact]
    public void ToFloat32_CodesWithABias_RoundsTheProductAndThenTheSum()
    {
        int[] codes = [.. Enumerable.Range(0, 64)];
        float scale = 0.1f, bias = -0.3f;
        QuantizedWeight weight = new(
            TensorData.FromCodes(ElementType.UInt6, new Shape(2, 32), codes), TensorData.FromFloat32(new Shape(2, 1), [scale, scale]), TensorData.FromFloat32(new Shape(2, 1), [bias, bias]));

        float[] values = Decompressor.ToFloat32(weight);

        Assert.Equal(codes.Select(code => (float)((double)(float)((double)code * scale) + bias)), values);
        Assert.Contains(codes, code => values[code] != MathF.FusedMultiplyAdd(code, scale, bias));
    }
}
