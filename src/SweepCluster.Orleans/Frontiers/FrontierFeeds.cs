using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Orleans.Frontiers;

/// <summary>Opens feeds on this silo.</summary>
internal sealed class FrontierFeeds(ISweepStore store, SiloJobHost jobs, TimeProvider time)
{
    /// <summary>Begins to fold a sweep's trials.</summary>
    internal FrontierFeed Open(string sweepId) => new(sweepId, store, jobs, time);
}
