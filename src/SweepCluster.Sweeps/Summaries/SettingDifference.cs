namespace SweepCluster.Sweeps.Summaries;

/// <summary>Something that two sweeps rest on, or that two models say of themselves, and do not have alike.</summary>
/// <param name="Name">What: <c>model</c>, <c>data</c>, <c>seed</c>, ... of sweeps; <c>target</c>, <c>input image</c>, ... of models</param>
/// <param name="Left">What the left one has; <c>-</c> for nothing.</param>
/// <param name="Right">What the right one has; <c>-</c> for nothing.</param>
public sealed record SettingDifference(string Name, string Left, string Right);
