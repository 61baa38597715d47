using System.Buffers.Binary;

namespace SweepCluster.Testing.Packages;

/// <summary>A weight file in blob storage version 2, made from its published layout.</summary>
public sealed class WireBlobs
{
    private readonly List<byte> _bytes = [.. new byte[64]];
    private int _count;

    /// <summary>Adds a blob.</summary>
    /// <returns>Offset of its record.</returns>
    public long Add(int type, byte[] data, int paddingBits = 0)
    {
        _bytes.AddRange(new byte[(64 - (_bytes.Count % 64)) % 64]);
        int offset = _bytes.Count;
        byte[] record = new byte[64];
        BinaryPrimitives.WriteUInt32LittleEndian(record, 0xDEADBEEF);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(4), type);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(8), data.Length);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(16), offset + 64);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(24), paddingBits);
        _bytes.AddRange(record);
        _bytes.AddRange(data);
        _count++;
        return offset;
    }

    /// <summary>The file.</summary>
    public byte[] ToBytes()
    {
        byte[] file = [.. _bytes];
        BinaryPrimitives.WriteInt32LittleEndian(file, _count);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(4), 2);
        return file;
    }
}
