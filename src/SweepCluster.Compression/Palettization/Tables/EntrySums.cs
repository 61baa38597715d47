using SweepCluster.Graphs;

namespace SweepCluster.Compression.Palettization.Tables;

/// <summary>For each coordinate of each entry the weight of what was assigned to it, and the weighted sum; their quotient is its best value.</summary>
internal sealed class EntrySums
{
    internal EntrySums(int length)
    {
        Weights = new double[length];
        Sums = new double[length];
    }

    internal double[] Weights { get; }

    internal double[] Sums { get; }

    internal void Clear()
    {
        Weights.AsSpan().Clear();
        Sums.AsSpan().Clear();
    }

    /// <summary>The best entries; those that nothing was assigned to stay as they are.</summary>
    internal double[] Means(ReadOnlySpan<float> entries)
    {
        double[] means = new double[entries.Length];
        for (int i = 0; i < means.Length; i++)
        {
            double mean = Sums[i] / Weights[i];
            means[i] = Weights[i] > 0 && double.IsFinite(mean) ? mean : entries[i];
        }

        return means;
    }

    internal float[] Means(ReadOnlySpan<float> entries, ElementType type)
    {
        double[] means = Means(entries);
        return Array.ConvertAll(means, mean => StoredValue.Round(type, mean));
    }
}
