using System.Collections.Immutable;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Graphs.Weights;
using SweepCluster.Sweeps.Spaces;

namespace SweepCluster.Engine.Sessions;

/// <summary>Which cells a sweep needs before it measures anything.</summary>
internal static class WantedCells
{
    /// <summary>Schemes of a layer: those of the sweep that it can take, then those that only given plans put on it.</summary>
    internal static ImmutableArray<Scheme> SchemesOf(SweepSpace space, Layer layer) => [.. layer.Schemes
        .Concat(space.UniformPlans.Select(plan => plan.Schemes.GetValueOrDefault(layer.Name)).OfType<Scheme>())
        .Distinct()];

    /// <summary>One entry for each distinct weight, in program order of the first that is like it, with every scheme wanted of any of them.</summary>
    internal static ImmutableArray<(Weight Weight, ImmutableArray<Scheme> Schemes)> Of(SweepSpace space) => [.. space.Layers
        .GroupBy(layer => (layer.Weight.Hash, layer.Weight.OutputAxis, layer.Weight.InputAxis, layer.Weight.Readers))
        .Select(group => (group.First().Weight, Schemes: (ImmutableArray<Scheme>)[.. group.SelectMany(layer => SchemesOf(space, layer)).Distinct()]))
        .Where(entry => entry.Schemes.Length > 0)];
}
