using System.Buffers.Binary;
using System.Text;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.Npy;

/// <summary>What stands before the elements: the type and the shape.</summary>
/// <param name="Type">Type of the elements, with their byte order.</param>
/// <param name="Shape">Extents, outermost first.</param>
/// <param name="HeaderBytes">Bytes before the first element.</param>
/// <param name="DataBytes">Bytes of all elements.</param>
internal sealed record NpyHeader(NpyType Type, Shape Shape, long HeaderBytes, long DataBytes)
{
    /// <summary>Reads the header at the stream's position and leaves the stream at the first element.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <exception cref="BadInputException">The bytes are no npy header, or it states what is not supported.</exception>
    public static NpyHeader Read(Stream stream, string file)
    {
        Span<byte> preamble = stackalloc byte[NpyConstants.PreambleBytes];
        int got = stream.ReadAtLeast(preamble, preamble.Length, throwOnEndOfStream: false);
        if (got < preamble.Length || !preamble.StartsWith(NpyConstants.Magic))
        {
            throw NpyFault.At(file, "byte 0", got == 0 ? "an empty file" : $"the bytes {Convert.ToHexString(preamble[..got])}", "an npy file, which begins with 934E554D5059");
        }

        int version = preamble[6];
        if (version is < 1 or > 3)
        {
            throw NpyFault.At(file, "byte 6", $"format version {version}.{preamble[7]}", "1.0, 2.0 or 3.0");
        }

        Span<byte> lengthBytes = stackalloc byte[4];
        lengthBytes.Clear();
        int lengthWidth = version == 1 ? sizeof(ushort) : sizeof(uint);
        ReadFully(stream, lengthBytes[..lengthWidth], file);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(lengthBytes);
        if (length > NpyConstants.MaxHeaderBytes)
        {
            throw NpyFault.At(file, "byte 8", $"a header of {length} bytes", $"at most {NpyConstants.MaxHeaderBytes}");
        }

        byte[] text = new byte[length];
        ReadFully(stream, text, file);
        string dictionary = (version == 3 ? Encoding.UTF8 : Encoding.Latin1).GetString(text);
        return Interpret(NpyHeaderText.Parse(dictionary, file), preamble.Length + lengthWidth + length, file);
    }

    private static NpyHeader Interpret(NpyHeaderText text, long headerBytes, string file)
    {
        if (!NpyType.TryParse(text.Type, out NpyType type))
        {
            throw NpyFault.At(file, "descr", $"the element type '{text.Type}'", NpyType.Accepted);
        }

        if (text.FortranOrder)
        {
            throw NpyFault.At(file, "fortran_order", "an array in Fortran order", "C order (save numpy.ascontiguousarray of it)");
        }

        if (text.Extents.Count > NpyConstants.MaxRank)
        {
            throw NpyFault.At(file, "shape", $"{text.Extents.Count} axes", $"at most {NpyConstants.MaxRank}");
        }

        Int128 bytes = type.ElementBytes;
        foreach (long extent in text.Extents)
        {
            // An extent of 0 makes the array empty, whatever the others are; each must fit by itself all the same.
            bytes = extent > int.MaxValue || bytes > Array.MaxLength ? Int128.MaxValue : bytes * extent;
            if (bytes > Array.MaxLength)
            {
                throw NpyFault.At(file, "shape", $"({string.Join(", ", text.Extents)}) of {type.ElementBytes}-byte elements", $"at most {Array.MaxLength} bytes");
            }
        }

        return new(type, new Shape([.. text.Extents.Select(extent => (int)extent)]), headerBytes, (long)bytes);
    }

    private static void ReadFully(Stream stream, Span<byte> destination, string file)
    {
        int got = stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        if (got < destination.Length)
        {
            throw NpyFault.At(file, "header", $"the end of the file after {got} bytes", $"{destination.Length} bytes");
        }
    }
}
