using System.Collections.Immutable;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Search;
using SweepCluster.Sweeps.Trials;

namespace SweepCluster.Sweeps.Frontiers;

/// <summary>Decides which plans are measured again on the samples that the choice did not see.</summary>
public static class Confirmation
{
    /// <summary>The plans on the frontier of the choice samples, in proposal order. The baseline is not among them; it has to be measured beside them.</summary>
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
        List<(long, Estimate?)> points = [.. plans.Select(plan => (state.Trials[plan.Id].SizeBytes, TrialMetrics.Summarize(state.Trials[plan.Id], baseline, state.Spec.Objective)?.Drop))];
        if (baseline is not null)
        {
            points.Add((baseline.SizeBytes, new Estimate(0, 0, 0, 0)));
        }

        bool[] marks = ChoiceFrontier.Mark(points);
        return [.. plans.Where((_, number) => marks[number])];
    }
}
