using System.Collections.Immutable;

namespace SweepCluster.Formats.CoreMl.Programs;

/// <summary>Where a weight is defined: by a <c>const</c> or <c>constexpr_*</c> operation, or in an operand of the operation that reads it.</summary>
/// <param name="Function">Name of the function.</param>
/// <param name="Opset">Which of its blocks: the operation set that the block is for.</param>
/// <param name="Path">Index of an operation in the block; then, as often as blocks are nested, index of a block in it and of an operation in that.</param>
/// <param name="Input">The reading operation's input that holds the value itself; null where an operation defines it.</param>
/// <param name="Binding">Which of that input's operands.</param>
internal sealed record WeightSite(string Function, string Opset, ImmutableArray<int> Path, string? Input = null, int Binding = 0);
