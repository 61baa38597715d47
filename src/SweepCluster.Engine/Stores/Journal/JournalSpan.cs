namespace SweepCluster.Engine.Stores.Journal;

/// <summary>A piece of the journal's text that is read when it is asked for.</summary>
/// <param name="Position">Its first byte in the file.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Checksum">CRC-32C of them, taken while the record around them was known to be sound.</param>
internal readonly record struct JournalSpan(long Position, int Length, uint Checksum)
{
    /// <summary>A piece of a record's payload.</summary>
    internal static JournalSpan Of(ReadOnlySpan<byte> payload, long payloadPosition, Range piece)
    {
        (int offset, int length) = piece.GetOffsetAndLength(payload.Length);
        return new JournalSpan(payloadPosition + offset, length, Sum(payload.Slice(offset, length)));
    }

    internal static uint Sum(ReadOnlySpan<byte> bytes) => Crc32C.Finish(Crc32C.Append(Crc32C.Start, bytes));
}
