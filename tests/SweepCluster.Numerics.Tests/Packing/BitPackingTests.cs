using SweepCluster.Numerics.Packing;

namespace SweepCluster.Numerics.Tests.Packing;

public class BitPackingTests
{
    public static TheoryData<int, int> BitsAndLengths()
    {
        TheoryData<int, int> cases = [];
        for (int bits = 1; bits <= 8; bits++)
        {
            foreach (int length in new[] { 0, 1, 2, 7, 8, 9, 15, 16, 17, 63, 64, 65, 71, 127, 128, 129, 255, 256, 257, 1000 })
            {
                cases.Add(bits, length);
            }
        }

        return cases;
    }

    // Worked by hand: element i at bit i * bits, least significant bit first.
    [Theory]
    [InlineData(1, new byte[] { 1, 0, 1, 1, 0, 0, 0, 0, 1 }, new byte[] { 0x0D, 0x01 })]
    [InlineData(2, new byte[] { 3, 0, 1, 2 }, new byte[] { 0b10_01_00_11 })]
    [InlineData(3, new byte[] { 1, 2, 3, 4 }, new byte[] { 0b11_010_001, 0b0000_100_0 })]
    [InlineData(4, new byte[] { 0xA, 0xB, 0xC }, new byte[] { 0xBA, 0x0C })]
    [InlineData(6, new byte[] { 1, 2, 3, 4 }, new byte[] { 0b10_000001, 0b0011_0000, 0b000100_00 })]
    [InlineData(8, new byte[] { 255, 0, 7 }, new byte[] { 255, 0, 7 })]
    public void Pack_ValuesWorkedByHand_GivesTheStream(int bits, byte[] codes, byte[] expected)
    {
        byte[] packed = new byte[expected.Length];
        byte[] unpacked = new byte[codes.Length];

        BitPacking.Pack(codes, bits, packed);
        BitPacking.Unpack(expected, bits, unpacked);

        Assert.Equal(expected, packed);
        Assert.Equal(codes, unpacked);
    }

    [Theory, MemberData(nameof(BitsAndLengths))]
    public void Pack_AnyLength_MatchesScalarAndTouchesNothingElse(int bits, int length)
    {
        byte[] codes = new byte[length];
        new Random((bits * 10_000) + length).NextBytes(codes); // bits above the width are dropped
        int packedLength = (int)BitPacking.PackedLength(length, bits);
        byte[] expected = [.. Enumerable.Repeat((byte)0xEE, packedLength + 9)];
        byte[] actual = [.. expected];
        BitPacking.PackScalar(codes, bits, expected);

        BitPacking.Pack(codes, bits, actual);

        Assert.Equal(expected, actual);
    }

    [Theory, MemberData(nameof(BitsAndLengths))]
    public void Unpack_WhatWasPacked_GivesTheCodes(int bits, int length)
    {
        byte[] codes = new byte[length];
        new Random((bits * 10_000) + length).NextBytes(codes);
        byte[] packed = new byte[BitPacking.PackedLength(length, bits)];
        BitPacking.PackScalar(codes, bits, packed);
        byte[] fast = new byte[length + 9], scalar = new byte[length];

        BitPacking.Unpack(packed, bits, fast.AsSpan(0, length));
        BitPacking.UnpackScalar(packed, bits, scalar);

        byte[] expected = Array.ConvertAll(codes, code => (byte)(code & ((1 << bits) - 1)));
        Assert.Equal(expected, scalar);
        Assert.Equal([.. expected, .. new byte[9]], fast);
    }

    public static TheoryData<int, int> WideBitsAndLengths()
    {
        TheoryData<int, int> cases = [];
        for (int bits = 1; bits <= 16; bits++)
        {
            foreach (int length in new[] { 0, 1, 2, 7, 8, 9, 15, 16, 17, 23, 24, 25, 63, 64, 65, 1000 })
            {
                cases.Add(bits, length);
            }
        }

        return cases;
    }

    // Worked by hand, as above; 9 and 12 bits cross bytes, 16 bits are little-endian.
    [Theory]
    [InlineData(9, new ushort[] { 0x1FF, 0x000, 0x101 }, new byte[] { 0xFF, 0x01, 0x04, 0x04 })]
    [InlineData(12, new ushort[] { 0xABC, 0x123 }, new byte[] { 0xBC, 0x3A, 0x12 })]
    [InlineData(16, new ushort[] { 0xABCD, 0x0102 }, new byte[] { 0xCD, 0xAB, 0x02, 0x01 })]
    public void Pack_WideValuesWorkedByHand_GivesTheStream(int bits, ushort[] codes, byte[] expected)
    {
        byte[] packed = new byte[expected.Length];
        ushort[] unpacked = new ushort[codes.Length];

        BitPacking.Pack(codes, bits, packed);
        BitPacking.Unpack(expected, bits, unpacked);

        Assert.Equal(expected, packed);
        Assert.Equal(codes, unpacked);
    }

    [Theory, MemberData(nameof(WideBitsAndLengths))]
    public void Pack_WideCodesOfAnyLength_MatchesScalarAndReadsBack(int bits, int length)
    {
        Random random = new((bits * 10_000) + length);
        ushort[] codes = [.. Enumerable.Range(0, length).Select(_ => (ushort)random.Next(65536))]; // bits above the width are dropped
        int packedLength = (int)BitPacking.PackedLength(length, bits);
        byte[] expected = [.. Enumerable.Repeat((byte)0xEE, packedLength + 17)];
        byte[] actual = [.. expected];
        ushort[] fast = new ushort[length + 9], scalar = new ushort[length];
        BitPacking.PackScalar(codes, bits, expected);

        BitPacking.Pack(codes, bits, actual);
        BitPacking.Unpack(actual.AsSpan(0, packedLength), bits, fast.AsSpan(0, length));
        BitPacking.UnpackScalar(actual.AsSpan(0, packedLength), bits, scalar);

        Assert.Equal(expected, actual);
        ushort[] kept = Array.ConvertAll(codes, code => (ushort)(code & ((1 << bits) - 1)));
        Assert.Equal(kept, scalar);
        Assert.Equal([.. kept, .. new ushort[9]], fast);
    }

    // One stream, whichever way the codes are held.
    [Theory, InlineData(1), InlineData(3), InlineData(4), InlineData(7), InlineData(8)]
    public void Pack_NarrowCodesHeldWide_GivesTheSameStream(int bits)
    {
        byte[] codes = new byte[777];
        new Random(bits).NextBytes(codes);
        byte[] narrow = new byte[BitPacking.PackedLength(777, bits)], wide = new byte[narrow.Length];

        BitPacking.Pack(codes, bits, narrow);
        BitPacking.Pack(Array.ConvertAll(codes, code => (ushort)code), bits, wide);

        Assert.Equal(narrow, wide);
    }

    [Fact]
    public void Pack_TooShort_SaysHowLong()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => BitPacking.Pack(new byte[9], 3, new byte[3]));

        Assert.Equal("9 codes of 3 bits take 4 bytes, found 3. (Parameter 'packed')", error.Message);
    }

    [Theory, InlineData(0), InlineData(9)]
    public void Unpack_WidthOutOfRange_Throws(int bits) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => BitPacking.Unpack(new byte[9], bits, new byte[1]));

    [Theory, InlineData(0), InlineData(17)]
    public void Unpack_WideWidthOutOfRange_Throws(int bits) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => BitPacking.Unpack(new byte[9], bits, new ushort[1]));
}
