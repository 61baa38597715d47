using System.Buffers;
using System.Runtime.InteropServices;

namespace SweepCluster.Graphs;

/// <summary>Memory that shows bytes of a file. Its pages take room only from when they are read until they are unloaded; reading them again brings them back.</summary>
/// <remarks>A span of such memory does not keep the file open, so whoever works on one calls <see cref="Unload(ReadOnlyMemory{byte})"/> when done: the memory stays valid until then.</remarks>
public abstract class FileMemory : MemoryManager<byte>
{
    private const int PieceBytes = 4 << 20;

    /// <summary>Says that bytes of any memory are not needed for now. Where they are a file's, their pages are given back to the system; nothing happens to other memory.</summary>
    public static void Unload(ReadOnlyMemory<byte> bytes)
    {
        if (MemoryMarshal.TryGetMemoryManager(bytes, out FileMemory? file, out int start, out int length))
        {
            file.Unload(start, length);
        }
    }

    /// <summary>Walks any memory piece by piece, at most 4 MiB each, and unloads every piece that is behind.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Pieces(ReadOnlyMemory<byte> bytes)
    {
        for (int at = 0; at < bytes.Length; at += Math.Min(PieceBytes, bytes.Length - at))
        {
            ReadOnlyMemory<byte> piece = bytes.Slice(at, Math.Min(PieceBytes, bytes.Length - at));
            yield return piece;
            Unload(piece);
        }
    }

    /// <summary>Gives back the pages of some of the bytes.</summary>
    /// <param name="start">Index of the first.</param>
    /// <param name="length">How many.</param>
    protected abstract void Unload(int start, int length);
}
