namespace SweepCluster.Compression.Palettization;

/// <summary>Optimal one-dimensional k-means: cuts sorted values into exactly k clusters of the least sum of squared distances.</summary>
/// <remarks>
/// The cost of a cluster satisfies the quadrangle inequality, so the least cost F(k) is convex in k and the problem relaxes without a gap: every cluster is
/// charged a price, the cheapest cut at that price is found for any number of clusters (<see cref="PricedPartition"/>), and the price is searched until
/// the cut has k of them. A cut that is cheapest at some price is optimal for its own number of clusters, whatever way the price was found. Where F is straight, so that no price gives exactly k,
/// two cuts that are cheapest at one price are joined into one of k clusters that is cheapest at it too.
/// The work hardly depends on k. Exact up to the rounding of double precision sums; deterministic.
/// Sources: Grønlund et al., arXiv:1701.07204 (relaxation by price); Aggarwal, Schieber and Tokuyama, Finding a minimum-weight k-link path in graphs with the concave Monge property, 1994 (joining).
/// </remarks>
internal static class OptimalPartition
{
    // After so many guesses by interpolation only chords are tried: each closes the bracket by at least one cluster, or ends the search.
    private const int Guesses = 8;

    /// <summary>Finds the boundaries of the optimal clusters.</summary>
    /// <param name="costs">Costs over n distinct values, n at least 1.</param>
    /// <param name="clusters">Number of clusters, 1 to n.</param>
    /// <param name="cancellationToken">Stops the search between two prices.</param>
    /// <returns>k + 1 ascending boundaries, from 0 to n; no cluster is empty.</returns>
    internal static int[] Find(ClusterCosts costs, int clusters, CancellationToken cancellationToken)
    {
        if (clusters == 1)
        {
            return [0, costs.Count];
        }

        if (clusters == costs.Count)
        {
            return [.. Enumerable.Range(0, costs.Count + 1)];
        }

        using PricedPartition priced = new(costs);
        Cut fine = new([.. Enumerable.Range(0, costs.Count + 1)], 0, 0, IsFound: false);
        Cut coarse = new([0, costs.Count], costs.Cost(0, costs.Count), double.PositiveInfinity, IsFound: false);
        double price = GuessPrice(costs, clusters);
        for (int step = 0; ; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            bool chord = step >= Guesses || fine.Clusters - coarse.Clusters == 2 || !(price > fine.Price && price < coarse.Price);
            if (chord)
            {
                price = (coarse.Cost - fine.Cost) / (fine.Clusters - coarse.Clusters);
            }

            int[] boundaries = priced.Find(price);
            Cut cut = new(boundaries, TotalCost(costs, boundaries), price, IsFound: true);
            if (cut.Clusters == clusters)
            {
                return boundaries;
            }

            if (chord && (cut.Clusters <= coarse.Clusters || cut.Clusters >= fine.Clusters))
            {
                return Join(fine.Boundaries, coarse.Boundaries, clusters); // nothing lies below the chord: F is straight here
            }

            if (cut.Clusters > clusters)
            {
                fine = cut;
                priced.KeepAsUpperWindow();
            }
            else
            {
                coarse = cut;
                priced.KeepAsLowerWindow();
            }

            price = NextGuess(fine, coarse, clusters);
        }
    }

    // High-rate theory (Panter and Dite, 1951): F(k) is about P^3 / (12 k^2), P the integral of the cube root of the density; the price is -F'(k).
    private static double GuessPrice(ClusterCosts costs, int clusters)
    {
        int stride = Math.Max(1, costs.Count / 1024);
        double integral = 0;
        for (int from = 0; from < costs.Count; from += stride)
        {
            int to = Math.Min(from + stride, costs.Count);
            // A run's spread stands for its width squared over 12, whatever its values.
            integral += Math.Cbrt(12 * costs.Cost(from, Math.Min(to + 1, costs.Count)));
        }

        return integral * integral * integral / (6.0 * clusters * clusters * clusters);
    }

    // The price falls about as the third power of the number of clusters; between two cuts the power is read off them.
    private static double NextGuess(Cut fine, Cut coarse, int clusters)
    {
        if (!fine.IsFound || !coarse.IsFound)
        {
            Cut known = fine.IsFound ? fine : coarse;
            double ratio = (double)known.Clusters / clusters;
            return known.Price * ratio * ratio * ratio;
        }

        double power = Math.Log(coarse.Price / fine.Price) / Math.Log((double)fine.Clusters / coarse.Clusters);
        return coarse.Price * Math.Pow((double)coarse.Clusters / clusters, power);
    }

    private static double TotalCost(ClusterCosts costs, int[] boundaries)
    {
        double total = 0;
        for (int i = 1; i < boundaries.Length; i++)
        {
            total += costs.Cost(boundaries[i - 1], boundaries[i]);
        }

        return total;
    }

    // Starts along the coarse cut and ends along the fine one, changing over where a coarse cluster holds the fine cluster that is due.
    private static int[] Join(int[] fine, int[] coarse, int clusters)
    {
        int offset = fine.Length - 1 - clusters;
        int change = 0;
        while (coarse[change + 1] < fine[change + 1 + offset])
        {
            change++;
        }

        return [.. coarse[..(change + 1)], .. fine[(change + offset + 1)..]];
    }

    private sealed record Cut(int[] Boundaries, double Cost, double Price, bool IsFound)
    {
        internal int Clusters => Boundaries.Length - 1;
    }
}
