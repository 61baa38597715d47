namespace SweepCluster.Engine.Indexes;

/// <summary>Finds a place by a key's hash; keeps nothing but places. Open addressing, at most half full.</summary>
/// <param name="hashAt">The hash at a place that was added.</param>
internal sealed class KeyIndex(Func<int, KeyHash> hashAt)
{
    private int[] _slots = new int[16]; // place + 1; 0 where free
    private int _count;

    /// <summary>The place of a key; null where it was not added.</summary>
    internal int? Find(KeyHash key)
    {
        int slot = Slot(key);
        return _slots[slot] == 0 ? null : _slots[slot] - 1;
    }

    /// <summary>Adds a place whose hash can be asked for already.</summary>
    internal void Add(int place)
    {
        if (++_count * 2 > _slots.Length)
        {
            int[] before = _slots;
            _slots = new int[before.Length * 2];
            foreach (int entry in before.Where(entry => entry != 0))
            {
                _slots[Slot(hashAt(entry - 1))] = entry;
            }
        }

        _slots[Slot(hashAt(place))] = place + 1;
    }

    /// <summary>Where a key is, or where it would go.</summary>
    private int Slot(KeyHash key)
    {
        int slot = (int)(key.Low & (ulong)(_slots.Length - 1));
        while (_slots[slot] != 0 && hashAt(_slots[slot] - 1) != key)
        {
            slot = (slot + 1) & (_slots.Length - 1);
        }

        return slot;
    }
}
