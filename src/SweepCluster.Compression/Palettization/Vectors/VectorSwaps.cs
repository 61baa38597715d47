using SweepCluster.Numerics.Randomness;

namespace SweepCluster.Compression.Palettization.Vectors;

/// <summary>Leads centres out of local optima: one centre after the other is put where points lie far from theirs, a few passes of Lloyd's algorithm follow, and what lowers the error stays; the last centres converge.</summary>
/// <remarks>Source: Fränti, Efficiency of random swap clustering, 2018. The place is drawn as k-means++ draws its centres.</remarks>
internal static class VectorSwaps
{
    // Distances to compute at most, some milliseconds' worth; few swaps are tried where there are many points and centres.
    private const long MostDistances = 1L << 28;
    private const int PassesPerSwap = 3;
    private const int Fewest = 4;

    /// <summary>Improves centres that have converged.</summary>
    /// <returns>Centres whose error is at most that of the given ones.</returns>
    internal static float[] Improve(VectorPoints points, float[] centres, ulong seed, int threads, CancellationToken cancellationToken)
    {
        int count = centres.Length / points.Length;
        long most = MostDistances / ((PassesPerSwap + 2) * (long)points.Count * count * points.Length / 2);
        SplitMix64 random = new(seed);
        float[] best = centres;
        double bestError = BlockDistances.Error(points, best);
        for (long swap = Math.Clamp(most, Fewest, 2L * count); swap > 0 && bestError > 0; swap--)
        {
            float[] next = [.. best];
            int centre = (int)(random.NextUnit() * count);
            VectorSeeds.Replace(points, next, centre, ref random);
            next = VectorLloyd.Run(points, next, threads, cancellationToken, PassesPerSwap).Centres;
            double error = BlockDistances.Error(points, next);
            if (error < bestError)
            {
                (best, bestError) = (next, error);
            }
        }

        return VectorLloyd.Run(points, best, threads, cancellationToken).Centres;
    }
}
