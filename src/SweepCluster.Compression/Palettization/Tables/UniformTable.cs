using SweepCluster.Graphs;
using SweepCluster.Numerics.Packing;

namespace SweepCluster.Compression.Palettization.Tables;

/// <summary>Evenly spaced entries between the smallest and the largest value of a group, as stored.</summary>
/// <remarks>
/// Rounding to the type can be done in two ways that are both even up to one rounding: each entry from the exact ends, or from a step that is rounded first, as the reference has it.
/// Neither is always better, so the one of less error is kept, the first among equals: with every value at its nearest entry it is never above the reference's.
/// A group with no more distinct values than entries keeps them all, the rest of its table 0, and loses nothing; what was palettized once stays as it is.
/// </remarks>
internal static class UniformTable
{
    internal static float[] Find(GroupValues values, int bits)
    {
        int size = 1 << bits;
        if (values.IsHalf)
        {
            DistinctValues distinct = values.Distinct; // few whatever the group's length
            return distinct.Values.Length <= size ? distinct.Values.ToArray() : Better(values.Type, values.Range, bits, entries => Error(entries, distinct));
        }

        ReadOnlyMemory<float> singles = values.Singles;
        return Few(singles.Span, size) ?? Better(values.Type, ValueRange.Of(singles.Span), bits, entries => Error(entries, singles.Span));
    }

    private static float[] Better(ElementType type, ValueRange range, int bits, Func<float[], double> error)
    {
        float[] best = Array.ConvertAll(TableRules.Uniform(range, 1 << bits), entry => StoredValue.Round(type, entry));
        if (ReferenceUniform.Fit(type, range, bits) is not { } reference)
        {
            return best;
        }

        float[] other = Array.ConvertAll(reference.Entries(), entry => StoredValue.Round(type, entry));
        return !other.AsSpan().SequenceEqual(best) && Array.TrueForAll(other, float.IsFinite) && error(other) < error(best) ? other : best;
    }

    // The distinct values in ascending order, where there are at most so many.
    private static float[]? Few(ReadOnlySpan<float> values, int most)
    {
        SortedSet<float> distinct = [];
        float last = float.NaN;
        foreach (float value in values)
        {
            if (value != last && distinct.Add(value + 0f) && distinct.Count > most)
            {
                return null;
            }

            last = value;
        }

        return [.. distinct];
    }

    private static double Error(float[] entries, DistinctValues distinct)
    {
        ReadOnlySpan<float> values = distinct.Values.Span;
        ReadOnlySpan<int> counts = distinct.Counts.Span;
        byte[] codes = new byte[values.Length];
        new NearestEntries(entries).Encode(values, codes);
        double error = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double off = (double)values[i] - entries[codes[i]];
            error += counts[i] * off * off;
        }

        return error;
    }

    // Chunk by chunk, so that codes stay in the cache; in double precision and index order.
    private static double Error(float[] entries, ReadOnlySpan<float> values)
    {
        const int chunk = 4096;
        NearestEntries nearest = new(entries);
        Span<byte> codes = stackalloc byte[chunk];
        double error = 0;
        for (int start = 0; start < values.Length; start += chunk)
        {
            ReadOnlySpan<float> part = values.Slice(start, Math.Min(chunk, values.Length - start));
            nearest.Encode(part, codes);
            for (int i = 0; i < part.Length; i++)
            {
                double off = (double)part[i] - entries[codes[i]];
                error += off * off;
            }
        }

        return error;
    }
}
