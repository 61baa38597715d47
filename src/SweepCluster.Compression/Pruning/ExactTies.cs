using System.Numerics;
using System.Runtime.InteropServices;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Numerics.Sparsity;

namespace SweepCluster.Compression.Pruning;

/// <summary>Prunes exactly floor(n times sparsity) elements, of equal magnitudes those of the lowest index first.</summary>
/// <remarks>All below one magnitude go, and of those at it the ones before one place. So what stands before that place is packed above this magnitude, and what stands behind it above the next smaller one.</remarks>
internal static class ExactTies
{
    private const int Chunk = 1 << 16;

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

        int ties = goes - (numbers.Length - Magnitudes.CountAbove(numbers, last - T.One, out T largest));
        return SparsePacker.IsFinite(largest, weight.Type) ? Pack(weight, numbers, last, Behind(numbers, last, ties), numbers.Length - goes) : null;
    }

    // The place behind the first `ties` elements of one magnitude.
    private static int Behind<T>(ReadOnlySpan<T> numbers, T magnitude, int ties)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>, IMinMaxValue<T>
    {
        int place = 0;
        while (true)
        {
            ReadOnlySpan<T> chunk = numbers.Slice(place, Math.Min(Chunk, numbers.Length - place));
            int here = Magnitudes.CountAbove(chunk, magnitude - T.One, out _) - Magnitudes.CountAbove(chunk, magnitude, out _);
            if (here >= ties)
            {
                break;
            }

            ties -= here;
            place += chunk.Length;
        }

        for (; ties > 0; place++)
        {
            ties -= (numbers[place] & (T.MaxValue >>> 1)) == magnitude ? 1 : 0;
        }

        return place;
    }

    // Both sides of the place, and the eight elements around it that share a byte of the mask.
    private static SparseWeight Pack<T>(Weight weight, ReadOnlySpan<T> numbers, T magnitude, int place, int keeps)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>, IMinMaxValue<T>
    {
        byte[] mask = new byte[SparsePacking.MaskLength(numbers.Length)], bytes = GC.AllocateUninitializedArray<byte>(keeps * Marshal.SizeOf<T>());
        Span<T> kept = MemoryMarshal.Cast<byte, T>(bytes.AsSpan());
        int start = place / 8 * 8, end = Math.Min(start + 8, numbers.Length);
        int count = SparsePacking.TryPack(numbers[..start], magnitude, mask, kept, out _);
        for (int i = start; i < end; i++)
        {
            if ((numbers[i] & (T.MaxValue >>> 1)) > (i < place ? magnitude : magnitude - T.One))
            {
                mask[i >> 3] |= (byte)(1 << (i & 7));
                kept[count++] = numbers[i];
            }
        }

        SparsePacking.TryPack(numbers[end..], magnitude - T.One, mask.AsSpan(SparsePacking.MaskLength(end)), kept[count..], out _);
        return new SparseWeight(new TensorData(ElementType.UInt1, weight.Shape, mask), new TensorData(weight.Type, new Shape(keeps), bytes));
    }
}
