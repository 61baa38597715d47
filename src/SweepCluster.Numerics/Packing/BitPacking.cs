using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace SweepCluster.Numerics.Packing;

/// <summary>Small unsigned codes, one a byte or one in two bytes, to and from a little-endian bit stream: code i stands at bit <c>i * bits</c>, least significant bit first.</summary>
/// <remarks>Eight codes of b bits are exactly b bytes, so the stream is worked on in steps of eight codes in one or two 64-bit words; 4 bits in whole vectors. The same bits on every machine. Allocates nothing.</remarks>
public static class BitPacking
{
    /// <summary>Codes that take whole bytes, whatever their width: a stream can be entered at every multiple of this.</summary>
    public const int CodesPerStep = 8;

    /// <summary>Bytes that <paramref name="count"/> codes take; the last byte is filled up with zero bits.</summary>
    /// <param name="count">Number of codes, 0 or more.</param>
    /// <param name="bits">Bits of one code, 1 to 16.</param>
    public static long PackedLength(long count, int bits) => checked(((count * bits) + 7) / 8);

    /// <summary>Packs codes; bits above <paramref name="bits"/> are dropped, so two's complement needs no preparation.</summary>
    /// <param name="codes">One code a byte.</param>
    /// <param name="bits">Bits of one code, 1 to 8.</param>
    /// <param name="packed">Receives <see cref="PackedLength"/> bytes; the rest is untouched.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bits"/> is not 1 to 8.</exception>
    /// <exception cref="ArgumentException"><paramref name="packed"/> is too short.</exception>
    public static void Pack(ReadOnlySpan<byte> codes, int bits, Span<byte> packed)
    {
        packed = Checked(packed, codes.Length, bits, 8, nameof(packed));
        if (bits == 8)
        {
            codes.CopyTo(packed);
            return;
        }

        int done = bits == 4 && Vector128.IsHardwareAccelerated ? PackNibbles(codes, packed) : 0;
        int at = done / 8 * bits;
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
        packed = Checked(packed, codes.Length, bits, 8, nameof(packed));
        if (bits == 8)
        {
            packed.CopyTo(codes);
            return;
        }

        int done = bits == 4 && Vector128.IsHardwareAccelerated ? UnpackNibbles(packed, codes) : 0;
        int at = done / 8 * bits;
        for (; done + CodesPerStep <= codes.Length && at + sizeof(ulong) <= packed.Length; done += CodesPerStep, at += bits)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(codes[done..], Spread(BinaryPrimitives.ReadUInt64LittleEndian(packed[at..]), bits));
        }

        UnpackScalar(packed[at..], bits, codes[done..]);
    }

    /// <summary>Packs wide codes; bits above <paramref name="bits"/> are dropped.</summary>
    /// <param name="codes">One code in two bytes.</param>
    /// <param name="bits">Bits of one code, 1 to 16.</param>
    /// <param name="packed">Receives <see cref="PackedLength"/> bytes; the rest is untouched.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bits"/> is not 1 to 16.</exception>
    /// <exception cref="ArgumentException"><paramref name="packed"/> is too short.</exception>
    public static void Pack(ReadOnlySpan<ushort> codes, int bits, Span<byte> packed)
    {
        packed = Checked(packed, codes.Length, bits, 16, nameof(packed));
        if (bits == 16 && BitConverter.IsLittleEndian)
        {
            MemoryMarshal.AsBytes(codes).CopyTo(packed);
            return;
        }

        int at = 0, done = 0;
        for (; bits < 16 && done + CodesPerStep <= codes.Length && at + (2 * sizeof(ulong)) <= packed.Length; done += CodesPerStep, at += bits)
        {
            // As above: bytes after the step's own are zero and the next step writes over them.
            ulong low = SqueezeWide(codes[done..], bits), high = SqueezeWide(codes[(done + 4)..], bits);
            BinaryPrimitives.WriteUInt64LittleEndian(packed[at..], low | (high << (4 * bits)));
            BinaryPrimitives.WriteUInt64LittleEndian(packed[(at + sizeof(ulong))..], high >> (64 - (4 * bits)));
        }

        PackScalar(codes[done..], bits, packed[at..]);
    }

    /// <summary>Unpacks wide codes into one in two bytes, zero-extended.</summary>
    /// <param name="packed">At least <see cref="PackedLength"/> bytes for the codes asked for.</param>
    /// <param name="bits">Bits of one code, 1 to 16.</param>
    /// <param name="codes">Receives one code in every element.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="bits"/> is not 1 to 16.</exception>
    /// <exception cref="ArgumentException"><paramref name="packed"/> is too short.</exception>
    public static void Unpack(ReadOnlySpan<byte> packed, int bits, Span<ushort> codes)
    {
        packed = Checked(packed, codes.Length, bits, 16, nameof(packed));
        if (bits == 16 && BitConverter.IsLittleEndian)
        {
            packed.CopyTo(MemoryMarshal.AsBytes(codes));
            return;
        }

        int at = 0, done = 0;
        for (; bits < 16 && done + CodesPerStep <= codes.Length && at + (2 * sizeof(ulong)) <= packed.Length; done += CodesPerStep, at += bits)
        {
            ulong low = BinaryPrimitives.ReadUInt64LittleEndian(packed[at..]), high = BinaryPrimitives.ReadUInt64LittleEndian(packed[(at + sizeof(ulong))..]);
            SpreadWide(low, bits, codes[done..]);
            SpreadWide((low >> (4 * bits)) | (high << (64 - (4 * bits))), bits, codes[(done + 4)..]);
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

    internal static void PackScalar(ReadOnlySpan<ushort> codes, int bits, Span<byte> packed)
    {
        packed[..(int)PackedLength(codes.Length, bits)].Clear();
        for (int i = 0; i < codes.Length; i++)
        {
            long bit = (long)i * bits;
            int at = (int)(bit >> 3);
            for (int shifted = (codes[i] & ((1 << bits) - 1)) << (int)(bit & 7); shifted != 0; shifted >>= 8)
            {
                packed[at++] |= (byte)shifted;
            }
        }
    }

    internal static void UnpackScalar(ReadOnlySpan<byte> packed, int bits, Span<ushort> codes)
    {
        for (int i = 0; i < codes.Length; i++)
        {
            long bit = (long)i * bits;
            int at = (int)(bit >> 3), word = 0;
            for (int part = 0; part < 3 && at + part < packed.Length; part++)
            {
                word |= packed[at + part] << (8 * part);
            }

            codes[i] = (ushort)((word >> (int)(bit & 7)) & ((1 << bits) - 1));
        }
    }

    // Pairs of bytes as 16-bit lanes: the low nibble of the upper byte moves beside that of the lower. Returns how many codes were done.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int PackNibbles(ReadOnlySpan<byte> codes, Span<byte> packed)
    {
        ref ushort from = ref Unsafe.As<byte, ushort>(ref MemoryMarshal.GetReference(codes));
        ref byte to = ref MemoryMarshal.GetReference(packed);
        int pairs = 0;
        for (; 2 * (pairs + 64) <= codes.Length; pairs += 64)
        {
            Vector512<ushort> first = JoinNibbles(Vector512.LoadUnsafe(ref from, (nuint)pairs)), second = JoinNibbles(Vector512.LoadUnsafe(ref from, (nuint)pairs + 32));
            Vector512.Narrow(first, second).StoreUnsafe(ref to, (nuint)pairs);
        }

        return 2 * pairs;
    }

    private static Vector512<ushort> JoinNibbles(Vector512<ushort> pairs) =>
        (pairs & Vector512.Create((ushort)0x000F)) | ((pairs >>> 4) & Vector512.Create((ushort)0x00F0));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int UnpackNibbles(ReadOnlySpan<byte> packed, Span<byte> codes)
    {
        ref byte from = ref MemoryMarshal.GetReference(packed);
        ref ushort to = ref Unsafe.As<byte, ushort>(ref MemoryMarshal.GetReference(codes));
        int pairs = 0;
        for (; 2 * (pairs + 64) <= codes.Length; pairs += 64)
        {
            (Vector512<ushort> first, Vector512<ushort> second) = Vector512.Widen(Vector512.LoadUnsafe(ref from, (nuint)pairs));
            PartNibbles(first).StoreUnsafe(ref to, (nuint)pairs);
            PartNibbles(second).StoreUnsafe(ref to, (nuint)pairs + 32);
        }

        return 2 * pairs;
    }

    private static Vector512<ushort> PartNibbles(Vector512<ushort> pairs) =>
        (pairs & Vector512.Create((ushort)0x000F)) | ((pairs & Vector512.Create((ushort)0x00F0)) << 4);

    // Four codes of b bits to 4 b adjacent bits, and back.
    private static ulong SqueezeWide(ReadOnlySpan<ushort> four, int bits)
    {
        ulong codes = four[0] | ((ulong)four[1] << 16) | ((ulong)four[2] << 32) | ((ulong)four[3] << 48);
        codes = (codes & Field(bits, 32)) | (((codes >> 16) & Field(bits, 32)) << bits);
        return (codes & Field(32, 64)) | ((codes >> 32) << (2 * bits));
    }

    private static void SpreadWide(ulong packed, int bits, Span<ushort> four)
    {
        ulong mask = (1UL << bits) - 1;
        four[0] = (ushort)(packed & mask);
        four[1] = (ushort)((packed >> bits) & mask);
        four[2] = (ushort)((packed >> (2 * bits)) & mask);
        four[3] = (ushort)((packed >> (3 * bits)) & mask);
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

    private static Span<byte> Checked(Span<byte> packed, int count, int bits, int widest, string name)
    {
        Check(packed.Length, count, bits, widest, name);
        return packed[..(int)PackedLength(count, bits)];
    }

    private static ReadOnlySpan<byte> Checked(ReadOnlySpan<byte> packed, int count, int bits, int widest, string name)
    {
        Check(packed.Length, count, bits, widest, name);
        return packed[..(int)PackedLength(count, bits)];
    }

    private static void Check(int length, int count, int bits, int widest, string name)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bits, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bits, widest);
        if (length < PackedLength(count, bits))
        {
            throw new ArgumentException($"{count} codes of {bits} bits take {PackedLength(count, bits)} bytes, found {length}.", name);
        }
    }
}
