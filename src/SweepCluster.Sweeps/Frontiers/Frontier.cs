namespace SweepCluster.Sweeps.Frontiers;

/// <summary>The points to which no other is at least as good in both objectives and better in one.</summary>
public static class Frontier
{
    /// <summary>Marks the points that no other point dominates.</summary>
    /// <param name="sizes">Bytes; smaller is better.</param>
    /// <param name="scores">Metric, oriented so that more is better; NaN never lies on the frontier.</param>
    /// <returns>One flag a point. Of points that are equal in both, each lies on the frontier if one does.</returns>
    /// <exception cref="ArgumentException">The counts differ.</exception>
    public static bool[] Mark(ReadOnlySpan<long> sizes, ReadOnlySpan<double> scores)
    {
        if (sizes.Length != scores.Length)
        {
            throw new ArgumentException($"Found {sizes.Length} sizes and {scores.Length} scores.", nameof(scores));
        }

        int[] order = [.. Enumerable.Range(0, sizes.Length)];
        long[] sizeOf = sizes.ToArray();
        double[] scoreOf = scores.ToArray();
        Array.Sort(order, (a, b) => sizeOf[a] != sizeOf[b] ? sizeOf[a].CompareTo(sizeOf[b]) : scoreOf[b].CompareTo(scoreOf[a]));

        bool[] marks = new bool[sizes.Length];
        double best = double.NegativeInfinity;
        long bestSize = -1;
        foreach (int point in order)
        {
            if (scoreOf[point] > best || (scoreOf[point] == best && sizeOf[point] == bestSize))
            {
                marks[point] = true;
                best = scoreOf[point];
                bestSize = sizeOf[point];
            }
        }

        return marks;
    }
}
