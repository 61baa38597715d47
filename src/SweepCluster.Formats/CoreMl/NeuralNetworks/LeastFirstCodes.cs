using System.Buffers;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks;

/// <summary>Codes of fewer than 8 bits as tensors have them, while somebody looks at them: who lists a model's weights needs none of them, who decodes one weight after another not all of them.</summary>
/// <param name="stored">The codes as the model file has them, packed most significant bit first.</param>
/// <param name="bits">Bits of one.</param>
/// <param name="count">How many.</param>
internal sealed class LeastFirstCodes(ReadOnlyMemory<byte> stored, int bits, int count) : MemoryManager<byte>
{
    private readonly WeakReference<byte[]> _packed = new([]);

    /// <inheritdoc/>
    public override Memory<byte> Memory => CreateMemory((int)(((long)count * bits + 7) / 8));

    /// <inheritdoc/>
    public override Span<byte> GetSpan() => Packed();

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => Packed().AsMemory(elementIndex).Pin();

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

    private byte[] Packed()
    {
        if (_packed.TryGetTarget(out byte[]? packed) && packed.Length > 0)
        {
            return packed;
        }

        packed = BitOrder.Reversed(stored.Span, bits, count, mostFirst: true);
        FileMemory.Unload(stored);
        _packed.SetTarget(packed);
        return packed;
    }
}
