namespace SweepCluster.Reports.Plots;

/// <summary>A mark on an axis.</summary>
/// <param name="Value">Where, in the axis' unit.</param>
/// <param name="Label">What it says.</param>
/// <param name="Minor">Whether narrow pages leave its label out.</param>
internal sealed record Tick(double Value, string Label, bool Minor);
