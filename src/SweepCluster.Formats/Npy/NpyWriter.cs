using System.Buffers.Binary;
using System.Text;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.Npy;

/// <summary>Writes arrays that <c>numpy.load</c> reads: format version 1.0, little-endian, C order.</summary>
public static class NpyWriter
{
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
