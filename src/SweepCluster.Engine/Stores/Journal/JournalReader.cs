using System.Buffers.Binary;
using System.Text.Json;
using SweepCluster.Graphs;

namespace SweepCluster.Engine.Stores.Journal;

/// <summary>Reads a journal from its start and finds where its sound part ends.</summary>
internal static class JournalReader
{
    /// <summary>Reads every record, in order.</summary>
    /// <param name="path">The journal.</param>
    /// <param name="receive">Gets each record's payload; throws <see cref="JsonException"/> at what it does not know.</param>
    /// <returns>Length of the sound part, in bytes: what follows is a write that never finished. 0 where not even the header is whole.</returns>
    /// <exception cref="BadInputException">No journal, a newer version's, or one that is damaged before its end; names file and byte.</exception>
    internal static long Read(string path, JournalReceiver receive)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return Read(path, file, receive);
    }

    private static long Read(string path, FileStream file, JournalReceiver receive)
    {
        JournalWindow window = new(file);
        ReadOnlyMemory<byte> header = window.Peek(0, JournalFormat.HeaderLength);
        int sound = Math.Min(header.Length, JournalFormat.Magic.Length);
        if (!header.Span[..sound].SequenceEqual(JournalFormat.Magic[..sound]))
        {
            throw new BadInputException($"{path}, byte 0: found no journal of a sweep, expected SWEEPJNL.");
        }

        if (header.Length < JournalFormat.HeaderLength)
        {
            return 0;
        }

        uint version = BinaryPrimitives.ReadUInt32LittleEndian(header.Span[JournalFormat.Magic.Length..]);
        if (version != JournalFormat.Version)
        {
            throw new BadInputException(
                $"{path}: found a journal of version {version}, this program reads version {JournalFormat.Version}; use the program that wrote it, or a newer one.");
        }

        long offset = JournalFormat.HeaderLength;
        while (offset < file.Length)
        {
            ReadOnlyMemory<byte> record = window.PeekRecord(offset);
            if (!JournalFormat.TryReadRecord(record, out ReadOnlyMemory<byte> payload, out _))
            {
                ThrowIfWrittenAfter(path, file, window, offset);
                return offset;
            }

            Receive(path, offset, payload.Span, receive);
            offset += JournalFormat.RecordHeaderLength + payload.Length;
        }

        return offset;
    }

    /// <summary>A broken record is a write that never finished, unless a sound record follows that was written when the broken one was on disk already.</summary>
    private static void ThrowIfWrittenAfter(string path, FileStream file, JournalWindow window, long broken)
    {
        for (long offset = broken + 1; offset <= file.Length - JournalFormat.RecordHeaderLength; offset++)
        {
            if (JournalFormat.TryReadRecord(window.PeekRecord(offset), out _, out long baseOffset) && baseOffset > broken)
            {
                throw new BadInputException(
                    $"{path}, byte {broken}: found a damaged record, expected a sound one; the next sound one starts at byte {offset}. Restore the file from a copy, or start again in an empty folder.");
            }
        }
    }

    private static void Receive(string path, long offset, ReadOnlySpan<byte> payload, JournalReceiver receive)
    {
        try
        {
            receive(payload, offset + JournalFormat.RecordHeaderLength);
        }
        catch (Exception unknown) when (unknown is JsonException or NotSupportedException)
        {
            throw new BadInputException($"{path}, byte {offset}: found a record that this program does not know ({unknown.Message}).", unknown);
        }
    }
}

/// <summary>Gets a record's payload and where it lies in the file.</summary>
internal delegate void JournalReceiver(ReadOnlySpan<byte> payload, long position);
