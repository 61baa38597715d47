namespace SweepCluster.Sweeps.Summaries;

/// <summary>One layer that the sweep compressed.</summary>
/// <param name="Name">Name of the weight.</param>
/// <param name="OpType">Type of the operation that reads it (the first of several).</param>
/// <param name="Shape">Shape, as <c>[64, 64, 3, 3]</c>.</param>
/// <param name="Type">Element type, as <c>float16</c>.</param>
/// <param name="Elements">Number of elements.</param>
/// <param name="Bytes">Bytes as the model has it.</param>
public sealed record LayerSummary(string Name, string OpType, string Shape, string Type, long Elements, long Bytes);
