using System.Collections.Immutable;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Server.Pages.Silos;

/// <summary>The silos and what they do, at one moment.</summary>
/// <param name="Silos">The silos, by name.</param>
/// <param name="Jobs">Jobs that they hold.</param>
/// <param name="Version">Version of this program: silos take sweeps of their own.</param>
public sealed record SiloBoard(ImmutableArray<SiloStatus> Silos, ImmutableArray<SiloJob> Jobs, string Version)
{
    /// <summary>Jobs of one silo.</summary>
    public IEnumerable<SiloJob> Of(string silo) => Jobs.Where(job => job.Silo == silo);
}
