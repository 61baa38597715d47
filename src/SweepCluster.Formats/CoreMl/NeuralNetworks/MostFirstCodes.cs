using System.Buffers;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks;

/// <summary>Codes packed most significant bit first, as soon as somebody asks for their bytes: how many there are is known before, so that a model is measured without any.</summary>
/// <param name="codes">Codes of up to 8 bits, packed least significant bit first.</param>
internal sealed class MostFirstCodes(TensorData codes) : MemoryManager<byte>
{
    private readonly Lazy<byte[]> _packed = new(() => BitOrder.Reversed(codes.Bytes.Span, codes.Type.BitWidth(), checked((int)codes.Shape.ElementCount), mostFirst: false));

    /// <inheritdoc/>
    public override Memory<byte> Memory => CreateMemory(checked((int)(((codes.Shape.ElementCount * codes.Type.BitWidth()) + 7) / 8)));

    /// <summary>Whether somebody asked.</summary>
    internal bool IsPacked => _packed.IsValueCreated;

    /// <inheritdoc/>
    public override Span<byte> GetSpan() => _packed.Value;

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => _packed.Value.AsMemory(elementIndex).Pin();

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
