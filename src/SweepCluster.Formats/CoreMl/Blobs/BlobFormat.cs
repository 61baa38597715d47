namespace SweepCluster.Formats.CoreMl.Blobs;

/// <summary>Layout of blob storage version 2: a header, then for each blob a record and its data, every one at a multiple of 64 bytes.</summary>
/// <remarks>Header: uint32 number of blobs, uint32 version. Record: uint32 sentinel, uint32 type, uint64 size in bytes, uint64 offset of the data,
/// uint64 unused bits of the last byte, zeros. All little-endian.</remarks>
internal static class BlobFormat
{
    internal const int Alignment = 64;
    internal const int HeaderBytes = 64;
    internal const int RecordBytes = 64;
    internal const uint Version = 2;
    internal const uint Sentinel = 0xDEADBEEF;

    internal static long Align(long offset) => checked((offset + Alignment - 1) / Alignment * Alignment);

    /// <summary>Unused bits in the last byte of <paramref name="count"/> elements.</summary>
    internal static int PaddingBits(int bitWidth, long count) => bitWidth >= 8 ? 0 : (int)((8 - (count % 8 * bitWidth % 8)) % 8);
}
