using System.Runtime.Intrinsics;

namespace SweepCluster.Compression.Quantization;

/// <summary>How codes are held before they are packed: one a byte up to 8 bits, one in two bytes above. Bits beyond the width are dropped.</summary>
/// <typeparam name="TCode">Byte or ushort.</typeparam>
internal interface ICodes<TCode>
    where TCode : unmanaged
{
    /// <summary>One code.</summary>
    static abstract TCode Of(int code);

    /// <summary>Stores sixteen codes from <paramref name="at"/> on.</summary>
    static abstract void Store(Vector512<int> codes, ref TCode to, nuint at);

    /// <summary>Stores thirty-two codes from <paramref name="at"/> on.</summary>
    static abstract void Store(Vector512<int> first, Vector512<int> second, ref TCode to, nuint at);

    /// <summary>Packs codes of a width into bytes.</summary>
    static abstract void Pack(ReadOnlySpan<TCode> codes, int bits, Span<byte> packed);
}
