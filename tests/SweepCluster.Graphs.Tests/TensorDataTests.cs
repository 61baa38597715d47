namespace SweepCluster.Graphs.Tests;

public class TensorDataTests
{
    [Fact]
    public void Constructor_WrongNumberOfBytes_SaysWhatItTakes() => Assert.StartsWith(
        "A tensor uint3 [9] takes 4 bytes, found 3.",
        Assert.Throws<ArgumentException>(() => new TensorData(ElementType.UInt3, new Shape(9), new byte[3])).Message,
        StringComparison.Ordinal);

    [Theory]
    [InlineData(ElementType.UInt1, new[] { 1, 0, 1, 1 }, new byte[] { 0b1101 })]
    [InlineData(ElementType.UInt3, new[] { 1, 2, 3, 4 }, new byte[] { 0b11_010_001, 0b1000 })]
    [InlineData(ElementType.UInt6, new[] { 1, 2, 3, 4 }, new byte[] { 0b10_000001, 0b0011_0000, 0b000100_00 })]
    [InlineData(ElementType.Int4, new[] { -8, 7, -1 }, new byte[] { 0x78, 0x0F })]
    [InlineData(ElementType.Int8, new[] { -128, 127 }, new byte[] { 0x80, 0x7F })]
    [InlineData(ElementType.Int1, new[] { -1, 0, -1 }, new byte[] { 0b101 })]
    [InlineData(ElementType.Int3, new[] { -4, 3, -1 }, new byte[] { 0b11_011_100, 0b1 })]
    [InlineData(ElementType.Int9, new[] { -256, 255 }, new byte[] { 0x00, 0xFF, 0x01 })]
    [InlineData(ElementType.UInt12, new[] { 0xABC, 0x123 }, new byte[] { 0xBC, 0x3A, 0x12 })]
    [InlineData(ElementType.Int16, new[] { -32768, 32767 }, new byte[] { 0x00, 0x80, 0xFF, 0x7F })]
    [InlineData(ElementType.UInt16, new[] { 65535, 1 }, new byte[] { 0xFF, 0xFF, 0x01, 0x00 })]
    public void FromCodes_ValuesWorkedByHand_PacksAndReadsBack(ElementType type, int[] codes, byte[] bytes)
    {
        TensorData tensor = TensorData.FromCodes(type, new Shape(codes.Length), codes);

        Assert.Equal(bytes, tensor.Bytes.ToArray());
        Assert.Equal(codes, tensor.ToInt32());
        Assert.Equal(codes.Select(code => (float)code), tensor.ToFloat32());
    }

    [Theory, InlineData(1023), InlineData(1024), InlineData(1025), InlineData(5000)]
    public void FromCodes_ManyCodes_ReadsBack(int count)
    {
        foreach (ElementType type in Enum.GetValues<ElementType>().Where(type => type.IsInteger() && type.BitWidth() <= 16))
        {
            int size = 1 << type.BitWidth(), low = type.IsSigned() ? -size / 2 : 0;
            int[] codes = [.. Enumerable.Range(0, count).Select(i => (i * 7919 % size) + low)];

            TensorData tensor = TensorData.FromCodes(type, new Shape(count), codes);

            Assert.Equal(type.ByteCount(count), tensor.Bytes.Length);
            Assert.Equal(codes, tensor.ToInt32());
            Assert.Equal(codes.Select(code => (float)code), tensor.ToFloat32());
        }
    }

    [Fact]
    public void FromCodes_WideType_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => TensorData.FromCodes(ElementType.Int32, new Shape(1), [1]));

    [Fact]
    public void FromFloat16_TiesAndRange_RoundsToEvenAndOverflowsToInfinity()
    {
        float[] values = [1 + MathF.Pow(2, -11), 1 + (3 * MathF.Pow(2, -11)), 65519, 65520, MathF.Pow(2, -25), -0f];

        float[] rounded = TensorData.FromFloats(ElementType.Float16, new Shape(6), values).ToFloat32();

        Assert.Equal([1, 1 + MathF.Pow(2, -9), 65504, float.PositiveInfinity, 0, -0f], rounded);
    }

    [Fact]
    public void ToFloat32_BFloat16AndFloat64_AreRead()
    {
        Assert.Equal([1f, -2f], new TensorData(ElementType.BFloat16, new Shape(2), new byte[] { 0x80, 0x3F, 0x00, 0xC0 }).ToFloat32());
        Assert.Equal([0.5f], new TensorData(ElementType.Float64, new Shape(1), BitConverter.GetBytes(0.5)).ToFloat32());
    }

    [Fact]
    public void ToInt32_FloatTensor_Throws() => Assert.Throws<InvalidOperationException>(() => TensorData.FromFloat32(new Shape(1), [1]).ToInt32());

    [Fact]
    public void FromFloats_IntegerType_Throws() => Assert.Throws<ArgumentOutOfRangeException>(() => TensorData.FromFloats(ElementType.Int8, new Shape(1), [1]));
}
