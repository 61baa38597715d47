using SweepCluster.Graphs;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Formats.CoreMl.Constexprs;

/// <summary>One output of a <c>constexpr_*</c> operation.</summary>
/// <param name="Stored">The form it is stored in; null where it is only a part of a joint form.</param>
/// <param name="Data">Its values, where <paramref name="Stored"/> is null; decoded when they are asked for.</param>
/// <param name="Joint">The chain of operations of a joint form that no stored weight is like, as <c>constexpr_lut_to_sparse</c>; null for what a stored weight says.</param>
internal sealed record ConstexprValue(CompressedWeight? Stored, Lazy<TensorData>? Data, string? Joint)
{
    /// <summary>The sparse weight that this is a part of; null where it is of none.</summary>
    internal CompressedWeight? Sparse { get; init; }

    /// <summary>Whether this is that weight's mask; otherwise its values.</summary>
    internal bool IsMask { get; init; }

    /// <summary>Where this was looked up in a table of integers: the palette with a scale of 1, which another operation gives its own; null elsewhere.</summary>
    internal PalettizedWeight? IntegerPalette { get; init; }
}
