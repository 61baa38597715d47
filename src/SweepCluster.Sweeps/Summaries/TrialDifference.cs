using SweepCluster.Sweeps.Evaluation;

namespace SweepCluster.Sweeps.Summaries;

/// <summary>A trial that two sweeps do not have alike. Trials are matched by the plan's id.</summary>
/// <param name="Id">The plan's id.</param>
/// <param name="Label">Its label, the right sweep's where it has one.</param>
/// <param name="What">What differs: <c>only left</c>, <c>only right</c>, or one or more of <c>size</c>, <c>metric</c>, <c>weights</c>, <c>failure</c>, separated by commas.</param>
/// <param name="LeftBytes">Bytes in the left sweep; null where it has no such trial.</param>
/// <param name="RightBytes">Bytes in the right sweep; null where it has no such trial.</param>
/// <param name="LeftMetric">The left sweep's metric on its choice samples; null where there is none.</param>
/// <param name="RightMetric">The right sweep's metric on its choice samples; null where there is none.</param>
public sealed record TrialDifference(string Id, string Label, string What, long? LeftBytes, long? RightBytes, Estimate? LeftMetric, Estimate? RightMetric);
