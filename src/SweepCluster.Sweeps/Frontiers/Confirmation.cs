using System.Collections.Immutable;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Search;
using SweepCluster.Sweeps.Trials;

namespace SweepCluster.Sweeps.Frontiers;

/// <summary>Decides which plans are measured again on the samples that the choice did not see.</summary>
public static class Confirmation
{
    /// <summary>The plans on the frontier of the choice samples, and those on the frontier of size and upper bound of the drop, in proposal order. The baseline
    /// is not among them; it has to be measured beside them.</summary>
    /// <remarks>The recommendation goes by upper bounds: a plan that a smaller one beats by chance in the measured drop may still be the safest of its size.</remarks>
    /// <param name="state">A search that has no more to propose.</param>
    /// <returns>None where the spec keeps no samples for it, or a user's command measures: it sees the same data every time.</returns>
    public static ImmutableArray<Plan> Select(SearchState state)
    {
        if (state.Spec.Samples.Confirm == 0 || !state.Spec.Objective.Command.IsEmpty)
        {
            return [];
        }

        TrialResult? baseline = state.Trials.GetValueOrDefault(Plan.Baseline.Id);
        Plan[] plans = [.. state.Plans.Where(plan => plan.Kind != PlanKind.Baseline && state.Trials.ContainsKey(plan.Id))];
        List<(long SizeBytes, Estimate? Drop)> points = [.. plans
            .Select(plan => state.Trials[plan.Id])
            .Select(trial => (trial.SizeBytes, TrialMetrics.Summarize(trial, baseline, state.Spec.Objective)?.Drop))];
        if (baseline is not null)
        {
            points.Add((baseline.SizeBytes, new Estimate(0, 0, 0, 0)));
        }

        bool[] marks = ChoiceFrontier.Mark(points);
        bool[] safest = ChoiceFrontier.Mark([.. points.Select(point => (point.SizeBytes, point.Drop is Estimate drop ? drop with { Value = drop.High } : null))]);
        return [.. plans.Where((_, number) => marks[number] || safest[number])];
    }
}
