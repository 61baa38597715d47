namespace SweepCluster.Engine.Stores.Journal;

/// <summary>How many of the things that were written, in order, are on disk.</summary>
internal sealed class DurableCount
{
    private readonly Queue<(int Count, Task Durable)> _pending = new(); // the first so many are on disk when the task completes
    private (int Count, Task Durable) _last = (0, Task.CompletedTask);
    private int _count;

    /// <summary>So many are on disk.</summary>
    internal int Value
    {
        get
        {
            while (_pending.TryPeek(out (int Count, Task Durable) first) && first.Durable.IsCompletedSuccessfully)
            {
                _count = first.Count;
                _pending.Dequeue();
            }

            if (_pending.Count == 0 && _last.Durable.IsCompletedSuccessfully)
            {
                _count = _last.Count;
            }

            return _count;
        }
    }

    /// <summary>Notes that there are so many now, the last of them on disk when the task completes.</summary>
    internal void Add(int count, Task durable)
    {
        if (_last.Durable != durable && !_last.Durable.IsCompletedSuccessfully)
        {
            _pending.Enqueue(_last);
        }

        _last = (count, durable);
    }

    /// <summary>Completes when the first so many are on disk.</summary>
    internal Task Of(int count)
    {
        foreach ((int pending, Task durable) in _pending)
        {
            if (count <= pending)
            {
                return durable;
            }
        }

        return _last.Durable;
    }
}
