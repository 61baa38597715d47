using SweepCluster.Graphs.Weights;

namespace SweepCluster.Sweeps.Spaces;

/// <summary>A weight that stays as it is.</summary>
/// <param name="Weight">The weight.</param>
/// <param name="Cause">Of what kind the reason is.</param>
/// <param name="Reason">Why, in a few words: <c>432 elements, the threshold is 2048</c>.</param>
public sealed record LeftAloneWeight(Weight Weight, LeftAloneCause Cause, string Reason);
