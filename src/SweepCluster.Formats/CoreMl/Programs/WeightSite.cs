using System.Collections.Immutable;

namespace SweepCluster.Formats.CoreMl.Programs;

/// <summary>Where a weight is defined in the main function: by a <c>const</c> or <c>constexpr_*</c> operation, or in an operand of the operation that reads it.</summary>
/// <param name="Path">Index of an operation in the function's block; then, as often as blocks are nested, index of a block in it and of an operation in that.</param>
/// <param name="Input">The reading operation's input that holds the value itself; null where an operation defines it.</param>
/// <param name="Binding">Which of that input's operands.</param>
internal sealed record WeightSite(ImmutableArray<int> Path, string? Input = null, int Binding = 0);
