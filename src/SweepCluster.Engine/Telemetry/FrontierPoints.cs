namespace SweepCluster.Engine.Telemetry;

/// <summary>Figures of a frontier for who only sees numbers.</summary>
internal static class FrontierPoints
{
    /// <summary>
    /// Share of the rectangle between nothing and the uncompressed model, in size and score, that some points dominate: the area of everything that is at least as large as one of them and scores at most as
    /// much, 0..1. Exact.
    /// </summary>
    /// <param name="points">Bytes and score, in any order. What is larger than the uncompressed model dominates nothing; what scores better counts as equal.</param>
    /// <param name="baselineBytes">Size of the uncompressed model.</param>
    /// <param name="baselineScore">Its score, of which more is better.</param>
    /// <returns>The share; null where the rectangle has no area.</returns>
    internal static double? Hypervolume(IEnumerable<(long SizeBytes, double Score)> points, long baselineBytes, double baselineScore)
    {
        if (baselineBytes <= 0 || !(baselineScore > 0))
        {
            return null;
        }

        double area = 0, covered = 0;
        foreach ((long sizeBytes, double score) in points.Where(point => point.SizeBytes < baselineBytes).OrderBy(static point => point.SizeBytes))
        {
            double height = Math.Min(score, baselineScore);
            if (height > covered)
            {
                area += (height - covered) * (baselineBytes - sizeBytes); // what smaller points do not cover yet
                covered = height;
            }
        }

        return area / (baselineBytes * baselineScore);
    }

    /// <summary>At most so many of some points, evenly over their sizes, the smallest and the largest among them.</summary>
    /// <param name="points">The points, smallest first.</param>
    /// <param name="sizeOf">The size of one.</param>
    /// <param name="most">How many, 2 or more.</param>
    internal static T[] Spread<T>(T[] points, Func<T, long> sizeOf, int most)
    {
        if (points.Length <= most)
        {
            return points;
        }

        double first = sizeOf(points[0]), step = (sizeOf(points[^1]) - first) / (most - 1);
        List<T> chosen = new(most);
        int next = 0;
        for (int i = 0; i < most && next < points.Length; i++)
        {
            double wanted = first + (i * step);
            int at = i == most - 1 ? points.Length - 1 : next;
            while (at + 1 < points.Length && Math.Abs(sizeOf(points[at + 1]) - wanted) <= Math.Abs(sizeOf(points[at]) - wanted))
            {
                at++;
            }

            chosen.Add(points[at]);
            next = at + 1;
        }

        return [.. chosen];
    }
}
