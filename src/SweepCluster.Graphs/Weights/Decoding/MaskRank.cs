using SweepCluster.Numerics.Sparsity;

namespace SweepCluster.Graphs.Weights.Decoding;

/// <summary>How many ones of a mask stand before an element: where its stored value is.</summary>
internal sealed class MaskRank
{
    private const int Step = 1 << 13; // ones are counted once up to every so many elements; the rest is counted when it is asked for

    private readonly TensorData _mask;
    private readonly int[] _before;

    internal MaskRank(TensorData mask, int count)
    {
        _mask = mask;
        _before = new int[(count / Step) + 1];
        ReadOnlySpan<byte> bits = Bits;
        for (int step = 1; step < _before.Length; step++)
        {
            _before[step] = _before[step - 1] + SparsePacking.Ones(bits, (step - 1) * Step, Step);
        }
    }

    /// <summary>The mask's bits.</summary>
    internal ReadOnlySpan<byte> Bits => _mask.Bytes.Span;

    /// <summary>Ones before an element.</summary>
    internal int Before(int index) => _before[index / Step] + (index % Step == 0 ? 0 : SparsePacking.Ones(Bits, index - (index % Step), index % Step));

    /// <summary>Whether an element's value is stored.</summary>
    internal static bool IsSet(ReadOnlySpan<byte> bits, int index) => (bits[index >> 3] & (1 << (index & 7))) != 0;
}
