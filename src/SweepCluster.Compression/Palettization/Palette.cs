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

    /// <summary>Finds the palette of the least squared error, weighted where the values are.</summary>
    /// <param name="distinct">Distinct values with counts and perhaps importances, at least one.</param>
    /// <param name="size">Entries that the table holds; fewer are used where there are fewer distinct values.</param>
    /// <param name="type">The type that entries are stored in.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <remarks>The optimal clusters' means are rounded to the type and every value goes to its nearest stored entry, ties to the lower one. Then means and assignment are
    /// repeated as long as the error against the stored entries falls: it never ends above that of the rounded optimum. Values that weigh nothing make no entry of their own and go to the nearest.
    /// Importances are summed in double precision: those that vanish in the sum of all below count as 0; where all are 0, each element counts 1.</remarks>
    internal static Palette Find(DistinctValues distinct, int size, ElementType type, CancellationToken cancellationToken)
    {
        using ClusterCosts costs = new(distinct);
        int[] boundaries = OptimalPartition.Find(costs, Math.Min(size, costs.Count), cancellationToken);
        Palette best = Nearest(Means(costs, boundaries, type), costs.Values);
        double mostSaved = best.Saved(costs);
        for (int round = 0; round < Rounds; round++)
        {
            Palette next = Nearest(Means(costs, best.Boundaries, type, best.Entries), costs.Values);
            double saved = next.Saved(costs);
            if (saved <= mostSaved)
            {
                break;
            }

            (best, mostSaved) = (next, saved);
        }

        return costs.Count == distinct.Values.Length ? best : Nearest(best.Entries, distinct.Values.Span);
    }

    // An entry that stands for no value stays where it was.
    private static float[] Means(ClusterCosts costs, int[] boundaries, ElementType type, float[]? entries = null)
    {
        float[] means = new float[boundaries.Length - 1];
        for (int entry = 0; entry < means.Length; entry++)
        {
            int from = boundaries[entry], to = boundaries[entry + 1];
            double mean = from == to ? entries![entry] : costs.Mean(from, to);
            means[entry] = StoredValue.Round(type, mean);
        }

        return means;
    }

    private static Palette Nearest(float[] entries, ReadOnlySpan<float> values)
    {
        int[] boundaries = new int[entries.Length + 1];
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

    // Squared error falls as this rises.
    private double Saved(ClusterCosts costs)
    {
        double saved = 0;
        for (int entry = 0; entry < Entries.Length; entry++)
        {
            saved += costs.SavingAround(Boundaries[entry], Boundaries[entry + 1], Entries[entry]);
        }

        return saved;
    }
}
