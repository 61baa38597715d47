using SweepCluster.Graphs.Schemes;
using SweepCluster.Sweeps.Cells;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Probes;
using SweepCluster.Sweeps.Spaces;

namespace SweepCluster.Sweeps.Search;

/// <summary>Collects from finished cells and probes how each layer can be stored, what it takes and what it costs.</summary>
internal static class LayerOptions
{
    /// <summary>The ways to store a layer, the untouched one first.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="state">Finished cells and probes. With probes, the damage is the mean KL divergence in nats and a pair without a probe is no option;
    /// in a sweep without any, it is the squared error of the weight relative to its squared norm.</param>
    public static List<LayerOption> Of(Layer layer, SearchState state)
    {
        List<LayerOption> options = [new(new UntouchedScheme(), layer.Weight.Stored.PayloadBytes, 0)];
        foreach (Scheme scheme in layer.Schemes)
        {
            if (state.Cells.TryGetValue((layer.Name, scheme.Canonical), out CellResult? cell) && cell.Failure is null
                && Damage(state, cell, (layer.Name, scheme.Canonical)) is double damage)
            {
                options.Add(new LayerOption(scheme, cell.PayloadBytes, damage));
            }
        }

        return options;
    }

    private static double? Damage(SearchState state, CellResult cell, (string Layer, string Scheme) key)
    {
        if (state.Probes.Count == 0)
        {
            return cell.SquaredNorm > 0 ? Finite(cell.SquaredError / cell.SquaredNorm) : null;
        }

        return state.Probes.TryGetValue(key, out ProbeResult? probe) && probe.Tally is OutcomeTally { Samples: > 0 } tally
            ? Finite(tally.Kl.Sum / tally.Samples)
            : null;
    }

    private static double? Finite(double damage) => double.IsFinite(damage) ? Math.Max(0, damage) : null;
}
