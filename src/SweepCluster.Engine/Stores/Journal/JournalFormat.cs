using System.Buffers.Binary;

namespace SweepCluster.Engine.Stores.Journal;

/// <summary>
/// The journal's bytes, all little-endian. The file starts with <c>SWEEPJNL</c> and a version (uint32), 4 zero bytes. A record is its payload's length (uint32),
/// a CRC-32C (uint32) over length, base and payload, the base (int64), and the payload: JSON in UTF-8.
/// The base is the length that the file had on disk, flushed, when the record was written. Records that were written together share it, so a reader that
/// finds a broken record can tell a write that never finished (nothing after it was written later) from damage in the middle (something was).
/// </summary>
internal static class JournalFormat
{
    internal const uint Version = 1;
    internal const int HeaderLength = 16;
    internal const int RecordHeaderLength = 16;
    internal const int LargestPayload = 1 << 28;

    internal static ReadOnlySpan<byte> Magic => "SWEEPJNL"u8;

    /// <summary>The file's first bytes.</summary>
    internal static byte[] Header()
    {
        byte[] header = new byte[HeaderLength];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(Magic.Length), Version);
        return header;
    }

    /// <summary>Writes what stands before a payload.</summary>
    internal static void WriteRecordHeader(Span<byte> destination, ReadOnlySpan<byte> payload, long baseOffset)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, (uint)payload.Length);
        BinaryPrimitives.WriteInt64LittleEndian(destination[8..], baseOffset);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[4..], Checksum(destination, payload));
    }

    /// <summary>Reads the record at the start of <paramref name="bytes"/>.</summary>
    /// <returns>False if no whole and sound record starts there.</returns>
    internal static bool TryReadRecord(ReadOnlyMemory<byte> bytes, out ReadOnlyMemory<byte> payload, out long baseOffset)
    {
        payload = default;
        baseOffset = 0;
        if (bytes.Length < RecordHeaderLength)
        {
            return false;
        }

        ReadOnlySpan<byte> header = bytes.Span[..RecordHeaderLength];
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(header);
        if (length == 0 || length > LargestPayload || length > bytes.Length - RecordHeaderLength)
        {
            return false;
        }

        payload = bytes.Slice(RecordHeaderLength, (int)length);
        baseOffset = BinaryPrimitives.ReadInt64LittleEndian(header[8..]);
        return BinaryPrimitives.ReadUInt32LittleEndian(header[4..]) == Checksum(header, payload.Span);
    }

    private static uint Checksum(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        uint running = Crc32C.Append(Crc32C.Start, header[..4]);
        running = Crc32C.Append(running, header[8..RecordHeaderLength]);
        return Crc32C.Finish(Crc32C.Append(running, payload));
    }
}
