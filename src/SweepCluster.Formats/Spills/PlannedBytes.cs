using System.Buffers;

namespace SweepCluster.Formats.Spills;

/// <summary>Bytes that are known by their number only. Who looks at them all the same finds zeros, which are made then.</summary>
/// <param name="length">How many.</param>
internal sealed class PlannedBytes(int length) : MemoryManager<byte>
{
    private readonly Lazy<byte[]> _zeros = new(() => new byte[length]);

    /// <inheritdoc/>
    public override Memory<byte> Memory => CreateMemory(length);

    /// <inheritdoc/>
    public override Span<byte> GetSpan() => _zeros.Value;

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => _zeros.Value.AsMemory(elementIndex).Pin();

    /// <inheritdoc/>
    public override void Unpin()
    {
        // the array's own handle does
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // nothing is held but memory
    }
}
