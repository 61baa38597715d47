using System.Buffers;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.Files;

/// <summary>Bytes of a mapping, as memory. Keeps the mapping.</summary>
internal sealed unsafe class MappedMemory(FileBytes file, long offset, int length) : FileMemory
{
    /// <inheritdoc/>
    public override Memory<byte> Memory => CreateMemory(length);

    /// <inheritdoc/>
    public override Span<byte> GetSpan() => new(file.At(offset), length);

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => new(file.At(offset + elementIndex), default, this);

    /// <inheritdoc/>
    public override void Unpin()
    {
        // a mapping does not move
    }

    /// <inheritdoc/>
    protected override void Unload(int start, int length) => file.Unload(offset + start, length);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // the file's owner ends the mapping
    }
}
