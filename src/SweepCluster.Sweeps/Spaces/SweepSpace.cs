using System.Collections.Immutable;
using SweepCluster.Sweeps.Plans;

namespace SweepCluster.Sweeps.Spaces;

/// <summary>A spec expanded over a model, before anything runs: which layers, under which schemes, which uniform plans, and what is left alone and why.</summary>
/// <param name="Layers">Weights that a scheme of the sweep or a given plan compresses, in program order.</param>
/// <param name="LeftAlone">Weights that are not touched at all, in program order, with the reason.</param>
/// <param name="Refusals">Layer and scheme pairs that are impossible, with the reason.</param>
/// <param name="UniformPlans">One plan for each scheme of the grid (those that touch no layer, or repeat another, are left out), then the user's own plans.</param>
public sealed record SweepSpace(
    ImmutableArray<Layer> Layers, ImmutableArray<LeftAloneWeight> LeftAlone, ImmutableArray<Refusal> Refusals, ImmutableArray<Plan> UniformPlans)
{
    /// <summary>Number of distinct cells: pairs of layer and scheme, those of the given plans too, equal weights counted once.</summary>
    public int CellCount
    {
        get
        {
            Dictionary<string, string> hashes = Layers.ToDictionary(layer => layer.Name, layer => layer.Weight.Hash, StringComparer.Ordinal);
            return Layers.SelectMany(layer => layer.Schemes.Select(scheme => (hashes[layer.Name], scheme.Canonical)))
                .Concat(UniformPlans.SelectMany(plan => plan.Schemes.Select(entry => (hashes[entry.Key], entry.Value.Canonical))))
                .Distinct().Count();
        }
    }
}
