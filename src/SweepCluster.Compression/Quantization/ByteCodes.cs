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
    public static void Pack(ReadOnlySpan<byte> codes, int bits, Span<byte> packed) => BitPacking.Pack(codes, bits, packed);
}
