using SweepCluster.Graphs;
using SweepCluster.Numerics.Packing;

namespace SweepCluster.Compression.Palettization.Tables;

/// <summary>The single values of a group, with or without importances and scales of channels.</summary>
/// <remarks>Where each channel has a scale, each has its own rounded products of entry and scale, and its values go to the nearest of those. Sums are in double precision in index order.</remarks>
internal sealed class ScalarGroup(PreparedWeight weight, ChannelGroups groups, int group, float[]? scales) : IPaletteGroup
{
    /// <inheritdoc/>
    public int VectorLength => 1;

    private ElementType Type => weight.Source.Type;

    private int First => group * groups.GroupSize;

    /// <inheritdoc/>
    public double Measure(ReadOnlySpan<float> entries, EntrySums sums)
    {
        sums.Clear();
        double error = 0;
        if (scales is null && weight.Importances.IsEmpty)
        {
            DistinctValues distinct = new GroupValues(weight, groups, group, null).Distinct;
            byte[] codes = new byte[distinct.Values.Length];
            new NearestEntries(entries).Encode(distinct.Values.Span, codes);
            return Add(distinct.Values.Span, distinct.Counts.Span, codes, entries, sums);
        }

        foreach ((int first, int count, float scale) in Parts())
        {
            ReadOnlyMemory<float> values = groups.Gather(weight.Values, first, count);
            ReadOnlyMemory<float> importances = weight.Importances.IsEmpty ? default : groups.Gather(weight.Importances, first, count);
            float[] seen = Seen(entries, scale);
            byte[] codes = new byte[values.Length];
            new NearestEntries(seen).Encode(values.Span, codes);
            error += Add(values.Span, importances.Span, codes, seen, scale, sums);
        }

        return error;
    }

    /// <inheritdoc/>
    public void Encode(ReadOnlySpan<float> entries, Span<byte> codes)
    {
        foreach ((int first, int count, float scale) in Parts())
        {
            byte[] gathered = new byte[groups.Outer * count * groups.Inner];
            NearestEntries nearest = new(Seen(entries, scale));
            if (scales is null && weight.StoredHalves is { } halves)
            {
                nearest.Encode(groups.Gather(halves, first, count).Span, gathered);
            }
            else
            {
                nearest.Encode(groups.Gather(weight.Values, first, count).Span, gathered);
            }

            groups.Scatter<byte>(gathered, first, count, codes);
        }
    }

    // Channels that share a scale.
    private IEnumerable<(int First, int Count, float Scale)> Parts()
    {
        if (scales is null)
        {
            yield return (First, groups.GroupSize, 1);
            yield break;
        }

        for (int channel = First; channel < First + groups.GroupSize; channel++)
        {
            yield return (channel, 1, scales[channel]);
        }
    }

    private float[] Seen(ReadOnlySpan<float> entries, float scale)
    {
        float[] seen = entries.ToArray();
        foreach (ref float entry in seen.AsSpan())
        {
            entry = StoredValue.Scaled(Type, entry, scale);
        }

        return seen;
    }

    private static double Add(ReadOnlySpan<float> values, ReadOnlySpan<int> counts, byte[] codes, ReadOnlySpan<float> entries, EntrySums sums)
    {
        double error = 0;
        for (int i = 0; i < values.Length; i++)
        {
            int code = codes[i];
            double off = (double)values[i] - entries[code];
            error += counts[i] * off * off;
            sums.Weights[code] += counts[i];
            sums.Sums[code] += counts[i] * (double)values[i];
        }

        return error;
    }

    // The best entry for values w under scales s: the weighted mean of w / s with weights s squared.
    private static double Add(ReadOnlySpan<float> values, ReadOnlySpan<float> importances, byte[] codes, float[] seen, double scale, EntrySums sums)
    {
        double error = 0;
        for (int i = 0; i < values.Length; i++)
        {
            int code = codes[i];
            double importance = importances.IsEmpty ? 1 : importances[i], off = (double)values[i] - seen[code];
            error += importance * off * off;
            sums.Weights[code] += importance * scale * scale;
            sums.Sums[code] += importance * scale * values[i];
        }

        return error;
    }
}
