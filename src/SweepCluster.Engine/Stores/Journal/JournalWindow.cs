using System.Buffers.Binary;

namespace SweepCluster.Engine.Stores.Journal;

/// <summary>Looks at a journal of any length through a buffer that moves forward.</summary>
internal sealed class JournalWindow(FileStream file)
{
    private const int SmallestRead = 1 << 20;

    private byte[] _buffer = new byte[SmallestRead];
    private long _start;
    private int _length;

    /// <summary>Up to <paramref name="count"/> bytes at an offset: fewer where the file ends before. Valid until the next call.</summary>
    internal ReadOnlyMemory<byte> Peek(long offset, int count)
    {
        count = (int)Math.Min(count, Math.Max(0, file.Length - offset));
        if (offset < _start || offset + count > _start + _length)
        {
            Fill(offset, count);
        }

        return _buffer.AsMemory((int)(offset - _start), (int)Math.Min(count, _start + _length - offset));
    }

    /// <summary>The bytes that a record at this offset takes by its own statement; fewer where the file ends before.</summary>
    internal ReadOnlyMemory<byte> PeekRecord(long offset)
    {
        ReadOnlyMemory<byte> header = Peek(offset, JournalFormat.RecordHeaderLength);
        if (header.Length < JournalFormat.RecordHeaderLength)
        {
            return header;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(header.Span);
        return length > JournalFormat.LargestPayload || length > file.Length - offset - JournalFormat.RecordHeaderLength
            ? header
            : Peek(offset, JournalFormat.RecordHeaderLength + (int)length);
    }

    private void Fill(long offset, int count)
    {
        if (_buffer.Length < count)
        {
            _buffer = new byte[count];
        }

        _start = offset;
        _length = 0;
        while (_length < _buffer.Length)
        {
            int read = RandomAccess.Read(file.SafeFileHandle, _buffer.AsSpan(_length), offset + _length);
            if (read == 0)
            {
                break;
            }

            _length += read;
        }
    }
}
