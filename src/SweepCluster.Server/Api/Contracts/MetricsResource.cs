using System.Collections.Immutable;

namespace SweepCluster.Server.Api.Contracts;

/// <summary>Metrics over some samples.</summary>
/// <param name="Values">By name, as <c>top1</c>.</param>
/// <param name="Drop">Loss of the objective's metric against the uncompressed model on the same samples; positive is worse.</param>
internal sealed record MetricsResource(ImmutableSortedDictionary<string, EstimateResource> Values, EstimateResource Drop);
