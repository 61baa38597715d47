using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SweepCluster.Numerics.Packing;

namespace SweepCluster.Numerics.Sparsity;

/// <summary>Finds the magnitude at a rank, as a sort would, without sorting.</summary>
/// <remarks>A sample says between which two magnitudes the rank lies; one pass counts what is below and gathers what is between, a few percent. Where the sample is wrong, or too many
/// are equal, histograms over the bits find the same. The answer is exact and the same on every machine and for any number of threads.</remarks>
public static class MagnitudeSelection
{
    private const int Sample = 1 << 14;
    private const int SampledFrom = 4 * Sample;
    private const int UpperBins = 1 << 15; // the sign bit is gone
    private const int LowerBins = 1 << 16;

    // Standard deviations of a sample's rank that the bracket leaves on either side.
    private const double Margin = 4;

    /// <summary>Finds the magnitudes at a rank and at the next one.</summary>
    /// <typeparam name="T"><see cref="ushort"/> (bits of float16) or <see cref="uint"/> (of float32).</typeparam>
    /// <param name="numbers">Finite numbers, little-endian, at least one.</param>
    /// <param name="rank">Counted from 0 for the smallest, below the number of numbers.</param>
    /// <param name="threads">Threads to use, 1 or more.</param>
    /// <returns>Bits of both magnitudes; the same twice where <paramref name="rank"/> is the last.</returns>
    public static (T Low, T High) AtRank<T>(ReadOnlyMemory<byte> numbers, int rank, int threads)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>, IMinMaxValue<T>
    {
        ReadOnlySpan<T> all = MemoryMarshal.Cast<byte, T>(numbers.Span);
        return all.Length >= SampledFrom && TryBracket(numbers, all, rank, threads) is { } found ? found : AtRankByHistogram(all, rank);
    }

    // The definition: tests hold the bracket to it. It also answers for short sequences, and wherever the bracket misses.
    internal static (T Low, T High) AtRankByHistogram<T>(ReadOnlySpan<T> numbers, int rank)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>, IMinMaxValue<T>
    {
        int shift = int.CreateTruncating(T.PopCount(T.MaxValue)) - 16;
        int[] bins = ArrayPool<int>.Shared.Rent(LowerBins);
        bins.AsSpan(0, UpperBins).Clear();
        T noSign = T.MaxValue >>> 1;
        foreach (T number in numbers)
        {
            bins[int.CreateTruncating((number & noSign) >>> shift)]++;
        }

        int before = 0, bin = Find(bins, rank, ref before), inBin = bins[bin];
        T low = T.CreateTruncating(bin) << shift, high = low;
        bool nextIsInBin = rank + 1 < before + inBin;
        if (shift > 0)
        {
            (low, high) = Refine(numbers, low, shift, bins, rank - before, nextIsInBin);
        }

        ArrayPool<int>.Shared.Return(bins);
        return (low, nextIsInBin || rank + 1 >= numbers.Length ? nextIsInBin ? high : low : SmallestAbove(numbers, low));
    }

    // The two ranks inside one bin of the upper bits, through the lower ones.
    private static (T Low, T High) Refine<T>(ReadOnlySpan<T> numbers, T upper, int shift, int[] bins, int rank, bool hasNext)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>, IMinMaxValue<T>
    {
        bins.AsSpan(0, LowerBins).Clear();
        T noSign = T.MaxValue >>> 1, lower = (T.One << shift) - T.One;
        foreach (T number in numbers)
        {
            T magnitude = number & noSign;
            if ((magnitude & ~lower) == upper)
            {
                bins[int.CreateTruncating(magnitude & lower)]++;
            }
        }

        int before = 0, low = Find(bins, rank, ref before), high = low;
        if (hasNext)
        {
            before = 0;
            high = Find(bins, rank + 1, ref before);
        }

        return (upper | T.CreateTruncating(low), upper | T.CreateTruncating(high));
    }

    private static int Find(int[] bins, int rank, ref int before)
    {
        int bin = 0;
        while (before + bins[bin] <= rank)
        {
            before += bins[bin++];
        }

        return bin;
    }

    private static T SmallestAbove<T>(ReadOnlySpan<T> numbers, T low)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>, IMinMaxValue<T>
    {
        T noSign = T.MaxValue >>> 1, smallest = noSign;
        foreach (T number in numbers)
        {
            T magnitude = number & noSign;
            smallest = magnitude > low ? T.Min(smallest, magnitude) : smallest;
        }

        return smallest;
    }

    private static (T Low, T High)? TryBracket<T>(ReadOnlyMemory<byte> numbers, ReadOnlySpan<T> all, int rank, int threads)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>, IMinMaxValue<T>
    {
        (T from, T to) = Bracket(all, rank);
        ElementRanges ranges = new(all.Length, threads);
        T[][] gathered = new T[ranges.Count][];
        (int Below, int Between, bool Fits)[] counts = new (int, int, bool)[ranges.Count];
        ranges.ForEach(range =>
        {
            (int start, int length) = ranges[range];
            gathered[range] = ArrayPool<T>.Shared.Rent((length / 16) + Vector512<byte>.Count);
            counts[range] = Gather(MemoryMarshal.Cast<byte, T>(numbers.Span).Slice(start, length), from, to, gathered[range]);
        });

        long below = counts.Sum(count => (long)count.Below), between = counts.Sum(count => (long)count.Between);
        bool hit = counts.All(count => count.Fits) && below <= rank && Math.Min(rank + 1, all.Length - 1) < below + between;
        (T, T)? found = !hit ? null : from == to ? (from, to) : AmongGathered(gathered, counts, (int)(rank - below), (int)between);
        foreach (T[] buffer in gathered)
        {
            ArrayPool<T>.Shared.Return(buffer);
        }

        return found;
    }

    private static (T Low, T High) AmongGathered<T>(T[][] gathered, (int Below, int Between, bool Fits)[] counts, int rank, int between)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>, IMinMaxValue<T>
    {
        if (gathered.Length == 1)
        {
            return AtRankByHistogram<T>(gathered[0].AsSpan(0, between), rank);
        }

        T[] joined = new T[between];
        int at = 0;
        for (int range = 0; range < gathered.Length; range++)
        {
            gathered[range].AsSpan(0, counts[range].Between).CopyTo(joined.AsSpan(at));
            at += counts[range].Between;
        }

        return AtRankByHistogram<T>(joined, rank);
    }

    // Two magnitudes between which a rank lies most probably. The sample's places are scattered by a fixed hash, so that no pattern of rows or channels falls in with them.
    private static (T From, T To) Bracket<T>(ReadOnlySpan<T> numbers, int rank)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>, IMinMaxValue<T>
    {
        T[] sample = new T[Sample];
        uint stride = (uint)(numbers.Length / Sample);
        for (uint i = 0; i < Sample; i++)
        {
            sample[i] = numbers[(int)((i * stride) + ((i * 0x9E37_79B1u >>> 8) % stride))] & (T.MaxValue >>> 1);
        }

        RadixSort.Sort<T>(sample, new T[Sample]);
        double share = (double)rank / numbers.Length, margin = (Margin * Math.Sqrt(Sample * share * (1 - share))) + Margin;
        int from = (int)((share * Sample) - margin), to = (int)((share * Sample) + margin);
        return (from < 0 ? T.Zero : sample[from], to >= Sample ? T.MaxValue >>> 1 : sample[to]);
    }

    // Counts the magnitudes below `from` and those from there to `to`, and gathers the latter unless they are all equal. Gives up where they do not fit.
    internal static (int Below, int Between, bool Fits) Gather<T>(ReadOnlySpan<T> numbers, T from, T to, Span<T> gathered)
        where T : unmanaged, IBinaryInteger<T>, IUnsignedNumber<T>, IMinMaxValue<T>
    {
        int below = 0, between = 0, i = 0, lanes = Vector512<T>.Count;
        bool keep = from != to;
        T noSign = T.MaxValue >>> 1, width = to - from;
        if (Vector128.IsHardwareAccelerated)
        {
            ref T first = ref MemoryMarshal.GetReference(numbers), room = ref MemoryMarshal.GetReference(gathered);
            Vector512<T> signless = Vector512.Create(noSign), low = Vector512.Create(from), wide = Vector512.Create(width);
            for (; i <= numbers.Length - lanes; i += lanes)
            {
                Vector512<T> magnitude = Vector512.LoadUnsafe(ref first, (nuint)i) & signless;
                Vector512<T> inside = Vector512.LessThanOrEqual(magnitude - low, wide);
                ulong bits = inside.ExtractMostSignificantBits();
                below += BitOperations.PopCount(Vector512.LessThan(magnitude, low).ExtractMostSignificantBits());
                if (keep && between > gathered.Length - lanes)
                {
                    return (below, between, false);
                }

                if (keep && SparsePacking.HasVector512<T>())
                {
                    SparsePacking.Compress(magnitude, inside).StoreUnsafe(ref room, (nuint)between);
                }
                else if (keep)
                {
                    int at = between;
                    for (ulong rest = bits; rest != 0; rest &= rest - 1)
                    {
                        gathered[at++] = numbers[i + BitOperations.TrailingZeroCount(rest)] & noSign;
                    }
                }

                between += BitOperations.PopCount(bits);
            }
        }

        for (; i < numbers.Length; i++)
        {
            T magnitude = numbers[i] & noSign;
            below += magnitude < from ? 1 : 0;
            if (magnitude >= from && magnitude <= to)
            {
                if (keep && between == gathered.Length)
                {
                    return (below, between, false);
                }

                if (keep)
                {
                    gathered[between] = magnitude;
                }

                between++;
            }
        }

        return (below, between, true);
    }
}
