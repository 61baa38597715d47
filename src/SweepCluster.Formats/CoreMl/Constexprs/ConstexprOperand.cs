using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.Constexprs;

/// <summary>One operand of an operation to be written: a tensor or a text.</summary>
internal readonly record struct ConstexprOperand(string Name, TensorData? Data, string? Text = null);
