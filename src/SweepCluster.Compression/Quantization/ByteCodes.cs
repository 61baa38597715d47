using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using SweepCluster.Numerics.Packing;

namespace SweepCluster.Compression.Quantization;

/// <summary>Codes of up to 8 bits.</summary>
internal readonly struct ByteCodes : ICodes<byte>
{
    /// <inheritdoc/>
    public static byte Of(int code) => (byte)code;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<int> codes, ref byte to, nuint at)
    {
        if (Avx512F.IsSupported)
        {
            Avx512F.ConvertToVector128Byte(codes.AsUInt32()).StoreUnsafe(ref to, at);
            return;
        }

        Vector256<short> narrow = Vector256.Narrow(codes.GetLower(), codes.GetUpper());
        Vector128.Narrow(narrow.GetLower(), narrow.GetUpper()).AsByte().StoreUnsafe(ref to, at);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<int> first, Vector512<int> second, ref byte to, nuint at)
    {
        if (Avx512Vbmi.IsSupported)
        {
            // The lowest byte of every lane of both, in one instruction. The pattern stands here so that it is a constant of the loop.
            Vector512<byte> lowest = Vector512.Create(
                0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60, 64, 68, 72, 76, 80, 84, 88, 92, 96, 100, 104, 108, 112, 116, 120, 124,
                0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte)0);
            Avx512Vbmi.PermuteVar64x8x2(first.AsByte(), lowest, second.AsByte()).GetLower().StoreUnsafe(ref to, at);
            return;
        }

        Vector512<short> narrow = Vector512.Narrow(first, second);
        Vector256.Narrow(narrow.GetLower(), narrow.GetUpper()).AsByte().StoreUnsafe(ref to, at);
    }

    /// <inheritdoc/>
    public static void Pack(ReadOnlySpan<byte> codes, int bits, Span<byte> packed) => BitPacking.Pack(codes, bits, packed);
}
