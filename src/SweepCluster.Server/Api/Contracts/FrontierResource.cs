using System.Collections.Immutable;

namespace SweepCluster.Server.Api.Contracts;

/// <summary>The frontier so far: the body of <c>GET /api/v1/sweeps/{id}/frontier</c> and of the event <c>frontier</c>.</summary>
/// <param name="Trials">Trials measured on the choice samples, the uncompressed model's among them.</param>
/// <param name="Best">The best trial so far; null before there is one.</param>
/// <param name="Frontier">Trials to which no other is at least as good in size and drop and better in one, smallest first.</param>
internal sealed record FrontierResource(int Trials, PointResource? Best, ImmutableArray<PointResource> Frontier);
