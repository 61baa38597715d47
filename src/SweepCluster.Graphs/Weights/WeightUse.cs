namespace SweepCluster.Graphs.Weights;

/// <summary>One operation that reads a weight.</summary>
/// <param name="Node">Name of the operation (its first output).</param>
/// <param name="OpType">Its type, as <c>conv</c>.</param>
/// <param name="Input">The input that the weight feeds, as <c>weight</c>.</param>
public sealed record WeightUse(string Node, string OpType, string Input);
