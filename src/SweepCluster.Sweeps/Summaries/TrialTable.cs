using System.Collections.Immutable;
using System.Runtime.InteropServices;
using SweepCluster.Sweeps.Frontiers;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Search;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Sweeps.Trials;

namespace SweepCluster.Sweeps.Summaries;

/// <summary>The trials of a sweep beside each other.</summary>
internal sealed class TrialTable
{
    private readonly ObjectiveSpec _objective;
    private readonly IReadOnlyDictionary<string, TrialResult> _confirmations;
    private readonly TrialResult _baseline;

    /// <summary>Summarizes every finished trial.</summary>
    public TrialTable(SearchState state, IReadOnlyDictionary<string, TrialResult> confirmations, TrialResult baseline)
    {
        _objective = state.Spec.Objective;
        _confirmations = confirmations;
        _baseline = baseline;
        TrialSummary untouched = Summarize(Plan.Baseline, baseline);
        TrialSummary[] trials = [.. state.Plans
            .Select(plan => (Plan: plan, Trial: plan.Kind == PlanKind.Baseline ? null : state.Trials.GetValueOrDefault(plan.Id)))
            .Where(entry => entry.Trial is not null)
            .Select(entry => Summarize(entry.Plan, entry.Trial!))];
        bool[] marks = ChoiceFrontier.Mark([.. trials.Append(untouched).Select(trial => (trial.SizeBytes, trial.Choice?.Drop))]);
        UniformBest uniform = new(trials);
        Baseline = untouched with { OnFrontier = marks[^1] };
        for (int i = 0; i < trials.Length; i++)
        {
            bool beats = uniform.IsBeatenBy(trials[i]);
            if (marks[i] || beats)
            {
                trials[i] = trials[i] with { OnFrontier = marks[i], BeatsUniform = beats };
            }
        }

        Trials = ImmutableCollectionsMarshal.AsImmutableArray(trials);
    }

    /// <summary>The uncompressed model.</summary>
    public TrialSummary Baseline { get; }

    /// <summary>All others, in proposal order.</summary>
    public ImmutableArray<TrialSummary> Trials { get; }

    private TrialSummary Summarize(Plan plan, TrialResult trial) => new()
    {
        Id = plan.Id,
        Label = plan.Label,
        Kind = plan.Kind,
        Schemes = plan.SchemeTexts,
        SizeBytes = trial.SizeBytes,
        CompressionRatio = trial.SizeBytes > 0 ? (double)_baseline.SizeBytes / trial.SizeBytes : 0,
        WeightsHash = trial.WeightsHash,
        Choice = Metrics(plan, trial, _baseline),
        Confirm = _confirmations.TryGetValue(plan.Id, out TrialResult? confirmed) ? Metrics(plan, confirmed, _confirmations.GetValueOrDefault(Plan.Baseline.Id)) : null,
        OnFrontier = false,
        BeatsUniform = false,
        Failure = trial.Failure ?? confirmed?.Failure,
    };

    private MetricSummary? Metrics(Plan plan, TrialResult trial, TrialResult? baseline) => plan.Kind == PlanKind.Baseline
        ? TrialMetrics.SummarizeBaseline(trial, _objective)
        : TrialMetrics.Summarize(trial, baseline, _objective);
}
