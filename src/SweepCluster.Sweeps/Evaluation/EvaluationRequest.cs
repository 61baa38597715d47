using SweepCluster.Sweeps.Specs;

namespace SweepCluster.Sweeps.Evaluation;

/// <summary>What a single evaluation measures.</summary>
/// <param name="Data">The labelled data.</param>
/// <param name="Baseline">Path of a model to compare with; null: none.</param>
/// <param name="Sweep">A sweep whose order and parts of the samples are used; null: all samples in the data's order.</param>
/// <param name="Part">With a sweep: <c>choice</c>, <c>confirm</c>, or <c>all</c> of both.</param>
/// <param name="DataHash">Hash that the data must have, as the sweep measured it; null: any.</param>
public sealed record EvaluationRequest(DataSpec Data, string? Baseline, SweepSpec? Sweep, string? Part, string? DataHash);
