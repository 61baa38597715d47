namespace SweepCluster.Numerics.Packing;

/// <summary>The distinct values of a sequence in ascending order, with how often each occurs and, where elements have importances, their sum for each. The two zeros count as one.</summary>
public sealed class DistinctValues
{
    private int[]? _counts;

    internal DistinctValues(ReadOnlyMemory<float> values, ReadOnlyMemory<int> ends, ReadOnlyMemory<double> weights = default)
    {
        Values = values;
        Ends = ends;
        Weights = weights;
    }

    /// <summary>The values, strictly ascending.</summary>
    public ReadOnlyMemory<float> Values { get; }

    /// <summary>Number of elements below each value, and at the end of all elements: one entry more than there are values, ascending from 0.</summary>
    public ReadOnlyMemory<int> Ends { get; }

    /// <summary>How often each value occurs, 1 or more.</summary>
    /// <remarks>Computed from <see cref="Ends"/> when first asked for.</remarks>
    public ReadOnlyMemory<int> Counts => _counts ??= CountsOf(Ends.Span);

    /// <summary>Summed importances of each value's elements, 0 or more; empty where every element counts 1.</summary>
    public ReadOnlyMemory<double> Weights { get; }

    /// <summary>Finds the distinct values of float16 numbers. Time grows with the length alone, not with its logarithm.</summary>
    /// <param name="values">Finite values.</param>
    public static DistinctValues Of(ReadOnlySpan<Half> values) => HalfHistogram.Count(values);

    /// <summary>As above, with the summed importances of each value.</summary>
    /// <param name="values">Finite values.</param>
    /// <param name="importances">One for each value, finite, 0 or more; empty where all count 1.</param>
    /// <exception cref="ArgumentException">There are more or fewer importances than values.</exception>
    /// <remarks>Importances are added in double precision in the order of the elements.</remarks>
    public static DistinctValues Of(ReadOnlySpan<Half> values, ReadOnlySpan<float> importances) =>
        importances.IsEmpty ? Of(values) : HalfHistogram.Count(values, Fitting(importances, values.Length));

    /// <summary>Finds the distinct values of float32 numbers by an exact sort, in memory of two copies of the values, which the result keeps.</summary>
    /// <param name="values">Finite values.</param>
    public static DistinctValues Of(ReadOnlySpan<float> values) => SortedSingles.Count(values);

    /// <summary>As above, with the summed importances of each value.</summary>
    /// <param name="values">Finite values.</param>
    /// <param name="importances">One for each value, finite, 0 or more; empty where all count 1.</param>
    /// <exception cref="ArgumentException">There are more or fewer importances than values.</exception>
    /// <remarks>Importances are added in double precision in the order of the elements. Takes two buffers of 8 bytes a value while it works.</remarks>
    public static DistinctValues Of(ReadOnlySpan<float> values, ReadOnlySpan<float> importances) =>
        importances.IsEmpty ? Of(values) : SortedSingles.Count(values, Fitting(importances, values.Length));

    /// <summary>Rounds float32 numbers into at most 65,536 bins, each of which becomes one value: the mean of its members. Takes a fraction of the time of an exact sort.</summary>
    /// <param name="values">Finite values.</param>
    /// <param name="importances">One for each value, finite, 0 or more; empty where all count 1.</param>
    /// <exception cref="ArgumentException">There are more or fewer importances than values.</exception>
    /// <remarks>A bin of magnitude m is at most (s + m) / B wide: s is the power of two at the median magnitude of what is not 0, and B the number of bins for each doubling of 1 + m / s, 32,767 over the
    /// doublings up to the largest magnitude: thousands for common weights, at least 118. <see cref="BinRounding"/> is thus at most the sum of (s + m)^2 / (2 B)^2 over the elements, each times its importance.
    /// For any table, the root of the squared error with each bin at its nearest entry differs from that with each element at its nearest entry by at most the root of the rounding.
    /// Entries that are optimal for the bins therefore have, over the elements, a root of the squared error of at most the optimum's plus twice the root of the rounding.</remarks>
    public static DistinctValues Binned(ReadOnlySpan<float> values, ReadOnlySpan<float> importances = default) =>
        BinnedSingles.Count(values, importances.IsEmpty ? importances : Fitting(importances, values.Length));

    /// <summary>What <see cref="Binned"/> rounds away: summed squared distances, weighted where there are importances, of the elements to the means of their bins.</summary>
    /// <param name="values">As for <see cref="Binned"/>.</param>
    /// <param name="importances">As for <see cref="Binned"/>.</param>
    /// <exception cref="ArgumentException">There are more or fewer importances than values.</exception>
    /// <remarks>Bins all values anew. Sums in double precision in the order of the elements.</remarks>
    public static double BinRounding(ReadOnlySpan<float> values, ReadOnlySpan<float> importances = default) =>
        BinnedSingles.Rounding(values, importances.IsEmpty ? importances : Fitting(importances, values.Length));

    private static ReadOnlySpan<float> Fitting(ReadOnlySpan<float> importances, int count) => importances.Length == count
        ? importances
        : throw new ArgumentException($"Found {importances.Length} importances, expected one for each of {count} values.", nameof(importances));

    private static int[] CountsOf(ReadOnlySpan<int> ends)
    {
        int[] counts = new int[ends.Length - 1];
        for (int i = 0; i < counts.Length; i++)
        {
            counts[i] = ends[i + 1] - ends[i];
        }

        return counts;
    }
}
