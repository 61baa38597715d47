using System.Collections.Immutable;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Sweeps.Trials;

/// <summary>Turns what was recorded of a trial into metrics and the drop against the baseline.</summary>
public static class TrialMetrics
{
    /// <summary>Metrics of a trial with the drop of the objective's metric.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="baseline">The baseline over the same samples; needed only where a user's command measured.</param>
    /// <param name="objective">What is wanted.</param>
    /// <returns>Null where the trial failed, or says nothing of the objective's metric. A drop that a command's figures give has no interval.</returns>
    public static MetricSummary? Summarize(TrialResult trial, TrialResult? baseline, ObjectiveSpec objective)
    {
        if (trial.Failure is not null)
        {
            return null;
        }

        if (objective.Command.IsEmpty)
        {
            return trial.Tally is OutcomeTally tally && OutcomeMetrics.Drop(tally, objective.Metric) is Estimate drop
                ? new MetricSummary(new TallyMetrics(tally), drop)
                : null;
        }

        ImmutableSortedDictionary<string, Estimate> values = trial.Metrics;
        if (!values.TryGetValue(objective.Metric, out Estimate? value) || baseline is null || !baseline.Metrics.TryGetValue(objective.Metric, out Estimate? reference))
        {
            return null;
        }

        double loss = objective.Higher ? reference.Value - value.Value : value.Value - reference.Value;
        return new MetricSummary(values, new Estimate(loss, loss, loss, 0));
    }

    /// <summary>Metrics of the baseline, whose drop is 0 by definition.</summary>
    /// <returns>Null where it failed, or says nothing of the objective's metric.</returns>
    public static MetricSummary? SummarizeBaseline(TrialResult baseline, ObjectiveSpec objective) =>
        Summarize(baseline, baseline, objective) is MetricSummary summary
            ? summary with { Drop = new Estimate(0, 0, 0, summary.Drop.Samples) }
            : null;
}
