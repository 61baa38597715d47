namespace SweepCluster.Formats.Npy;

/// <summary>Passes reads on and keeps the CRC-32 of what passed, as zip files state it (polynomial 0x04C11DB7, reflected).</summary>
internal sealed class Crc32Stream(Stream inner) : Stream
{
    private const int Slices = 8;
    private static readonly uint[] s_table = MakeTable();
    private uint _state = uint.MaxValue;

    /// <summary>Checksum of every byte read so far.</summary>
    public uint Crc => ~_state;

    /// <inheritdoc/>
    public override bool CanRead => true;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => false;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        int got = inner.Read(buffer);
        Append(buffer[..got]);
        return got;
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    // Eight bytes a step: table k holds the effect of a byte that k more bytes follow.
    private void Append(ReadOnlySpan<byte> bytes)
    {
        uint[] table = s_table;
        uint crc = _state;
        for (; bytes.Length >= Slices; bytes = bytes[Slices..])
        {
            crc = table[(7 * 256) + (byte)(crc ^ bytes[0])]
                ^ table[(6 * 256) + (byte)((crc >> 8) ^ bytes[1])]
                ^ table[(5 * 256) + (byte)((crc >> 16) ^ bytes[2])]
                ^ table[(4 * 256) + (byte)((crc >> 24) ^ bytes[3])]
                ^ table[(3 * 256) + bytes[4]]
                ^ table[(2 * 256) + bytes[5]]
                ^ table[(1 * 256) + bytes[6]]
                ^ table[bytes[7]];
        }

        foreach (byte value in bytes)
        {
            crc = table[(byte)(crc ^ value)] ^ (crc >> 8);
        }

        _state = crc;
    }

    private static uint[] MakeTable()
    {
        const uint ReflectedPolynomial = 0xEDB88320;
        uint[] table = new uint[Slices * 256];
        for (uint value = 0; value < 256; value++)
        {
            uint crc = value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ ReflectedPolynomial : crc >> 1;
            }

            table[value] = crc;
        }

        for (int i = 256; i < table.Length; i++)
        {
            table[i] = table[(byte)table[i - 256]] ^ (table[i - 256] >> 8);
        }

        return table;
    }
}
