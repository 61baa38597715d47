namespace SweepCluster.Engine.Stores.Postgres;

/// <summary>Divides what is asked for among sweeps of one priority.</summary>
internal static class ClaimShares
{
    /// <summary>Gives one job after the other to the sweep that holds the fewest, the earlier one where two hold as many.</summary>
    /// <param name="sweeps">The sweeps, in the order in which they were added.</param>
    /// <param name="held">How many jobs of a sweep are held already.</param>
    /// <param name="most">Jobs to give out.</param>
    /// <returns>The sweeps that get any, each with its number.</returns>
    internal static List<(T Sweep, int Share)> Split<T>(IReadOnlyList<T> sweeps, Func<T, long> held, int most)
    {
        if (sweeps.Count == 1)
        {
            return [(sweeps[0], most)];
        }

        int[] shares = new int[sweeps.Count];
        PriorityQueue<int, (long Held, int Place)> next = new(sweeps.Select((sweep, place) => (place, (held(sweep), place))));
        for (int given = 0; given < most; given++)
        {
            int place = next.Peek();
            shares[place]++;
            next.DequeueEnqueue(place, (held(sweeps[place]) + shares[place], place));
        }

        return [.. sweeps.Select((sweep, place) => (sweep, shares[place])).Where(entry => entry.Item2 > 0)];
    }
}
