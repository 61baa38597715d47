using System.Buffers;
using System.Runtime.InteropServices;

namespace SweepCluster.Compression;

/// <summary>Bytes seen as the float32 numbers that they store, without a copy.</summary>
internal sealed class CastMemory(ReadOnlyMemory<byte> bytes) : MemoryManager<float>
{
    /// <inheritdoc/>
    public override Span<float> GetSpan() => MemoryMarshal.Cast<byte, float>(MemoryMarshal.AsMemory(bytes).Span);

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => bytes[(elementIndex * sizeof(float))..].Pin();

    /// <inheritdoc/>
    public override void Unpin()
    {
        // the handle that Pin gives unpins itself
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
    }
}
