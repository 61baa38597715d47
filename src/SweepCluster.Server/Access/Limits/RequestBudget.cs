namespace SweepCluster.Server.Access.Limits;

/// <summary>
/// How often each of many may come: so many at once, so many a second after that (generic cell rate algorithm: one number each, the time at which all that was taken would have come one by one).
/// Thread-safe; never holds more than <paramref name="capacity"/> of them: those that come then share one budget.
/// </summary>
/// <param name="perSecond">Steady rate, more than 0.</param>
/// <param name="burst">At once, 1 or more.</param>
/// <param name="capacity">Most that are told apart.</param>
/// <param name="time">The clock.</param>
internal sealed class RequestBudget(double perSecond, int burst, int capacity, TimeProvider time)
{
    private const string Crowd = "";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, TimeSpan> _due = [];
    private readonly TimeSpan _step = TimeSpan.FromSeconds(1 / perSecond);
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _purged;

    /// <summary>How many are told apart now.</summary>
    internal int Count
    {
        get
        {
            lock (_lock)
            {
                return _due.Count;
            }
        }
    }

    /// <summary>Takes one.</summary>
    /// <returns>Zero where it was taken; else the time after which one may be.</returns>
    internal TimeSpan Take(string key)
    {
        TimeSpan now = time.GetElapsedTime(_start);
        lock (_lock)
        {
            if (_due.Count >= capacity && !_due.ContainsKey(key))
            {
                Purge(now);
                key = _due.Count >= capacity ? Crowd : key;
            }

            TimeSpan due = _due.TryGetValue(key, out TimeSpan last) && last > now ? last : now;
            TimeSpan ahead = due - now - (_step * (burst - 1));
            if (ahead > TimeSpan.Zero)
            {
                return ahead;
            }

            _due[key] = due + _step;
            return TimeSpan.Zero;
        }
    }

    private void Purge(TimeSpan now)
    {
        if (now - _purged < TimeSpan.FromSeconds(1))
        {
            return; // not for each of a flood
        }

        _purged = now;
        foreach (string full in _due.Where(entry => entry.Value <= now).Select(entry => entry.Key).ToArray())
        {
            _due.Remove(full);
        }
    }
}
