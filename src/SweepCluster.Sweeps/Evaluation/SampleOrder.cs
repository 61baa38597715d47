using SweepCluster.Numerics.Randomness;

namespace SweepCluster.Sweeps.Evaluation;

/// <summary>Shuffles samples: the same order for the same seed, on every machine and version.</summary>
public static class SampleOrder
{
    /// <summary>A random order of 0 to count - 1.</summary>
    /// <param name="count">Number of samples, 0 or more.</param>
    /// <param name="seed">Any number.</param>
    /// <remarks>Fisher-Yates from the last place to the first, numbers from SplitMix64 seeded with the seed's bits.</remarks>
    public static int[] Shuffle(int count, long seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        SplitMix64 random = new(unchecked((ulong)seed));
        int[] order = [.. Enumerable.Range(0, count)];
        for (int last = count - 1; last > 0; last--)
        {
            int drawn = (int)random.NextBelow((ulong)last + 1);
            (order[last], order[drawn]) = (order[drawn], order[last]);
        }

        return order;
    }
}
