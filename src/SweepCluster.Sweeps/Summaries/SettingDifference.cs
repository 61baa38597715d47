namespace SweepCluster.Sweeps.Summaries;

/// <summary>Something that two sweeps rest on and do not have alike.</summary>
/// <param name="Name">What: <c>model</c>, <c>data</c>, <c>seed</c>, ...</param>
/// <param name="Left">The left sweep's.</param>
/// <param name="Right">The right sweep's.</param>
public sealed record SettingDifference(string Name, string Left, string Right);
