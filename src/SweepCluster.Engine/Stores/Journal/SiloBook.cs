namespace SweepCluster.Engine.Stores.Journal;

/// <summary>Silos of this process, as they were heard of last. In memory. Guarded by the store's lock.</summary>
internal sealed class SiloBook
{
    private readonly SortedDictionary<string, Entry> _silos = new(StringComparer.Ordinal);

    /// <summary>Notes a sign of life.</summary>
    /// <returns>Whether the silo is new here.</returns>
    internal bool Hear(SiloRecord silo, DateTimeOffset at, long now, long until)
    {
        bool known = _silos.TryGetValue(silo.Name, out Entry? entry);
        _silos[silo.Name] = new Entry(silo, entry?.Joined ?? at, now, until);
        return !known;
    }

    /// <summary>Takes a silo out.</summary>
    /// <returns>Whether it was there.</returns>
    internal bool Remove(string silo) => _silos.Remove(silo);

    /// <summary>Takes out the silos that were not heard of for longer than they said.</summary>
    /// <returns>Their names.</returns>
    internal string[] RemoveLost(long now)
    {
        string[] lost = [.. _silos.Where(entry => entry.Value.Until <= now).Select(entry => entry.Key)];
        Array.ForEach(lost, silo => _silos.Remove(silo));
        return lost;
    }

    /// <summary>Silos by name: what each said, when it came, when it was heard of last in the clock's ticks.</summary>
    internal IEnumerable<(SiloRecord Silo, DateTimeOffset Joined, long Heard)> All => _silos.Values.Select(entry => (entry.Silo, entry.Joined, entry.Heard));

    private sealed record Entry(SiloRecord Silo, DateTimeOffset Joined, long Heard, long Until);
}
