using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Jobs;

/// <summary>Waits for news of a store, with a limit: news may be lost, and that a lease runs out is none.</summary>
internal static class StoreChanges
{
    /// <summary>Waits until something may have changed.</summary>
    /// <param name="store">The store.</param>
    /// <param name="seen">What an earlier call returned; 0 at first.</param>
    /// <param name="most">Waits at most so long.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>A number for the next call; <paramref name="seen"/> where there was no news.</returns>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    internal static async Task<long> WaitAsync(ISweepStore store, long seen, TimeSpan most, TimeProvider time, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = new(most, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await store.WaitForChangeAsync(seen, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return seen;
        }
    }
}
