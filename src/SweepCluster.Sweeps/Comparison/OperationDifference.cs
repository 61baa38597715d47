using System.Collections.Immutable;

namespace SweepCluster.Sweeps.Comparison;

/// <summary>An operation that only one of two programs has, or that differs between them.</summary>
/// <param name="Left">Its name in the first program; null where that has none.</param>
/// <param name="Right">Its name in the second; null where that has none.</param>
/// <param name="OpType">Its type.</param>
/// <param name="Function">Name of the function that it stands in; null for the main one.</param>
/// <param name="Changes">What differs, each in a few words; empty for one that only one program has.</param>
/// <param name="IsOther">Whether more differs than names and types: an operation is there or is missing (casts between types of floating point apart), or it reads or gives something else.</param>
public sealed record OperationDifference(string? Left, string? Right, string OpType, string? Function, ImmutableArray<string> Changes, bool IsOther);
