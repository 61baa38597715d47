using SweepCluster.Graphs;
using SweepCluster.Sweeps.Frontiers;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Search;
using SweepCluster.Sweeps.Trials;

namespace SweepCluster.Sweeps.Summaries;

/// <summary>Folds what was recorded into what a report shows. Pure: the same records give the same summary, at any moment of a sweep.</summary>
public static class SummaryBuilder
{
    /// <summary>Stands in every report until somebody measures on a device.</summary>
    public const string NotValidated = "Not validated on a device: accuracy is measured by running the exported weights on a CPU in float32.";

    /// <summary>Builds a summary.</summary>
    /// <param name="state">Plans in proposal order, with the trials, cells and probes that are finished; among the trials the baseline. Plans without a trial are left out.</param>
    /// <param name="confirmations">Trials over the confirmation samples by plan id; among them the baseline, where there are any.</param>
    /// <param name="provenance">Where the result comes from.</param>
    /// <param name="notices">Things a person should know; <see cref="NotValidated"/> is added.</param>
    /// <exception cref="ArgumentException">The baseline has no trial.</exception>
    public static SweepSummary Build(
        SearchState state, IReadOnlyDictionary<string, TrialResult> confirmations, Provenance provenance, IEnumerable<string> notices)
    {
        if (!state.Trials.TryGetValue(Plan.Baseline.Id, out TrialResult? baseline))
        {
            throw new ArgumentException("Found no trial of the baseline.", nameof(state));
        }

        TrialTable table = new(state, confirmations, baseline);
        SweepSummary summary = new()
        {
            Name = state.Spec.Name,
            Provenance = provenance,
            Metric = state.Spec.Objective.Metric,
            Higher = state.Spec.Objective.Higher,
            MaxDrop = state.Spec.Objective.MaxDrop,
            Baseline = table.Baseline,
            Trials = table.Trials,
            Recommendation = Recommender.WithoutGoal(),
            Layers = [.. state.Space.Layers.Select(layer => new LayerSummary(
                layer.Name, layer.Weight.Uses[0].OpType, layer.Weight.Shape.ToString(), layer.Weight.Type.Name(), layer.Weight.Shape.ElementCount, layer.Weight.Stored.PayloadBytes))],
            Schemes = SensitivityTable.Schemes(state),
            Sensitivities = SensitivityTable.Build(state),
            LeftAlone = [.. state.Space.LeftAlone.Select(entry => new LeftAloneSummary(
                entry.Weight.Name, entry.Weight.Shape.ToString(), entry.Weight.Shape.ElementCount, entry.Reason))],
            Notices = [.. notices, NotValidated],
        };
        return summary.MaxDrop is double drop ? summary with { Recommendation = Recommender.ForMaxDrop(summary, drop) } : summary;
    }
}
