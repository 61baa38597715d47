using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SweepCluster.Numerics.Packing;

namespace SweepCluster.Compression.Quantization;

/// <summary>Codes of 9 to 16 bits.</summary>
internal readonly struct WideCodes : ICodes<ushort>
{
    /// <inheritdoc/>
    public static ushort Of(int code) => (ushort)code;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<int> codes, ref ushort to, nuint at) =>
        Vector256.Narrow(codes.GetLower(), codes.GetUpper()).AsUInt16().StoreUnsafe(ref to, at);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<int> first, Vector512<int> second, ref ushort to, nuint at) =>
        Vector512.Narrow(first, second).AsUInt16().StoreUnsafe(ref to, at);

    /// <inheritdoc/>
    public static void Pack(ReadOnlySpan<ushort> codes, int bits, Span<byte> packed) => BitPacking.Pack(codes, bits, packed);
}
