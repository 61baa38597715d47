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
    public static void Write(string path, TensorData tensor)
    {
        using TemporarySibling sibling = TemporarySibling.CreateFile(path);
        try
        {
            using (FileStream file = new(sibling.Path, FileMode.Truncate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
            {
                Write(file, tensor);
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
        string shape = string.Concat(tensor.Shape.Extents.Select((extent, axis) => axis == 0 ? $"{extent}," : $" {extent},"));
        string text = $"{{'descr': '{NpyType.Describe(tensor.Type)}', 'fortran_order': False, 'shape': ({(tensor.Shape.Rank > 1 ? shape[..^1] : shape)}), }}";

        // The header, the line feed that ends it included, is padded with blanks up to the alignment.
        int before = NpyConstants.PreambleBytes + sizeof(ushort);
        int total = (before + text.Length + 1 + NpyConstants.Alignment - 1) / NpyConstants.Alignment * NpyConstants.Alignment;
        byte[] header = new byte[total];
        NpyConstants.Magic.CopyTo(header);
        header[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(NpyConstants.PreambleBytes), checked((ushort)(total - before)));
        Encoding.ASCII.GetBytes(text.PadRight(total - before - 1) + '\n', header.AsSpan(before));
        stream.Write(header);
        stream.Write(tensor.Bytes.Span);
    }
}
