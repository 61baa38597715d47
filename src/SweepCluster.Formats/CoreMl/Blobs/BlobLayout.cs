using System.Buffers.Binary;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.Blobs;

/// <summary>A weight file to be written: blobs one after another, each record and each blob's data at a multiple of 64, nothing after the last.</summary>
internal sealed class BlobLayout
{
    private readonly List<(long Offset, Blob Blob)> _blobs = [];

    /// <summary>Length of the file in bytes.</summary>
    internal long Length { get; private set; } = BlobFormat.HeaderBytes;

    /// <summary>The blobs with the offsets of their records, ascending.</summary>
    internal IReadOnlyList<(long Offset, Blob Blob)> Blobs => _blobs;

    /// <summary>Adds a blob behind the others.</summary>
    /// <returns>Offset of its record.</returns>
    internal ulong Add(Blob blob)
    {
        long offset = BlobFormat.Align(Length);
        _blobs.Add((offset, blob));
        Length = checked(offset + BlobFormat.RecordBytes + blob.Data.Length);
        return (ulong)offset;
    }

    /// <summary>Writes the file; the blobs come piece by piece from where they lie.</summary>
    internal void WriteTo(Stream stream)
    {
        Span<byte> record = stackalloc byte[BlobFormat.RecordBytes];
        record.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(record, _blobs.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], BlobFormat.Version);
        stream.Write(record);
        long end = BlobFormat.HeaderBytes;
        foreach ((long offset, Blob blob) in _blobs)
        {
            record.Clear();
            stream.Write(record[..(int)(offset - end)]);
            BinaryPrimitives.WriteUInt32LittleEndian(record, BlobFormat.Sentinel);
            BinaryPrimitives.WriteUInt32LittleEndian(record[4..], (uint)blob.Type);
            BinaryPrimitives.WriteInt64LittleEndian(record[8..], blob.Data.Length);
            BinaryPrimitives.WriteInt64LittleEndian(record[16..], offset + BlobFormat.RecordBytes);
            BinaryPrimitives.WriteInt64LittleEndian(record[24..], blob.PaddingBits);
            stream.Write(record);
            foreach (ReadOnlyMemory<byte> piece in FileMemory.Pieces(blob.Data))
            {
                stream.Write(piece.Span);
            }

            end = offset + BlobFormat.RecordBytes + blob.Data.Length;
        }
    }
}
