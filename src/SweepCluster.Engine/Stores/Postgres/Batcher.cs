namespace SweepCluster.Engine.Stores.Postgres;

/// <summary>Makes one batch of all calls that come while the batch before it is on its way, so that many callers share a transaction.</summary>
/// <param name="run">Does a batch and completes every entry of it.</param>
/// <param name="most">Most entries of a batch.</param>
internal sealed class Batcher<TItem, TResult>(Func<IReadOnlyList<Batcher<TItem, TResult>.Entry>, Task> run, int most)
{
    private readonly Lock _gate = new();
    private readonly Queue<Entry> _waiting = new();
    private bool _running;
    private Task _drain = Task.CompletedTask;

    /// <summary>Adds an item to the next batch.</summary>
    internal Task<TResult> AddAsync(TItem item)
    {
        Entry entry = new(item);
        lock (_gate)
        {
            _waiting.Enqueue(entry);
            if (!_running)
            {
                _running = true;
                _drain = Task.Run(DrainAsync);
            }
        }

        return entry.Completion.Task;
    }

    /// <summary>Completes when everything that was added is done.</summary>
    internal Task Drained
    {
        get
        {
            lock (_gate)
            {
                return _drain;
            }
        }
    }

    private async Task DrainAsync()
    {
        while (Next() is { Count: > 0 } batch)
        {
            try
            {
                await run(batch);
            }
            catch (Exception error)
            {
                batch.ForEach(entry => entry.Completion.TrySetException(error));
            }
        }
    }

    private List<Entry> Next()
    {
        lock (_gate)
        {
            List<Entry> batch = [];
            while (batch.Count < most && _waiting.TryDequeue(out Entry? entry))
            {
                batch.Add(entry);
            }

            _running = batch.Count > 0;
            return batch;
        }
    }

    /// <summary>One call that waits for its batch.</summary>
    internal sealed class Entry(TItem item)
    {
        internal TItem Item { get; } = item;

        internal TaskCompletionSource<TResult> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
