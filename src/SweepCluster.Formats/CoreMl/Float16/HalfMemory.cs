using System.Buffers;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.Float16;

/// <summary>A float32 tensor as float16, rounded to nearest, ties to even. Converted when it is read, and again after its end was unloaded, so that a model's weights are never in memory together.</summary>
/// <param name="source">The float32 tensor.</param>
internal sealed class HalfMemory(TensorData source) : FileMemory
{
    private readonly int _length = source.Bytes.Length / 2;
    private byte[]? _halves;

    /// <inheritdoc/>
    public override Memory<byte> Memory => CreateMemory(_length);

    /// <inheritdoc/>
    public override Span<byte> GetSpan() => _halves ??= Convert();

    /// <inheritdoc/>
    public override MemoryHandle Pin(int elementIndex = 0) => ((Memory<byte>)(_halves ??= Convert()))[elementIndex..].Pin();

    /// <inheritdoc/>
    public override void Unpin()
    {
        // the handle that Pin gives unpins itself
    }

    /// <inheritdoc/>
    protected override void Unload(int start, int length)
    {
        if (start + length == _length)
        {
            _halves = null; // who walks piece by piece still needs it before
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        // nothing is held but memory
    }

    private byte[] Convert()
    {
        byte[] halves = GC.AllocateUninitializedArray<byte>(_length);
        int at = 0;
        foreach (ReadOnlyMemory<byte> piece in FileMemory.Pieces(source.Bytes))
        {
            TensorPrimitives.ConvertToHalf(MemoryMarshal.Cast<byte, float>(piece.Span), MemoryMarshal.Cast<byte, Half>(halves.AsSpan(at, piece.Length / 2)));
            at += piece.Length / 2;
        }

        return halves;
    }
}
