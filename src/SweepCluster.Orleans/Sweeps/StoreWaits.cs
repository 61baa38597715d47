using SweepCluster.Engine.Stores;

namespace SweepCluster.Orleans.Sweeps;

/// <summary>Waiting for a store with a limit.</summary>
internal static class StoreWaits
{
    /// <summary>Waits for a change, but no longer than <paramref name="limit"/>.</summary>
    /// <returns>A number for the next call.</returns>
    internal static async Task<long> WaitForChangeOrAsync(this ISweepStore store, TimeSpan limit, long seen, TimeProvider time, CancellationToken cancellationToken)
    {
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using ITimer timer = time.CreateTimer(static source => ((CancellationTokenSource)source!).Cancel(), enough, limit, Timeout.InfiniteTimeSpan);
        try
        {
            return await store.WaitForChangeAsync(seen, enough.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return seen;
        }
    }
}
