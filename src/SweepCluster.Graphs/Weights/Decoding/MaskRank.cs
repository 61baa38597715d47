using SweepCluster.Numerics.Sparsity;

namespace SweepCluster.Graphs.Weights.Decoding;

/// <summary>How many ones of a mask stand before an element: where its stored value is.</summary>
internal sealed class MaskRank
{
    private const int Interval = 1 << 13; // ones are counted once up to every so many elements; the rest is counted when it is asked for

    private readonly TensorData _mask;
    private readonly int[] _before;

    internal MaskRank(TensorData mask, int count)
    {
        _mask = mask;
        _before = new int[(count / Interval) + 1];
        ReadOnlySpan<byte> bits = Bits;
        for (int i = 1; i < _before.Length; i++)
        {
            _before[i] = _before[i - 1] + SparsePacking.Ones(bits, (i - 1) * Interval, Interval);
        }
    }

    /// <summary>The mask's bits.</summary>
    internal ReadOnlySpan<byte> Bits => _mask.Bytes.Span;

    /// <summary>Ones before an element.</summary>
    internal int Before(int index) => _before[index / Interval] + (index % Interval == 0 ? 0 : SparsePacking.Ones(Bits, index - (index % Interval), index % Interval));

    /// <summary>Whether an element's value is stored.</summary>
    internal static bool IsSet(ReadOnlySpan<byte> bits, int index) => (bits[index >> 3] & (1 << (index & 7))) != 0;
}
