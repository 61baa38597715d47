using System.Collections.Immutable;
using SweepCluster.Engine.Records;
using SweepCluster.Engine.Runs;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Sweeps.Trials;

namespace SweepCluster.Engine.Actors;

/// <summary>Folds recorded trials as they come and knows the best point so far. For progress: nothing is decided by it.</summary>
internal sealed class FrontierActor(ObjectiveSpec objective, IProgressRecords records)
{
    private TrialResult? _baseline;
    private int _seen;

    /// <summary>The smallest trial within the accepted drop, or where none is stated the smallest that is not clearly worse than the uncompressed model.</summary>
    internal BestPoint? Best { get; private set; }

    /// <summary>Takes in what was recorded since the last call.</summary>
    internal void Fold()
    {
        ImmutableArray<(Plan Plan, TrialResult Result)> completed = records.CompletedAfter(_seen);
        _seen += completed.Length;
        foreach ((Plan plan, TrialResult trial) in completed)
        {
            if (plan.Kind == PlanKind.Baseline)
            {
                _baseline = trial;
            }
            else if (_baseline is not null && TrialMetrics.Summarize(trial, _baseline, objective)?.Drop is { } drop && IsAccepted(drop) && IsBetter(trial, drop))
            {
                Best = new BestPoint(plan.Id, plan.Label, trial.SizeBytes, (double)_baseline.SizeBytes / trial.SizeBytes, drop);
            }
        }
    }

    private bool IsAccepted(Estimate drop) => objective.MaxDrop is { } most ? drop.Value <= most : drop.Low <= 0;

    private bool IsBetter(TrialResult trial, Estimate drop) => Best is null
        || trial.SizeBytes < Best.SizeBytes
        || (trial.SizeBytes == Best.SizeBytes && drop.Value < Best.Drop.Value);
}
