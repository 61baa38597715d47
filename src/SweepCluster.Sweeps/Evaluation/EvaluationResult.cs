using System.Collections.Immutable;

namespace SweepCluster.Sweeps.Evaluation;

/// <summary>What a single evaluation found.</summary>
/// <param name="ModelFormat">What the model is: <c>Core ML package, ML program, iOS18</c>.</param>
/// <param name="Tally">The counts.</param>
/// <param name="Metrics">Metrics by name; those that need a model to compare with only where there is one.</param>
/// <param name="Drops">Paired drops against the model to compare with; empty where there is none.</param>
/// <param name="Notices">What a person should know: samples that are resized, values near the end of the program's type.</param>
public sealed record EvaluationResult(
    string ModelFormat, OutcomeTally Tally, ImmutableSortedDictionary<string, Estimate> Metrics, ImmutableSortedDictionary<string, Estimate> Drops,
    ImmutableArray<string> Notices);
