using System.Collections.Immutable;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Server.Pages.Sweeps;

/// <summary>The sweeps and silos of the store at one moment.</summary>
/// <param name="Version">Number of the state; a later one has a greater.</param>
/// <param name="Sweeps">The sweeps, as a person wants them listed.</param>
/// <param name="Silos">The silos, by name.</param>
internal sealed record SweepIndexState(long Version, ImmutableArray<SweepListing> Sweeps, ImmutableArray<SiloStatus> Silos)
{
    /// <summary>Pages of the list as they read with this state, each made once for all who look.</summary>
    internal SweepListShelf Lists { get; } = new();
}
