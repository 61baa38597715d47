namespace SweepCluster.Sweeps.Summaries;

/// <summary>A weight that stayed as it is.</summary>
/// <param name="Name">Name of the weight.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Elements">Number of elements.</param>
/// <param name="Reason">Why.</param>
public sealed record LeftAloneSummary(string Name, string Shape, long Elements, string Reason);
