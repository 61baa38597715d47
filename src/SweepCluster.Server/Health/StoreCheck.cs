using SweepCluster.Engine.Stores;

namespace SweepCluster.Server.Health;

/// <summary>Whether a store answers.</summary>
internal sealed class StoreCheck(ISweepStore store) : IReadinessCheck
{
    /// <inheritdoc/>
    public async Task<string?> FindFaultAsync(CancellationToken cancellationToken)
    {
        await store.ReadEventsAsync(null, long.MaxValue, 1, cancellationToken); // asks for the events after the last: the store looks, and has nothing to send
        return null;
    }
}
