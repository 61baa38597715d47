using System.Collections.Immutable;

namespace SweepCluster.Server.Api.Contracts;

/// <summary>A plan as measured.</summary>
/// <param name="Id">The plan's id.</param>
/// <param name="Label">The plan's label.</param>
/// <param name="Kind"><c>baseline</c>, <c>uniform</c>, <c>mixed</c> or <c>given</c>.</param>
/// <param name="SizeBytes">Bytes of the exported file.</param>
/// <param name="CompressionRatio">The uncompressed model's bytes divided by <paramref name="SizeBytes"/>.</param>
/// <param name="OnFrontier">Whether no other trial is at least as good in size and metric and better in one.</param>
/// <param name="BeatsUniform">For a mixed plan: whether no uniform one is at least as small and at least as good.</param>
/// <param name="WeightsHash">SHA-256 of the weights that were measured.</param>
/// <param name="Choice">Metrics over the choice samples; null where it failed.</param>
/// <param name="Confirm">Metrics over samples that the choice did not see; null where it was not confirmed.</param>
/// <param name="Failure">Why it failed; null where it did not.</param>
/// <param name="Schemes">Scheme by layer; layers not named are untouched.</param>
internal sealed record TrialResource(
    string Id, string Label, string Kind, long SizeBytes, double CompressionRatio, bool OnFrontier, bool BeatsUniform, string WeightsHash, MetricsResource? Choice,
    MetricsResource? Confirm, string? Failure, ImmutableSortedDictionary<string, string> Schemes);
