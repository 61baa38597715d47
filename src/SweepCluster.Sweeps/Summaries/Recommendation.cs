namespace SweepCluster.Sweeps.Summaries;

/// <summary>What the sweep advises for its goal.</summary>
/// <param name="ProvenTrial">Id of the smallest plan proven on unseen samples to stay within the accepted drop; null where none is, or no goal was stated.</param>
/// <param name="NearestTrial">Where nothing is proven: the plan with the smallest upper bound of its drop; else null.</param>
/// <param name="Explanation">One or two sentences: what was proven on how many samples, or what stands in the way.</param>
/// <param name="Tested">Ids that were tested, safest first, up to and including the first that was not proven.</param>
public sealed record Recommendation(string? ProvenTrial, string? NearestTrial, string Explanation, System.Collections.Immutable.ImmutableArray<string> Tested);
