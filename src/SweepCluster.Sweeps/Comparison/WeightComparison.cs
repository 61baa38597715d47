using SweepCluster.Compression;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Sweeps.Comparison;

/// <summary>A weight of both models.</summary>
/// <param name="Left">As the first has it.</param>
/// <param name="Right">As the second has it.</param>
/// <param name="Difference">How far the second's values are from the first's, as devices compute them.</param>
/// <param name="MatchedBy">By what they were found to be the same weight.</param>
public sealed record WeightComparison(Weight Left, Weight Right, ValueDifference Difference, WeightMatch MatchedBy);
