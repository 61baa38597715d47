using System.Buffers.Binary;
using SweepCluster.Formats.CoreMl.Packages;
using SweepCluster.Formats.Files;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.Blobs;

/// <summary>A weight file in blob storage version 2. Blobs are slices of it: of its bytes in memory where it is small, of a mapping otherwise.</summary>
internal sealed class BlobFile : IDisposable
{
    private readonly FileBytes _bytes;
    private IReadOnlyDictionary<ulong, Blob>? _added;

    private BlobFile(string path, FileBytes bytes)
    {
        Path = path;
        _bytes = bytes;
    }

    /// <summary>Where it lies, for messages.</summary>
    internal string Path { get; }

    /// <summary>Bytes of it in memory: all of them where it was read, none where it is mapped.</summary>
    internal long BytesRead => _bytes.IsMapped ? 0 : _bytes.Length;

    /// <summary>Opens a weight file and checks its header.</summary>
    /// <param name="path">The file.</param>
    /// <param name="readLimit">Longest length that is read and not mapped.</param>
    /// <exception cref="BadInputException">The file is missing, cannot be read or does not start as blob storage version 2 does.</exception>
    internal static BlobFile Open(string path, long readLimit = long.MaxValue) => From(path, PackageFile.OpenBytes(path, "a weight file", readLimit));

    /// <summary>A weight file whose bytes are in memory already.</summary>
    internal static BlobFile FromBytes(string path, ReadOnlyMemory<byte> bytes) => From(path, FileBytes.Of(path, bytes));

    /// <summary>Closes the file; blobs of it must not be used any more.</summary>
    public void Dispose() => _bytes.Dispose();

    /// <summary>The same file with blobs beside its own, which no file holds yet.</summary>
    /// <param name="added">The blobs by the offsets that a program has for them; none is an offset in the file.</param>
    internal BlobFile With(IReadOnlyDictionary<ulong, Blob> added) => new(Path, _bytes) { _added = added };

    /// <summary>The blob whose record starts at an offset.</summary>
    /// <param name="offset">Offset of the record, as the program has it.</param>
    /// <param name="place">Where in the program the offset stands, for messages.</param>
    /// <exception cref="BadInputException">The record or its data lie outside the file, or the record is none.</exception>
    internal Blob Read(ulong offset, string place)
    {
        if (_added is not null && _added.TryGetValue(offset, out Blob made))
        {
            return made;
        }

        ulong length = (ulong)_bytes.Length;
        if (offset < BlobFormat.HeaderBytes || offset % BlobFormat.Alignment != 0 || offset > length || length - offset < BlobFormat.RecordBytes)
        {
            throw Fault(offset, place, $"an offset of a record in a file of {length} bytes",
                $"a multiple of {BlobFormat.Alignment} from {BlobFormat.HeaderBytes} to {Math.Max(BlobFormat.HeaderBytes, (long)length - BlobFormat.RecordBytes)}");
        }

        ReadOnlySpan<byte> record = _bytes.Slice((long)offset, BlobFormat.RecordBytes).Span;
        uint sentinel = BinaryPrimitives.ReadUInt32LittleEndian(record);
        if (sentinel != BlobFormat.Sentinel)
        {
            throw Fault(offset, place, $"0x{sentinel:X8}", $"a record's sentinel 0x{BlobFormat.Sentinel:X8}");
        }

        BlobType type = (BlobType)BinaryPrimitives.ReadUInt32LittleEndian(record[4..]);
        if (type.BitWidth() is not int bits)
        {
            throw Fault(offset + 4, place, $"blob type {(uint)type}", "a type from 1 to 17");
        }

        ulong size = BinaryPrimitives.ReadUInt64LittleEndian(record[8..]);
        ulong start = BinaryPrimitives.ReadUInt64LittleEndian(record[16..]);
        if (start % BlobFormat.Alignment != 0 || start > length || size > length - start)
        {
            throw Fault(offset + 8, place, $"data of {size} bytes at byte {start}", $"data at a multiple of {BlobFormat.Alignment}, inside the file's {length} bytes");
        }

        if (size > (ulong)Array.MaxLength)
        {
            throw Fault(offset + 8, place, $"data of {size} bytes", $"at most {Array.MaxLength} in one blob");
        }

        // Types of whole bytes have no unused bits; what older tools left in the field means nothing there.
        ulong padding = bits < 8 ? BinaryPrimitives.ReadUInt64LittleEndian(record[24..]) : 0;
        return padding < 8
            ? new Blob(type, _bytes.Slice((long)start, (int)size), (int)padding)
            : throw Fault(offset + 24, place, $"{padding} padding bits", "0 to 7");
    }

    private static BlobFile From(string path, FileBytes bytes)
    {
        BadInputException? fault = null;
        if (bytes.Length < BlobFormat.HeaderBytes)
        {
            fault = new($"{path}, byte 0: found a file of {bytes.Length} bytes, expected a header of {BlobFormat.HeaderBytes} bytes.");
        }
        else if (BinaryPrimitives.ReadUInt32LittleEndian(bytes.Slice(4, sizeof(uint)).Span) is not BlobFormat.Version and uint version)
        {
            fault = new($"{path}, byte 4: found blob storage version {version}, expected {BlobFormat.Version}.");
        }

        if (fault is null)
        {
            return new BlobFile(path, bytes);
        }

        bytes.Dispose();
        throw fault;
    }

    private BadInputException Fault(ulong offset, string place, string found, string expected) =>
        new($"{Path}, byte {offset} ({place}): found {found}, expected {expected}.");
}
