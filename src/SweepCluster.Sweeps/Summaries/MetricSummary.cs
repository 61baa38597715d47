using SweepCluster.Sweeps.Evaluation;

namespace SweepCluster.Sweeps.Summaries;

/// <summary>Metrics over one range of samples.</summary>
/// <param name="Values">By name, in ordinal order: <c>top1</c>, <c>top5</c>, <c>agreement</c>, <c>kl</c>, ... or what a command printed.</param>
/// <param name="Drop">Loss of the objective's metric against the baseline on the same samples (positive is worse): a paired difference with its interval. Zero for the baseline itself.</param>
public sealed record MetricSummary(IReadOnlyDictionary<string, Estimate> Values, Estimate Drop);
