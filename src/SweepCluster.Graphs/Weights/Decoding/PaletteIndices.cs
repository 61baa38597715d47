using SweepCluster.Numerics.Packing;

namespace SweepCluster.Graphs.Weights.Decoding;

/// <summary>Indices into palettes, one a byte, a few at a time.</summary>
internal sealed class PaletteIndices
{
    private readonly TensorData _stored;
    private readonly byte[] _codes;

    /// <param name="stored">The packed indices.</param>
    /// <param name="room">The most that are asked for at once, and <see cref="BitPacking.CodesPerStep"/> more.</param>
    /// <exception cref="BadInputException">They are no integers of at most 8 bits.</exception>
    internal PaletteIndices(TensorData stored, int room)
    {
        if (!stored.Type.IsInteger() || stored.Type.BitWidth() > 8)
        {
            throw new BadInputException($"compressed weight {stored.Shape}: found indices of {stored.Type.Name()}, expected integers of at most 8 bits.");
        }

        _stored = stored;
        _codes = new byte[room];
    }

    /// <summary>Some of them; valid until others are asked for.</summary>
    internal ReadOnlySpan<byte> Read(int start, int length)
    {
        int bits = _stored.Type.BitWidth(), before = start % BitPacking.CodesPerStep;
        BitPacking.Unpack(_stored.Bytes.Span[(start / BitPacking.CodesPerStep * bits)..], bits, _codes.AsSpan(0, before + length));
        return _codes.AsSpan(before, length);
    }
}
