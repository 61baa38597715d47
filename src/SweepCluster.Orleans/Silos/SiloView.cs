using System.Collections.Immutable;
using SweepCluster.Orleans.Jobs;

namespace SweepCluster.Orleans.Silos;

/// <summary>A silo and what it is at.</summary>
/// <param name="Name">Its name in claims.</param>
/// <param name="Slots">Jobs that it runs at the same time.</param>
/// <param name="Work">The jobs, the oldest first.</param>
[GenerateSerializer, Immutable, Alias("sweep.silo")]
public sealed record SiloView([property: Id(0)] string Name, [property: Id(1)] int Slots, [property: Id(2)] ImmutableArray<WorkItem> Work);
