using System.Buffers;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.NeuralNetworks;

/// <summary>Codes packed most significant bit first, as soon as somebody asks for their bytes: how many there are is known before, so that a model is measured without any.</summary>
/// <param name="codes">Codes of up to 8 bits, packed least significant bit first.</param>
internal sealed class MostFirstCodes(TensorData codes) : MemoryManager<byte>
{
    private const int PieceCodes = 1 << 20; // a multiple of 8, so that every piece starts at a byte

    private readonly Lazy<byte[]> _packed = new(() => BitOrder.Reversed(codes.Bytes.Span, codes.Type.BitWidth(), checked((int)codes.Shape.ElementCount), mostFirst: false));

    /// <inheritdoc/>
    public override Memory<byte> Memory => CreateMemory(checked((int)(((codes.Shape.ElementCount * codes.Type.BitWidth()) + 7) / 8)));

    /// <summary>Whether somebody asked.</summary>
    internal bool IsPacked => _packed.IsValueCreated;

    /// <summary>The same bytes piece by piece, without packing all of them; a piece is good until the next.</summary>
    internal IEnumerable<ReadOnlyMemory<byte>> Pieces()
    {
        int bits = codes.Type.BitWidth(), count = checked((int)codes.Shape.ElementCount);
        byte[] piece = new byte[((long)Math.Min(count, PieceCodes) * bits + 7) / 8];
        for (int done = 0; done < count; done += PieceCodes)
        {
            int part = Math.Min(PieceCodes, count - done), length = (int)(((long)part * bits + 7) / 8);
            ReadOnlyMemory<byte> source = codes.Bytes.Slice((int)((long)done * bits / 8), length);
            BitOrder.Reverse(source.Span, bits, part, mostFirst: false, piece.AsSpan(0, length));
            FileMemory.Unload(source);
            yield return piece.AsMemory(0, length);
        }
    }

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
