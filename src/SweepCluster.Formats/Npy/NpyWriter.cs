using System.Buffers.Binary;
using System.Text;
using SweepCluster.Formats.Files;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.Npy;

/// <summary>Writes arrays that <c>numpy.load</c> reads: format version 1.0, little-endian, C order.</summary>
public static class NpyWriter
{
    /// <summary>Writes one array to a new file, whole or not at all.</summary>
    /// <param name="path">Where to; must not exist.</param>
    /// <param name="tensor">The elements; of a type that NumPy has.</param>
    /// <exception cref="BadInputException">The path exists, or nothing can be made there.</exception>
    /// <exception cref="WriteFailedException">Writing failed once it had begun; nothing is left.</exception>
    /// <exception cref="ArgumentException">NumPy has no such type: a sub-byte type or bfloat16.</exception>
    public static void Write(string path, TensorData tensor) => Write(path, tensor.Type, tensor.Shape, [tensor.Bytes]);

    /// <summary>Writes one array to a new file, whole or not at all, from pieces of it.</summary>
    /// <param name="path">Where to; must not exist.</param>
    /// <param name="type">Type of the elements; one that NumPy has.</param>
    /// <param name="shape">The array's shape.</param>
    /// <param name="pieces">The elements' bytes, row-major; each piece is written before the next one is asked for.</param>
    /// <exception cref="BadInputException">The path exists, or nothing can be made there.</exception>
    /// <exception cref="WriteFailedException">Writing failed once it had begun; nothing is left.</exception>
    /// <exception cref="ArgumentException">NumPy has no such type: a sub-byte type or bfloat16.</exception>
    public static void Write(string path, ElementType type, Shape shape, IEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        using TemporarySibling sibling = TemporarySibling.CreateFile(path);
        try
        {
            using (FileStream file = new(sibling.Path, FileMode.Truncate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
            {
                WriteHeader(file, type, shape);
                foreach (ReadOnlyMemory<byte> piece in pieces)
                {
                    file.Write(piece.Span);
                }

                file.Flush(flushToDisk: true);
            }

            sibling.MoveToTarget();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw sibling.Failed(exception);
        }
    }

    /// <summary>Writes one array.</summary>
    /// <param name="stream">Receives header and elements.</param>
    /// <param name="tensor">The elements; of a type that NumPy has.</param>
    /// <exception cref="ArgumentException">NumPy has no such type: a sub-byte type or bfloat16.</exception>
    public static void Write(Stream stream, TensorData tensor)
    {
        WriteHeader(stream, tensor.Type, tensor.Shape);
        stream.Write(tensor.Bytes.Span);
    }

    private static void WriteHeader(Stream stream, ElementType type, Shape shape)
    {
        string extents = string.Concat(shape.Extents.Select((extent, axis) => axis == 0 ? $"{extent}," : $" {extent},"));
        string text = $"{{'descr': '{NpyType.Describe(type)}', 'fortran_order': False, 'shape': ({(shape.Rank > 1 ? extents[..^1] : extents)}), }}";

        // The header, the line feed that ends it included, is padded with blanks up to the alignment.
        int before = NpyConstants.PreambleBytes + sizeof(ushort);
        int total = (before + text.Length + 1 + NpyConstants.Alignment - 1) / NpyConstants.Alignment * NpyConstants.Alignment;
        byte[] header = new byte[total];
        NpyConstants.Magic.CopyTo(header);
        header[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(NpyConstants.PreambleBytes), checked((ushort)(total - before)));
        Encoding.ASCII.GetBytes(text.PadRight(total - before - 1) + '\n', header.AsSpan(before));
        stream.Write(header);
    }
}
