using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Server.Telemetry;

/// <summary>A store as a server saw it last.</summary>
/// <param name="Phases">Sweeps by phase.</param>
/// <param name="Untold">Sweeps without gauges of their own.</param>
/// <param name="Silos">Silos that are there.</param>
internal sealed record ClusterState(IReadOnlyList<Measurement<long>> Phases, IReadOnlyList<Measurement<long>> Untold, ImmutableArray<SiloStatus> Silos)
{
    /// <summary>Nothing is known.</summary>
    internal static ClusterState Unknown { get; } = new([], [], []);
}
