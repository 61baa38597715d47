using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;
using SweepCluster.Numerics.Sparsity;

namespace SweepCluster.Compression.Pruning;

/// <summary>Stores what is left of a weight: straight from its bytes, spread over threads, with the same bytes for any number of them.</summary>
internal static class SparsePacker
{
    // Blocks of a sample that predicts how much is kept, and how much room it leaves above the prediction.
    private const int SampleBlocks = 64;
    private const int SampleBlockLength = 2048;
    private const double Room = 0.02;

    /// <summary>Keeps the magnitudes above a threshold.</summary>
    /// <typeparam name="T"><see cref="ushort"/> for float16, <see cref="uint"/> for float32.</typeparam>
    /// <param name="weight">A dense weight of that type.</param>
    /// <param name="threshold">Bits of the threshold.</param>
    /// <param name="mostKept">As many or fewer are above it; -1 where that is not known.</param>
    /// <param name="threads">Threads to use.</param>
    /// <returns>The weight, or null where some value is not finite.</returns>
    internal static SparseWeight? Above<T>(Weight weight, T threshold, int mostKept, int threads)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>, IMinMaxValue<T>
    {
        TensorData source = Source(weight);
        int count = (int)source.Shape.ElementCount;
        ElementRanges ranges = new(count, threads);
        if (ranges.Count == 1)
        {
            ReadOnlySpan<T> numbers = Numbers<T>(source);
            SparseBuffer<T> buffer = new(count, mostKept >= 0 ? mostKept : Predicted(numbers, threshold));
            int found = SparsePacking.TryPack(numbers, threshold, buffer.Mask, buffer.Kept, out T largest);
            if (found >= 0)
            {
                return IsFinite(largest, source.Type) ? buffer.ToWeight(weight, found) : null;
            }
        }

        int[] starts = new int[ranges.Count + 1];
        bool[] finite = new bool[ranges.Count];
        ranges.ForEach(range =>
        {
            (int start, int length) = ranges[range];
            starts[range + 1] = Magnitudes.CountAbove(Numbers<T>(source).Slice(start, length), threshold, out T largest);
            finite[range] = IsFinite(largest, source.Type);
        });
        if (finite.Contains(false))
        {
            return null;
        }

        SparseBuffer<T> all = new(count, Sum(starts));
        ranges.ForEach(range =>
        {
            (int start, int length) = ranges[range];
            SparsePacking.TryPack(Numbers<T>(source).Slice(start, length), threshold, all.Mask[(start / 8)..], all.Kept[starts[range]..starts[range + 1]], out _);
        });
        return all.ToWeight(weight, starts[^1]);
    }

    /// <summary>Keeps what a mask says.</summary>
    /// <typeparam name="T">As above.</typeparam>
    /// <param name="weight">A dense weight of that type.</param>
    /// <param name="mask">One bit an element, 0 for every zero.</param>
    /// <param name="threads">Threads to use.</param>
    internal static SparseWeight Masked<T>(Weight weight, byte[] mask, int threads)
        where T : unmanaged, IBinaryInteger<T>
    {
        TensorData source = Source(weight);
        ElementRanges ranges = new((int)source.Shape.ElementCount, threads);
        int[] starts = new int[ranges.Count + 1];
        ranges.ForEach(range => starts[range + 1] = SparsePacking.Ones(mask.AsSpan(ranges[range].Start / 8), ranges[range].Length));
        byte[] kept = GC.AllocateUninitializedArray<byte>(checked(Sum(starts) * Unsafe.SizeOf<T>()));
        ranges.ForEach(range =>
        {
            (int start, int length) = ranges[range];
            Span<T> own = MemoryMarshal.Cast<byte, T>(kept.AsSpan())[starts[range]..starts[range + 1]];
            SparsePacking.PackMasked(Numbers<T>(source).Slice(start, length), mask.AsSpan(start / 8), own);
        });
        return new SparseWeight(new TensorData(ElementType.UInt1, weight.Shape, mask), new TensorData(weight.Type, new Shape(starts[^1]), kept));
    }

    internal static TensorData Source(Weight weight) => ((DenseWeight)weight.Stored).Values;

    internal static ReadOnlySpan<T> Numbers<T>(TensorData source)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(source.Bytes.Span);

    internal static bool IsFinite<T>(T largest, ElementType type)
        where T : unmanaged, IBinaryInteger<T> => largest < T.CreateTruncating(type == ElementType.Float16 ? 0x7C00 : 0x7F80_0000);

    // Counts to starts; returns how many there are.
    private static int Sum(Span<int> starts)
    {
        for (int i = 1; i < starts.Length; i++)
        {
            starts[i] += starts[i - 1];
        }

        return starts[^1];
    }

    private static int Predicted<T>(ReadOnlySpan<T> numbers, T threshold)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>, IMinMaxValue<T>
    {
        if (numbers.Length <= SampleBlocks * SampleBlockLength)
        {
            return Magnitudes.CountAbove(numbers, threshold, out _);
        }

        int kept = 0;
        for (int block = 0; block < SampleBlocks; block++)
        {
            int start = (int)((long)(numbers.Length - SampleBlockLength) * block / (SampleBlocks - 1));
            kept += Magnitudes.CountAbove(numbers.Slice(start, SampleBlockLength), threshold, out _);
        }

        double share = Math.Min(1, ((double)kept / (SampleBlocks * SampleBlockLength)) + Room);
        return (int)Math.Ceiling(share * numbers.Length);
    }
}
