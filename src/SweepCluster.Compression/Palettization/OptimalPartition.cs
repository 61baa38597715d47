namespace SweepCluster.Compression.Palettization;

/// <summary>Optimal one-dimensional k-means: cuts sorted values into exactly k clusters of the least sum of squared distances.</summary>
/// <remarks>
/// The cost of a cluster satisfies the quadrangle inequality, so the least cost F(k) is convex in k and the problem relaxes without a gap: every cluster is
/// charged a price, the cheapest cut at that price is found for any number of clusters (<see cref="PricedPartition"/>), and the price is searched until
/// the cut has k of them. A cut that is cheapest at some price is optimal for its own number of clusters, whatever way the price was found: it is looked for first among cuts at every s-th value only, which
/// takes a fraction of the time and mostly leaves one search over all of them. Where F is straight, so that no price gives exactly k,
/// two cuts that are cheapest at one price are joined into one of k clusters that is cheapest at it too.
/// The work hardly depends on k. Exact up to the rounding of double precision sums; deterministic.
/// Sources: Grønlund et al., arXiv:1701.07204 (relaxation by price); Aggarwal, Schieber and Tokuyama, Finding a minimum-weight k-link path in graphs with the concave Monge property, 1994 (joining).
/// </remarks>
internal static class OptimalPartition
{
    // After so many guesses by interpolation only chords are tried: each closes the bracket by at least one cluster, or ends the search.
    private const int Guesses = 8;

    // Boundaries of the coarse search: at least this many, so many for each cluster, and one of so many.
    private const int CoarseBoundaries = 256;
    private const int CoarsePerCluster = 16;
    private const int CoarsestStride = 32;

    private const double SmallestNormal = 2.2250738585072014e-308;

    // Runs that the spread of the values is judged by.
    private const int DensityRuns = 256;

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

        double price = GuessPrice(costs, clusters);
        int stride = Math.Min(costs.Count / Math.Max(CoarseBoundaries, CoarsePerCluster * clusters), CoarsestStride);
        if (stride >= 2)
        {
            using ClusterCosts coarse = costs.Coarsened(stride);
            price = Search(coarse, clusters, price, cancellationToken).CentralPrice;
        }

        return Search(costs, clusters, price, cancellationToken).Boundaries;
    }

    private static (int[] Boundaries, double CentralPrice) Search(ClusterCosts costs, int clusters, double price, CancellationToken cancellationToken)
    {
        using PricedPartition priced = PricedPartition.Over(costs);
        Cut fine = new(null, costs.Count, 0), coarse = new([0, costs.Count], 1, double.PositiveInfinity);
        for (int step = 0; ; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            bool chord = step >= Guesses || fine.Clusters - coarse.Clusters == 2 || !(price > fine.Price && price < coarse.Price);
            if (chord)
            {
                price = Chord(costs, fine, coarse);
            }

            int[] boundaries = priced.Find(price);
            Cut cut = new(boundaries, boundaries.Length - 1, price);
            if (cut.Clusters == clusters)
            {
                return (boundaries, CentralPrice(costs, fine, cut, coarse));
            }

            if (chord && (cut.Clusters <= coarse.Clusters || cut.Clusters >= fine.Clusters))
            {
                return (Join(fine.Boundaries ?? [.. Enumerable.Range(0, costs.Count + 1)], coarse.Boundaries!, clusters), price); // nothing lies below the chord: F is straight here
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

            price = NextGuess(costs, fine, coarse, clusters);
        }
    }

    // High-rate theory (Panter and Dite, 1951): F(k) is about P^3 / (12 k^2), P the integral of the cube root of the density; the price is -F'(k).
    private static double GuessPrice(ClusterCosts costs, int clusters)
    {
        int stride = Math.Max(1, costs.Count / DensityRuns);
        double integral = 0;
        for (int from = 0; from < costs.Count; from += stride)
        {
            int to = Math.Min(from + stride, costs.Count);
            double reach = costs.Reach(from, to);
            integral += CubeRoot(costs.Weight(from, to) * reach * reach);
        }

        return integral * integral * integral / (6.0 * clusters * clusters * clusters);
    }

    // Good to some digits; the same bits on every machine, which the library's cube root does not promise.
    private static double CubeRoot(double value)
    {
        if (value < SmallestNormal)
        {
            return 0;
        }

        double root = BitConverter.UInt64BitsToDouble((BitConverter.DoubleToUInt64Bits(value) / 3) + 0x2A9F_7893_0000_0000);
        root -= (root - (value / (root * root))) / 3;
        return root - ((root - (value / (root * root))) / 3);
    }

    // The price falls about as the third power of the number of clusters, up to a constant that two cuts settle. Of one cut its cost says more than its price, which may have been a bad guess: F(k) falls about
    // as the second power, so the price is about 2 F(k) / k.
    private static double NextGuess(ClusterCosts costs, Cut fine, Cut coarse, int clusters)
    {
        if (!fine.IsFound || !coarse.IsFound)
        {
            Cut known = fine.IsFound ? fine : coarse;
            double ratio = (double)known.Clusters / clusters, law = 2 * Cost(costs, known.Boundaries!) / known.Clusters;
            return (fine.IsFound ? Math.Max(law, known.Price) : Math.Min(law, known.Price)) * ratio * ratio * ratio;
        }

        double wanted = Law(clusters), most = Law(coarse.Clusters), least = Law(fine.Clusters);
        return fine.Price + ((coarse.Price - fine.Price) * (wanted - least) / (most - least));

        static double Law(double clusters) => 1 / (clusters * clusters * clusters);
    }

    // A cut of k clusters is cheapest over a range of prices; the middle of it is most likely to give k clusters among more boundaries too. Chords to cuts on either side bound the range from outside.
    private static double CentralPrice(ClusterCosts costs, Cut fine, Cut cut, Cut coarse)
    {
        if (!fine.IsFound || !coarse.IsFound)
        {
            return cut.Price;
        }

        double up = cut.Clusters - coarse.Clusters, down = fine.Clusters - cut.Clusters;
        return ((Chord(costs, fine, cut) * up) + (Chord(costs, cut, coarse) * down)) / (up + down);
    }

    // What each of the fine cut's additional clusters saves. Clusters that both cuts have are passed over, so that their cost, however large, takes no digits away.
    private static double Chord(ClusterCosts costs, Cut fine, Cut coarse)
    {
        double saved = 0;
        int[] left = fine.Boundaries ?? [], right = coarse.Boundaries!;
        for (int i = 1, j = 1; j < right.Length; j++)
        {
            int from = right[j - 1], to = right[j];
            if (left.Length == 0)
            {
                saved += costs.Cost(from, to);
                continue;
            }

            bool isShared = left[i - 1] == from && left[i] == to;
            double part = isShared ? 0 : -costs.Saving(from, to);
            for (; i < left.Length && left[i] <= to; i++)
            {
                part += isShared ? 0 : costs.Saving(left[i - 1], left[i]);
            }

            saved += part;
        }

        return saved / (fine.Clusters - coarse.Clusters);
    }

    private static double Cost(ClusterCosts costs, int[] boundaries)
    {
        double cost = 0;
        for (int i = 1; i < boundaries.Length; i++)
        {
            cost += costs.Cost(boundaries[i - 1], boundaries[i]);
        }

        return cost;
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

    // Without boundaries: a value each.
    private sealed record Cut(int[]? Boundaries, int Clusters, double Price)
    {
        internal bool IsFound => Boundaries is not null && !double.IsInfinity(Price);
    }
}
