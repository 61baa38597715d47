using System.Numerics;
using System.Runtime.InteropServices;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Numerics.Sparsity;

namespace SweepCluster.Compression.Pruning;

/// <summary>Prunes exactly floor(n times sparsity) elements, of equal magnitudes those of the lowest index first.</summary>
/// <remarks>All below one magnitude go. Of those at it the first ones go too: they are packed with the others and then taken out again.</remarks>
internal static class ExactTies
{
    /// <summary>Prunes a dense weight.</summary>
    /// <returns>The weight, or null where some value is not finite. More elements than asked for are left out only where more of them were 0 before.</returns>
    internal static SparseWeight? Prune<T>(Weight weight, double sparsity, int threads)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>, IMinMaxValue<T>
    {
        TensorData source = SparsePacker.Source(weight);
        ReadOnlySpan<T> numbers = SparsePacker.Numbers<T>(source);
        int goes = MagnitudePercentile.FloorOf(sparsity, numbers.Length);
        T last = goes == 0 ? T.Zero : MagnitudeSelection.AtRank<T>(source.Bytes, goes - 1, threads).Low;
        if (T.IsZero(last))
        {
            return SparsePacker.Above(weight, T.Zero, -1, threads);
        }

        T smaller = last - T.One;
        SparseWeight? all = SparsePacker.Above(weight, smaller, -1, threads);
        int ties = all is null ? 0 : goes - (numbers.Length - all.Values.Shape[0]);
        return all is null || ties == 0 ? all : WithoutFirst(all, last, ties);
    }

    // Takes the first `ties` stored elements of one magnitude out again: they move out of the values, and their bits out of the mask.
    private static SparseWeight WithoutFirst<T>(SparseWeight weight, T magnitude, int ties)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>, IMinMaxValue<T>
    {
        byte[] mask = weight.Mask.Bytes.ToArray();
        ReadOnlySpan<T> kept = MemoryMarshal.Cast<byte, T>(weight.Values.Bytes.Span);
        byte[] bytes = GC.AllocateUninitializedArray<byte>((kept.Length - ties) * Marshal.SizeOf<T>());
        Span<T> left = MemoryMarshal.Cast<byte, T>(bytes.AsSpan());
        int next = 0, written = 0;
        for (int i = 0; ties > 0; i++)
        {
            if ((mask[i >> 3] >> (i & 7) & 1) == 0)
            {
                continue;
            }

            T number = kept[next++];
            if ((number & (T.MaxValue >>> 1)) == magnitude)
            {
                mask[i >> 3] &= (byte)~(1 << (i & 7));
                ties--;
            }
            else
            {
                left[written++] = number;
            }
        }

        kept[next..].CopyTo(left[written..]);
        return new SparseWeight(new TensorData(ElementType.UInt1, weight.Shape, mask), new TensorData(weight.Type, new Shape(left.Length), bytes));
    }
}
