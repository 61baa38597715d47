using SweepCluster.Graphs;
using SweepCluster.Numerics.Packing;

namespace SweepCluster.Compression.Palettization;

/// <summary>One palette: its entries as stored, ascending, and which distinct values each entry stands for.</summary>
/// <param name="Entries">Entries in the weight's type, ascending; one for each cluster.</param>
/// <param name="Boundaries">Entry e stands for the distinct values from boundary e up to boundary e + 1.</param>
internal sealed record Palette(float[] Entries, int[] Boundaries)
{
    // Each round lowers the error or ends the loop; from the optimum one or two are needed.
    private const int Rounds = 16;

    /// <summary>Finds the palette of the least squared error.</summary>
    /// <param name="distinct">Distinct values with counts, at least one.</param>
    /// <param name="size">Entries that the table holds; fewer are used where there are fewer distinct values.</param>
    /// <param name="type">The type that entries are stored in.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <remarks>The optimal clusters' means are rounded to the type and every value goes to its nearest stored entry, ties to the lower one. Then means and assignment are
    /// repeated as long as the error against the stored entries falls: it never ends above that of the rounded optimum.</remarks>
    internal static Palette Find(DistinctValues distinct, int size, ElementType type, CancellationToken cancellationToken)
    {
        using ClusterCosts costs = new(distinct);
        int[] boundaries = OptimalPartition.Find(costs, Math.Min(size, costs.Count), cancellationToken);
        Palette best = Nearest(Means(costs, boundaries, type), distinct);
        double bestError = best.Error(costs);
        for (int round = 0; round < Rounds; round++)
        {
            Palette next = Nearest(Means(costs, best.Boundaries, type), distinct);
            double error = next.Error(costs);
            if (error >= bestError)
            {
                break;
            }

            (best, bestError) = (next, error);
        }

        return best;
    }

    private static float[] Means(ClusterCosts costs, int[] boundaries, ElementType type)
    {
        float[] means = new float[boundaries.Length - 1];
        for (int entry = 0; entry < means.Length; entry++)
        {
            double mean = costs.Mean(boundaries[entry], boundaries[entry + 1]);
            means[entry] = type == ElementType.Float16 ? (float)(Half)mean : (float)mean;
        }

        return means;
    }

    private static Palette Nearest(float[] entries, DistinctValues distinct)
    {
        int[] boundaries = new int[entries.Length + 1];
        ReadOnlySpan<float> values = distinct.Values.Span;
        boundaries[^1] = values.Length;
        for (int entry = 1; entry < entries.Length; entry++)
        {
            double middle = ((double)entries[entry - 1] + entries[entry]) / 2;
            int from = boundaries[entry - 1], to = values.Length;
            while (from < to)
            {
                int probe = (from + to) >>> 1;
                (from, to) = values[probe] <= middle ? (probe + 1, to) : (from, probe);
            }

            boundaries[entry] = from;
        }

        return new(entries, boundaries);
    }

    private double Error(ClusterCosts costs)
    {
        double error = 0;
        for (int entry = 0; entry < Entries.Length; entry++)
        {
            error += costs.CostAround(Boundaries[entry], Boundaries[entry + 1], Entries[entry]);
        }

        return error;
    }
}
