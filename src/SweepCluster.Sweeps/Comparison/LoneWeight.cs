using SweepCluster.Graphs.Weights;

namespace SweepCluster.Sweeps.Comparison;

/// <summary>A weight that one of two models has and the other has not.</summary>
/// <param name="Weight">The weight.</param>
/// <param name="Function">Name of the function that reads it; null for the main one.</param>
public sealed record LoneWeight(Weight Weight, string? Function);
