using System.Buffers.Binary;
using System.IO.Compression;
using SweepCluster.Formats.Npy;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.Idx;

/// <summary>Reads arrays in the idx format, in which MNIST and its kin are published (<c>t10k-images-idx3-ubyte</c>), plain or compressed by gzip.</summary>
/// <remarks>Source: the format's description on the site of the MNIST database: two zero bytes, a type, a rank, extents and elements, all big-endian.</remarks>
public static class IdxReader
{
    private const int PreambleBytes = 4;
    private const int FirstChunkBytes = 1 << 20;
    private const byte MaxRank = 8;

    private static readonly byte[] s_gzip = [0x1F, 0x8B];

    /// <summary>Whether a file begins as an idx file does: two zero bytes, then a type and a rank that there are.</summary>
    /// <param name="path">The file; false where there is none.</param>
    public static bool Recognizes(string path)
    {
        try
        {
            using Stream stream = Open(path);
            Span<byte> preamble = stackalloc byte[PreambleBytes];
            return stream.ReadAtLeast(preamble, preamble.Length, throwOnEndOfStream: false) == preamble.Length
                && preamble[0] == 0 && preamble[1] == 0 && TypeOf(preamble[2]) is not null && preamble[3] is >= 1 and <= MaxRank;
        }
        catch (Exception exception) when (exception is BadInputException or IOException or InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>Reads the one array of a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">The file is missing, breaks the format, ends early, or goes on after the array.</exception>
    public static NpyArray Read(string path)
    {
        try
        {
            using Stream stream = Open(path);
            return Read(stream, path, stream.CanSeek ? stream.Length : null);
        }
        catch (InvalidDataException exception)
        {
            throw new BadInputException($"{path}: found compressed bytes that are broken ({exception.Message.TrimEnd('.')}), expected gzip.", exception);
        }
    }

    private static NpyArray Read(Stream stream, string path, long? length)
    {
        Span<byte> preamble = stackalloc byte[PreambleBytes];
        int got = stream.ReadAtLeast(preamble, preamble.Length, throwOnEndOfStream: false);
        ElementType type = got == preamble.Length && preamble[0] == 0 && preamble[1] == 0 && TypeOf(preamble[2]) is { } known && preamble[3] is >= 1 and <= MaxRank
            ? known
            : throw NpyFault.At(path, "byte 0", $"the bytes {Convert.ToHexString(preamble[..got])}", $"0000, a type (08, 09, 0B to 0E) and 1 to {MaxRank} axes");
        (Shape shape, int bytes) = ReadShape(stream, path, preamble[3], type);
        long before = PreambleBytes + (4L * shape.Rank);
        if (length is { } whole && whole - before != bytes)
        {
            throw Unequal(path, whole - before, bytes, type, shape);
        }

        byte[] elements = ReadElements(stream, path, bytes, type, shape);
        int width = type.BitWidth() / 8;
        for (int i = 0; width > 1 && i < elements.Length; i += width)
        {
            elements.AsSpan(i, width).Reverse();
        }

        return new NpyArray(type, shape, elements);
    }

    private static (Shape Shape, int Bytes) ReadShape(Stream stream, string path, int rank, ElementType type)
    {
        Span<byte> bytes = stackalloc byte[4 * MaxRank];
        bytes = bytes[..(4 * rank)];
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            throw NpyFault.At(path, "extents", "the end of the file", $"{rank} extents");
        }

        int[] extents = new int[rank];
        Int128 count = type.BitWidth() / 8;
        for (int axis = 0; axis < rank; axis++)
        {
            uint extent = BinaryPrimitives.ReadUInt32BigEndian(bytes[(4 * axis)..]);
            count = extent > int.MaxValue || count > Array.MaxLength ? Int128.MaxValue : count * extent;
            extents[axis] = count <= Array.MaxLength ? (int)extent : throw NpyFault.At(path, "extents", $"{extent} elements on axis {axis}", $"at most {Array.MaxLength} bytes");
        }

        return (new Shape(extents), (int)count);
    }

    // A compressed file does not tell its length: the buffer grows with what arrives.
    private static byte[] ReadElements(Stream stream, string path, int count, ElementType type, Shape shape)
    {
        byte[] elements = new byte[stream.CanSeek ? count : Math.Min(count, FirstChunkBytes)];
        int got = 0;
        while (true)
        {
            got += stream.ReadAtLeast(elements.AsSpan(got), elements.Length - got, throwOnEndOfStream: false);
            if (got < elements.Length)
            {
                throw Unequal(path, got, count, type, shape);
            }

            if (got == count)
            {
                return stream.ReadByte() < 0 ? elements : throw NpyFault.At(path, "elements", $"more than {count} bytes", $"{count} for {type.Name()} {shape}");
            }

            Array.Resize(ref elements, (int)Math.Min(count, 2L * elements.Length));
        }
    }

    private static Stream Open(string path)
    {
        FileStream file = NpyReader.OpenFile(path);
        Span<byte> first = stackalloc byte[s_gzip.Length];
        bool isCompressed = file.ReadAtLeast(first, first.Length, throwOnEndOfStream: false) == first.Length && first.SequenceEqual(s_gzip);
        file.Position = 0;
        return isCompressed ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    private static BadInputException Unequal(string path, long found, long expected, ElementType type, Shape shape) =>
        NpyFault.At(path, "elements", $"{found} bytes", $"{expected} for {type.Name()} {shape}");

    private static ElementType? TypeOf(byte code) => code switch
    {
        0x08 => ElementType.UInt8,
        0x09 => ElementType.Int8,
        0x0B => ElementType.Int16,
        0x0C => ElementType.Int32,
        0x0D => ElementType.Float32,
        0x0E => ElementType.Float64,
        _ => null,
    };
}
