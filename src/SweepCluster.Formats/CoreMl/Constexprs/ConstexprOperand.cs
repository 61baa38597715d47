using SweepCluster.Graphs;

namespace SweepCluster.Formats.CoreMl.Constexprs;

/// <summary>One operand of an operation to be written: a tensor, a text, or an output of an operation that is written before it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Data">The tensor.</param>
/// <param name="Text">The text.</param>
/// <param name="Source">The operation.</param>
/// <param name="Output">Which of its outputs.</param>
internal readonly record struct ConstexprOperand(string Name, TensorData? Data, string? Text = null, ConstexprForm? Source = null, int Output = 0);
