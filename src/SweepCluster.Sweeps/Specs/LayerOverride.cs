using System.Collections.Immutable;
using SweepCluster.Graphs.Schemes;

namespace SweepCluster.Sweeps.Specs;

/// <summary>What an override says of the layers it names.</summary>
/// <param name="Schemes">Schemes instead of the grid; empty: the layers are skipped.</param>
/// <param name="WeightThreshold">Threshold instead of the global one; null: the global one.</param>
public sealed record LayerOverride(ImmutableArray<Scheme> Schemes, long? WeightThreshold)
{
    /// <summary>Whether the layers are left alone.</summary>
    public bool Skip => Schemes.IsEmpty;
}
