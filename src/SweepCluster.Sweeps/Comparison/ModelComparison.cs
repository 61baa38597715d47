using System.Collections.Immutable;
using SweepCluster.Graphs.Weights;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Sweeps.Comparison;

/// <summary>What two models have alike and what not.</summary>
/// <param name="Settings">What they say of themselves and do not say alike: kind, versions, target, inputs, outputs, functions, metadata.</param>
/// <param name="Operations">Operations that only one has, or that both have and that differ; in program order. How a weight is stored makes no difference here.</param>
/// <param name="Same">Number of operations that do not differ.</param>
/// <param name="Weights">Weights of both, in the first one's order.</param>
/// <param name="OnlyLeft">Weights that only the first has.</param>
/// <param name="OnlyRight">Weights that only the second has.</param>
public sealed record ModelComparison(
    ImmutableArray<SettingDifference> Settings,
    ImmutableArray<OperationDifference> Operations,
    int Same,
    ImmutableArray<WeightComparison> Weights,
    ImmutableArray<Weight> OnlyLeft,
    ImmutableArray<Weight> OnlyRight)
{
    /// <summary>Whether no operation of one is in the other, and no weight of one has one of the other to be compared with.</summary>
    public bool HasNothingInCommon => Same == 0 && Weights.IsEmpty;
}
