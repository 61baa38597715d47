using System.Collections.Immutable;

namespace SweepCluster.Sweeps.Specs;

/// <summary>What is measured and wanted.</summary>
/// <param name="Metric"><c>top1</c>, <c>top5</c>, <c>agreement</c>, <c>kl</c>, or with a command one of the names that it prints.</param>
/// <param name="Higher">Whether more of it is better.</param>
/// <param name="MaxDrop">Largest loss against the baseline that the user accepts, in the metric's own unit (0.01 is one point of accuracy); null: none stated.</param>
/// <param name="Command">A user's own evaluator: program and arguments, <c>{model}</c> stands for the package; empty: the built-in evaluation.</param>
/// <param name="Timeout">Time limit of one run of the command.</param>
/// <param name="Folder">Where the command runs: the spec's folder, to which its relative paths refer; empty: where this process does.</param>
public sealed record ObjectiveSpec(string Metric, bool Higher, double? MaxDrop, ImmutableArray<string> Command, TimeSpan Timeout, string Folder = "");
