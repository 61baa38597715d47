namespace SweepCluster.Engine.Stores;

/// <summary>Numbers the changes of a store, and wakes whoever waits for one.</summary>
internal sealed class ChangeSignal
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _version = 1;

    /// <summary>Something changed.</summary>
    internal void Announce()
    {
        TaskCompletionSource changed;
        lock (_gate)
        {
            _version++;
            (changed, _changed) = (_changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        changed.SetResult();
    }

    /// <summary>Waits until something changed since <paramref name="seen"/>.</summary>
    /// <param name="seen">What an earlier call returned; 0 at first, which returns at once.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The number of the latest change.</returns>
    internal async Task<long> WaitAsync(long seen, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_version != seen)
                {
                    return _version;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }
}
