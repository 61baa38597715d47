using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace SweepCluster.Compression;

/// <summary>Bytes seen as the numbers that they store, without a copy.</summary>
/// <typeparam name="T">Their type, little-endian.</typeparam>
internal sealed class CastMemory<T>(ReadOnlyMemory<byte> bytes) : MemoryManager<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    public override Span<T> GetSpan() => MemoryMarshal.Cast<byte, T>(MemoryMarshal.AsMemory(bytes).Span);

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => bytes[(elementIndex * Unsafe.SizeOf<T>())..].Pin();

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
