using System.Buffers.Binary;

namespace SweepCluster.Numerics.Packing;

/// <summary>Small unsigned codes, one a byte, to and from a little-endian bit stream: code i stands at bit <c>i * bits</c>, least significant bit first.</summary>
/// <remarks>Eight codes of b bits are exactly b bytes, so the stream is worked on in steps of eight codes in one 64-bit word. The same bits on every machine. Allocates nothing.</remarks>
public static class BitPacking
{
    private const int CodesPerStep = 8;

    /// <summary>Bytes that <paramref name="count"/> codes take; the last byte is filled up with zero bits.</summary>
    /// <param name="count">Number of codes, 0 or more.</param>
    /// <param name="bits">Bits of one code, 1 to 8.</param>
    public static long PackedLength(long count, int bits) => checked(((count * bits) + 7) / 8);

    /// <summary>Packs codes; bits above <paramref name="bits"/> are dropped, so two's complement needs no preparation.</summary>
    /// <param name="codes">One code a byte.</param>
    /// <param name="bits">Bits of one code, 1 to 8.</param>
    /// <param name="packed">Receives <see cref="PackedLength"/> bytes; the rest is untouched.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bits"/> is not 1 to 8.</exception>
    /// <exception cref="ArgumentException"><paramref name="packed"/> is too short.</exception>
    public static void Pack(ReadOnlySpan<byte> codes, int bits, Span<byte> packed)
    {
        packed = Checked(packed, codes.Length, bits, nameof(packed));
        if (bits == 8)
        {
            codes.CopyTo(packed);
            return;
        }

        int at = 0, done = 0;
        for (; done + CodesPerStep <= codes.Length && at + sizeof(ulong) <= packed.Length; done += CodesPerStep, at += bits)
        {
            // The bytes above the step's own are zero and the next step writes over them.
            BinaryPrimitives.WriteUInt64LittleEndian(packed[at..], Squeeze(BinaryPrimitives.ReadUInt64LittleEndian(codes[done..]), bits));
        }

        PackScalar(codes[done..], bits, packed[at..]);
    }

    /// <summary>Unpacks codes into one a byte, zero-extended.</summary>
    /// <param name="packed">At least <see cref="PackedLength"/> bytes for the codes asked for.</param>
    /// <param name="bits">Bits of one code, 1 to 8.</param>
    /// <param name="codes">Receives one code in every byte.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bits"/> is not 1 to 8.</exception>
    /// <exception cref="ArgumentException"><paramref name="packed"/> is too short.</exception>
    public static void Unpack(ReadOnlySpan<byte> packed, int bits, Span<byte> codes)
    {
        packed = Checked(packed, codes.Length, bits, nameof(packed));
        if (bits == 8)
        {
            packed.CopyTo(codes);
            return;
        }

        int at = 0, done = 0;
        for (; done + CodesPerStep <= codes.Length && at + sizeof(ulong) <= packed.Length; done += CodesPerStep, at += bits)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(codes[done..], Spread(BinaryPrimitives.ReadUInt64LittleEndian(packed[at..]), bits));
        }

        UnpackScalar(packed[at..], bits, codes[done..]);
    }

    // The definition: tests hold the fast path to it. It also finishes the tail.
    internal static void PackScalar(ReadOnlySpan<byte> codes, int bits, Span<byte> packed)
    {
        packed[..(int)PackedLength(codes.Length, bits)].Clear();
        for (int i = 0; i < codes.Length; i++)
        {
            long bit = (long)i * bits;
            int shifted = (codes[i] & ((1 << bits) - 1)) << (int)(bit & 7);
            packed[(int)(bit >> 3)] |= (byte)shifted;
            if (shifted > byte.MaxValue)
            {
                packed[(int)(bit >> 3) + 1] |= (byte)(shifted >> 8);
            }
        }
    }

    internal static void UnpackScalar(ReadOnlySpan<byte> packed, int bits, Span<byte> codes)
    {
        for (int i = 0; i < codes.Length; i++)
        {
            long bit = (long)i * bits;
            int at = (int)(bit >> 3);
            int word = packed[at] | (at + 1 < packed.Length ? packed[at + 1] << 8 : 0);
            codes[i] = (byte)((word >> (int)(bit & 7)) & ((1 << bits) - 1));
        }
    }

    // Eight bytes of b bits to b adjacent bytes: neighbours are joined in pairs, the pairs in fours, the fours in one.
    private static ulong Squeeze(ulong codes, int bits)
    {
        codes = (codes & Field(bits, 16)) | (((codes >> 8) & Field(bits, 16)) << bits);
        codes = (codes & Field(16, 32)) | (((codes >> 16) & Field(16, 32)) << (2 * bits));
        return (codes & Field(32, 64)) | ((codes >> 32) << (4 * bits));
    }

    private static ulong Spread(ulong packed, int bits)
    {
        packed = (packed & Field(4 * bits, 64)) | (((packed >> (4 * bits)) & Field(4 * bits, 64)) << 32);
        packed = (packed & Field(2 * bits, 32)) | (((packed >> (2 * bits)) & Field(2 * bits, 32)) << 16);
        return (packed & Field(bits, 16)) | (((packed >> bits) & Field(bits, 16)) << 8);
    }

    // The lowest `bits` bits of every lane of `lane` bits.
    private static ulong Field(int bits, int lane) => ulong.MaxValue / (ulong.MaxValue >> (64 - lane)) * ((1UL << bits) - 1);

    private static Span<byte> Checked(Span<byte> packed, int count, int bits, string name)
    {
        Check(packed.Length, count, bits, name);
        return packed[..(int)PackedLength(count, bits)];
    }

    private static ReadOnlySpan<byte> Checked(ReadOnlySpan<byte> packed, int count, int bits, string name)
    {
        Check(packed.Length, count, bits, name);
        return packed[..(int)PackedLength(count, bits)];
    }

    private static void Check(int length, int count, int bits, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, 8);
        if (length < PackedLength(count, bits))
        {
            throw new ArgumentException($"{count} codes of {bits} bits take {PackedLength(count, bits)} bytes, found {length}.", name);
        }
    }
}
