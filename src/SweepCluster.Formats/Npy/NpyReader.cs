using SweepCluster.Graphs;

namespace SweepCluster.Formats.Npy;

/// <summary>Reads arrays that <c>numpy.save</c> wrote: format versions 1 to 3, either byte order, C order.</summary>
/// <remarks>Source: NumPy Enhancement Proposal 1 and the documentation of numpy.lib.format.</remarks>
public static class NpyReader
{
    private const int FirstChunkBytes = 1 << 20;

    /// <summary>Reads the one array of a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="BadInputException">The file is missing, breaks the format, ends early, goes on after the array, or holds a type that is not supported.</exception>
    public static NpyArray Read(string path)
    {
        using FileStream stream = OpenFile(path);
        NpyArray array = Read(stream, path);
        return stream.Position == stream.Length
            ? array
            : throw NpyFault.At(path, $"byte {stream.Position}", $"{stream.Length - stream.Position} more bytes", "the end of the file");
    }

    /// <summary>Reads one array at the stream's position and leaves the stream behind it.</summary>
    /// <param name="stream">Where the array begins; needs not be seekable.</param>
    /// <param name="file">Name of the stream, for messages.</param>
    /// <exception cref="BadInputException">As for a file.</exception>
    /// <remarks>Where the stream tells its length, the elements are checked against it before they are allocated;
    /// otherwise the buffer grows with what arrives.</remarks>
    public static NpyArray Read(Stream stream, string file) =>
        Read(stream, file, stream.CanSeek ? stream.Length - stream.Position : null);

    /// <summary>Reads one array of which the stream's length is known from elsewhere.</summary>
    internal static NpyArray Read(Stream stream, string file, long? bytesLeft)
    {
        NpyHeader header = NpyHeader.Read(stream, file);
        if (bytesLeft is long left && left - header.HeaderBytes < header.DataBytes)
        {
            throw Short(file, header, left - header.HeaderBytes);
        }

        byte[] bytes = bytesLeft is null ? ReadGrowing(stream, header, file) : new byte[header.DataBytes];
        if (bytesLeft is not null)
        {
            int got = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (got < bytes.Length)
            {
                throw Short(file, header, got);
            }
        }

        ReverseElements(bytes, header.Type.SwapBytes);
        return new(header.Type.Element, header.Shape, bytes);
    }

    /// <summary>Opens a file for reading, with one line where that fails.</summary>
    internal static FileStream OpenFile(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 16);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BadInputException($"{path}: no such file.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"{path}: cannot be opened ({error.Message})", error);
        }
    }

    private static byte[] ReadGrowing(Stream stream, NpyHeader header, string file)
    {
        byte[] bytes = new byte[Math.Min(header.DataBytes, FirstChunkBytes)];
        int got = 0;
        while (true)
        {
            got += stream.ReadAtLeast(bytes.AsSpan(got), bytes.Length - got, throwOnEndOfStream: false);
            if (got < bytes.Length)
            {
                throw Short(file, header, got);
            }

            if (got == header.DataBytes)
            {
                return bytes;
            }

            Array.Resize(ref bytes, (int)Math.Min(header.DataBytes, 2L * bytes.Length));
        }
    }

    private static BadInputException Short(string file, NpyHeader header, long found) =>
        NpyFault.At(file, "elements", $"{found} bytes", $"{header.DataBytes} for {header.Type.Element.Name()} {header.Shape}");

    private static void ReverseElements(Span<byte> bytes, int width)
    {
        for (int i = 0; width > 1 && i < bytes.Length; i += width)
        {
            bytes.Slice(i, width).Reverse();
        }
    }
}
