using SweepCluster.Sweeps.Evaluation;

namespace SweepCluster.Engine.Runs;

/// <summary>The best trial so far: the smallest within the accepted drop, or where no drop is stated the smallest that loses at most one interval.</summary>
/// <param name="TrialId">The plan's id.</param>
/// <param name="Label">The plan's label.</param>
/// <param name="SizeBytes">Bytes of the exported file.</param>
/// <param name="CompressionRatio">Baseline's bytes divided by <paramref name="SizeBytes"/>.</param>
/// <param name="Drop">Loss of the objective's metric on the choice samples; positive is worse.</param>
public sealed record BestPoint(string TrialId, string Label, long SizeBytes, double CompressionRatio, Estimate Drop);
