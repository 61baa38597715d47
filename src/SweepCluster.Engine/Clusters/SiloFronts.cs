using SweepCluster.Engine.Blobs;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Clusters;

/// <summary>What stands in front of a silo's parts: nothing, unless somebody watches, disturbs or hosts them otherwise.</summary>
internal sealed record SiloFronts
{
    /// <summary>Stands in front of the store.</summary>
    internal Func<ISweepStore, ISweepStore> Store { get; init; } = static store => store;

    /// <summary>Stands in front of the blobs, behind the cache.</summary>
    internal Func<IBlobStore, IBlobStore> Blobs { get; init; } = static blobs => blobs;

    /// <summary>Stands in front of what runs the jobs.</summary>
    internal Func<IJobHost, IJobHost> Host { get; init; } = static host => host;
}
