using System.Collections.Immutable;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Numerics.Elementwise;
using SweepCluster.Sweeps.Cells;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Probes;
using SweepCluster.Sweeps.Search;
using SweepCluster.Sweeps.Spaces;

namespace SweepCluster.Sweeps.Summaries;

/// <summary>What each scheme does to each layer.</summary>
internal static class SensitivityTable
{
    private const double Ln10 = 2.302585092994046;

    /// <summary>Every scheme that a layer of the sweep was to take: the grid's first, then those of overrides.</summary>
    public static ImmutableArray<SchemeSummary> Schemes(SearchState state)
    {
        HashSet<Scheme> used = [.. state.Space.Layers.SelectMany(layer => layer.Schemes).Concat(state.Space.Refusals.Select(refusal => refusal.Scheme))];
        return [.. state.Spec.Schemes
            .Concat(state.Spec.OpTypeConfigs.Values.Concat(state.Spec.OpNameConfigs.Values).SelectMany(entry => entry.Schemes))
            .Distinct()
            .Where(used.Contains)
            .Select(scheme => new SchemeSummary(scheme.Canonical, scheme.Label, scheme.Family))];
    }

    /// <summary>One entry for each pair of layer and scheme that was tried or refused.</summary>
    public static ImmutableArray<SensitivitySummary> Build(SearchState state)
    {
        Dictionary<(string, string), string> refusals = state.Space.Refusals.ToDictionary(refusal => (refusal.Layer, refusal.Scheme.Canonical), refusal => refusal.Reason);
        ImmutableArray<SchemeSummary> schemes = Schemes(state);
        return [.. state.Space.Layers.SelectMany(layer => schemes.Select(scheme => Entry(state, layer, scheme.Canonical, refusals))).OfType<SensitivitySummary>()];
    }

    private static SensitivitySummary? Entry(SearchState state, Layer layer, string scheme, Dictionary<(string, string), string> refusals)
    {
        (string, string) key = (layer.Name, scheme);
        if (refusals.TryGetValue(key, out string? reason))
        {
            return Nothing(layer, scheme, reason);
        }

        if (!state.Cells.TryGetValue(key, out CellResult? cell) || !layer.Schemes.Any(listed => listed.Canonical == scheme))
        {
            return null;
        }

        if (cell.Failure is not null)
        {
            return Nothing(layer, scheme, cell.Failure);
        }

        ProbeResult? probe = state.Probes.GetValueOrDefault(key);
        OutcomeTally? tally = probe?.Tally;
        return new SensitivitySummary(
            layer.Name,
            scheme,
            cell.PayloadBytes,
            cell is { SquaredError: > 0, SquaredNorm: > 0 } ? 10 * PortableMath.Log(cell.SquaredNorm / cell.SquaredError) / Ln10 : null,
            tally is null ? null : OutcomeMetrics.Measure(tally, OutcomeMetrics.Kl),
            tally is null || !state.Spec.Objective.Command.IsEmpty ? null : OutcomeMetrics.Drop(tally, state.Spec.Objective.Metric),
            tally is null ? null : OutcomeMetrics.Measure(tally, OutcomeMetrics.Agreement),
            probe?.Failure)
        {
            EmptyChannels = cell.EmptyChannels,
            EmptyElements = cell.EmptyElements,
        };
    }

    private static SensitivitySummary Nothing(Layer layer, string scheme, string reason) => new(layer.Name, scheme, null, null, null, null, null, reason);
}
