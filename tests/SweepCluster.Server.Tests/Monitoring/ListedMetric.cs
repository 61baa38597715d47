using System.Collections.Immutable;

namespace SweepCluster.Server.Tests.Monitoring;

/// <summary>A metric of <c>docs/metrics.md</c>.</summary>
/// <param name="Name">As Prometheus shows it; a histogram without <c>_bucket</c>.</param>
/// <param name="Type"><c>counter</c>, <c>gauge</c> or <c>histogram</c>.</param>
/// <param name="Labels">Its labels, without those that Prometheus adds.</param>
/// <param name="Values">The values of those labels whose values the page lists.</param>
internal sealed record ListedMetric(string Name, string Type, ImmutableHashSet<string> Labels, ImmutableDictionary<string, ImmutableArray<string>> Values);
