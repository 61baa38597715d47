using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.CoreMl.Constexprs;

/// <summary>One output of a <c>constexpr_*</c> operation.</summary>
/// <param name="Stored">The form it is stored in; null where it is only a part of a joint form.</param>
/// <param name="Data">Its values, where <paramref name="Stored"/> is null.</param>
/// <param name="Joint">The chain of operations of a joint form, as <c>constexpr_lut_to_sparse</c>; null for a form of one operation.</param>
internal sealed record ConstexprValue(CompressedWeight? Stored, TensorData? Data, string? Joint);
