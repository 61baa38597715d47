using System.Collections.Immutable;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;

namespace SweepCluster.Sweeps.Spaces;

/// <summary>A weight that the sweep compresses.</summary>
/// <param name="Weight">The weight.</param>
/// <param name="Schemes">Schemes of the sweep that it can take, in spec order; empty where only a given plan touches it.</param>
public sealed record Layer(Weight Weight, ImmutableArray<Scheme> Schemes)
{
    /// <summary>The weight's name.</summary>
    public string Name => Weight.Name;
}
