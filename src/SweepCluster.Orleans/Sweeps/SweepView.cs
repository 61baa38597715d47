using System.Collections.Immutable;
using SweepCluster.Orleans.Silos;

namespace SweepCluster.Orleans.Sweeps;

/// <summary>How far a sweep is, and who is at it now.</summary>
/// <param name="Counts">What the store says.</param>
/// <param name="Silos">Silos that are at jobs of this sweep, with these jobs, by name.</param>
/// <param name="Silent">Members of the cluster that did not answer in time.</param>
[GenerateSerializer, Immutable, Alias("sweep.sweep")]
public sealed record SweepView([property: Id(0)] SweepCounts Counts, [property: Id(1)] ImmutableArray<SiloView> Silos, [property: Id(2)] ImmutableArray<string> Silent);
