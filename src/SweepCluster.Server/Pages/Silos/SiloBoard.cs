using System.Collections.Immutable;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Server.Pages.Silos;

/// <summary>The silos and what they do, at one moment.</summary>
/// <param name="Silos">The silos and the jobs that they hold, by name.</param>
/// <param name="Held">Every job that is held, by its holder's name: a lease outlives a silo that was struck off.</param>
/// <param name="Sweeps">Names of the store's sweeps, by id.</param>
/// <param name="Version">Version of this program: silos take sweeps of their own.</param>
public sealed record SiloBoard(ImmutableArray<WorkingSilo> Silos, ImmutableArray<HeldJob> Held, IReadOnlyDictionary<string, string> Sweeps, string Version);
