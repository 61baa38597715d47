using SweepCluster.Numerics.Packing;

namespace SweepCluster.Compression.Tests.Palettization;

// Slow definitions that share no code with the product.
internal static class ReferencePartition
{
    // Every way to cut n sorted values into k clusters, two passes a cluster.
    internal static double BruteForce(DistinctValues distinct, int clusters)
    {
        double[] values = Array.ConvertAll(distinct.Values.ToArray(), value => (double)value);
        return Best(values, Weights(distinct), 0, clusters);
    }

    // The textbook dynamic program: O(k n^2) after all n^2 costs, each in two passes over its cluster.
    internal static double DynamicProgram(DistinctValues distinct, int clusters)
    {
        double[] values = Array.ConvertAll(distinct.Values.ToArray(), value => (double)value);
        double[] counts = Weights(distinct);
        int n = values.Length;
        double[,] costs = new double[n + 1, n + 1];
        for (int from = 0; from < n; from++)
        {
            for (int to = from + 1; to <= n; to++)
            {
                costs[from, to] = Cost(values, counts, from, to);
            }
        }

        double[] row = new double[n + 1];
        row.AsSpan(1).Fill(double.PositiveInfinity);
        for (int cluster = 1; cluster <= clusters; cluster++)
        {
            double[] next = new double[n + 1];
            next.AsSpan().Fill(double.PositiveInfinity);
            for (int to = cluster; to <= n; to++)
            {
                for (int from = cluster - 1; from < to; from++)
                {
                    next[to] = Math.Min(next[to], row[from] + costs[from, to]);
                }
            }

            row = next;
        }

        return row[n];
    }

    // The same on prefix sums around the mean, for thousands of values: costs are off by some roundings of the sum of all squares.
    internal static double DynamicProgramOnSums(DistinctValues distinct, int clusters, out double rounding)
    {
        double[] values = Array.ConvertAll(distinct.Values.ToArray(), value => (double)value), counts = Weights(distinct);
        int n = values.Length;
        double mean = values.Zip(counts, (value, count) => value * count).Sum() / counts.Sum();
        double[] weights = new double[n + 1], sums = new double[n + 1], squares = new double[n + 1];
        for (int i = 0; i < n; i++)
        {
            double value = values[i] - mean;
            (weights[i + 1], sums[i + 1], squares[i + 1]) = (weights[i] + counts[i], sums[i] + (counts[i] * value), squares[i] + (counts[i] * value * value));
        }

        double[] row = new double[n + 1];
        row.AsSpan(1).Fill(double.PositiveInfinity);
        for (int cluster = 1; cluster <= clusters; cluster++)
        {
            double[] next = new double[n + 1];
            next.AsSpan().Fill(double.PositiveInfinity);
            for (int to = cluster; to <= n; to++)
            {
                double least = double.PositiveInfinity;
                for (int from = cluster - 1; from < to; from++)
                {
                    double sum = sums[to] - sums[from];
                    least = Math.Min(least, row[from] + squares[to] - squares[from] - (sum * sum / (weights[to] - weights[from])));
                }

                next[to] = least;
            }

            row = next;
        }

        rounding = squares[n] * 1e-12;
        return row[n];
    }

    internal static double Cost(DistinctValues distinct, ReadOnlySpan<int> boundaries)
    {
        double[] values = Array.ConvertAll(distinct.Values.ToArray(), value => (double)value);
        double total = 0;
        for (int i = 1; i < boundaries.Length; i++)
        {
            total += Cost(values, Weights(distinct), boundaries[i - 1], boundaries[i]);
        }

        return total;
    }

    private static double[] Weights(DistinctValues distinct) =>
        distinct.Weights.IsEmpty ? Array.ConvertAll(distinct.Counts.ToArray(), count => (double)count) : distinct.Weights.ToArray();

    private static double Best(double[] values, double[] counts, int from, int clusters)
    {
        if (clusters == 1)
        {
            return Cost(values, counts, from, values.Length);
        }

        double best = double.PositiveInfinity;
        for (int to = from + 1; to <= values.Length - clusters + 1; to++)
        {
            best = Math.Min(best, Cost(values, counts, from, to) + Best(values, counts, to, clusters - 1));
        }

        return best;
    }

    private static double Cost(double[] values, double[] counts, int from, int to)
    {
        double weight = 0, sum = 0, cost = 0;
        for (int i = from; i < to; i++)
        {
            weight += counts[i];
            sum += counts[i] * values[i];
        }

        for (int i = from; i < to && weight > 0; i++)
        {
            cost += counts[i] * (values[i] - (sum / weight)) * (values[i] - (sum / weight));
        }

        return cost;
    }
}
