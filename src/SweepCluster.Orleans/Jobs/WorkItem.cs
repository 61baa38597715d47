using SweepCluster.Engine.Jobs;

namespace SweepCluster.Orleans.Jobs;

/// <summary>A job that a silo is at.</summary>
/// <param name="Job">Which.</param>
/// <param name="Kind">What is done.</param>
/// <param name="Subject">The layer, or the plan's label; the round of a coordinator.</param>
/// <param name="Since">When it was taken up, by the silo's clock.</param>
[GenerateSerializer, Immutable, Alias("sweep.work-item")]
public sealed record WorkItem([property: Id(0)] JobId Job, [property: Id(1)] JobKind Kind, [property: Id(2)] string Subject, [property: Id(3)] DateTimeOffset Since);
