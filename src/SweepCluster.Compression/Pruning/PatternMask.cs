using System.Numerics;
using SweepCluster.Numerics.Sparsity;

namespace SweepCluster.Compression.Pruning;

/// <summary>n:m patterns: of every m consecutive channels, each position of the other axes on its own, the n smallest magnitudes go.</summary>
/// <remarks>Where m does not divide the channels the last run is filled up with zeros, which count as smallest. Among equals the lowest channel goes first.</remarks>
internal static class PatternMask
{
    // Up to here comparing every pair is cheaper than sorting.
    private const int ShortRun = 32;

    /// <summary>Makes the mask: 1 where an element stays and is not 0.</summary>
    internal static byte[] Of<T>(ReadOnlySpan<T> numbers, AxisView view, int n, int m)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>, IMinMaxValue<T>
    {
        byte[] mask = new byte[SparsePacking.MaskLength(numbers.Length)];
        T noSign = T.MaxValue >>> 1;
        Span<uint> run = new uint[m];
        Span<bool> goes = new bool[m];
        ulong[] order = m > ShortRun ? new ulong[m] : [];
        for (int outer = 0; outer < view.Outer; outer++)
        {
            for (int channel = 0; channel < view.Channels; channel += m)
            {
                int start = ((outer * view.Channels) + channel) * view.Inner, length = Math.Min(m, view.Channels - channel);
                run[length..].Clear();
                for (int inner = 0; inner < view.Inner; inner++)
                {
                    for (int i = 0; i < length; i++)
                    {
                        run[i] = uint.CreateTruncating(numbers[start + inner + (i * view.Inner)] & noSign);
                    }

                    Choose(run, n, goes, order);
                    for (int i = 0; i < length; i++)
                    {
                        int at = start + inner + (i * view.Inner);
                        mask[at >> 3] |= (byte)((goes[i] || run[i] == 0 ? 0 : 1) << (at & 7));
                    }
                }
            }
        }

        return mask;
    }

    // Marks the n smallest.
    private static void Choose(ReadOnlySpan<uint> run, int n, Span<bool> goes, ulong[] order)
    {
        if (order.Length == 0)
        {
            for (int i = 0; i < run.Length; i++)
            {
                int smaller = 0;
                for (int other = 0; other < run.Length; other++)
                {
                    smaller += run[other] < run[i] || (run[other] == run[i] && other < i) ? 1 : 0;
                }

                goes[i] = smaller < n;
            }

            return;
        }

        for (int i = 0; i < run.Length; i++)
        {
            order[i] = ((ulong)run[i] << 32) | (uint)i;
        }

        Array.Sort(order);
        for (int i = 0; i < order.Length; i++)
        {
            goes[(int)(uint)order[i]] = i < n;
        }
    }
}
