using System.Collections.Immutable;
using SweepCluster.Engine.Records;
using SweepCluster.Engine.Runs;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Frontiers;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Sweeps.Trials;

namespace SweepCluster.Engine.Actors;

/// <summary>Folds recorded trials as they come and knows the frontier and the best point so far. For progress: nothing is decided by it.</summary>
internal sealed class FrontierActor(ObjectiveSpec objective, IProgressRecords records)
{
    private readonly SizeFrontier _frontier = new(static drop => drop.Value);
    private readonly SizeFrontier _safest = new(static drop => drop.High); // which are confirmed, too
    private TrialResult? _baseline;
    private int _seen;

    /// <summary>Trials over the choice samples that were folded, failed ones and the baseline's among them.</summary>
    internal int Trials => _seen;

    /// <summary>Trials to which no other, nor the uncompressed model, is at least as good in size and measured drop and better in one; smallest first, of equal ones those folded first.</summary>
    internal ImmutableArray<BestPoint> Frontier => _frontier.Points;

    /// <summary>The smallest trial within the accepted drop, or where none is stated the smallest that is not clearly worse than the uncompressed model.</summary>
    internal BestPoint? Best { get; private set; }

    /// <summary>What the verdict of a finished sweep chooses: the smallest trial that is proven to lose no more than is accepted, with its drop on the confirmation samples.</summary>
    /// <returns>Null where nothing is proven, or no accepted drop is stated.</returns>
    internal BestPoint? Choose()
    {
        if (objective.MaxDrop is not { } most)
        {
            return null;
        }

        IReadOnlyDictionary<string, TrialResult> confirmed = records.Confirmations();
        IEnumerable<BestPoint> sent = Recommender.InOrder(
            Frontier.Union(_safest.Points).Where(point => point.CompressionRatio > 1 && confirmed.ContainsKey(point.TrialId)), static point => (point.TrialId, point.SizeBytes, point.Drop));
        return Recommender.Test(sent, point => (point.SizeBytes, Confirmed(point)), most).Best is { } best ? best with { Drop = Confirmed(best)! } : null;

        Estimate? Confirmed(BestPoint point) => TrialMetrics.Summarize(confirmed[point.TrialId], confirmed.GetValueOrDefault(Plan.Baseline.Id), objective)?.Drop;
    }

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
            else if (_baseline is not null && TrialMetrics.Summarize(trial, _baseline, objective)?.Drop is { } drop)
            {
                Take(new BestPoint(plan.Id, plan.Label, trial.SizeBytes, (double)_baseline.SizeBytes / trial.SizeBytes, drop), _baseline.SizeBytes);
            }
        }
    }

    private void Take(BestPoint point, long baselineBytes)
    {
        if (IsAccepted(point.Drop) && IsBetter(point))
        {
            Best = point;
        }

        _frontier.Take(point, baselineBytes);
        _safest.Take(point, baselineBytes);
    }

    private bool IsAccepted(Estimate drop) => objective.MaxDrop is { } most ? drop.Value <= most : drop.Low <= 0;

    private bool IsBetter(BestPoint point) => Best is null
        || point.SizeBytes < Best.SizeBytes
        || (point.SizeBytes == Best.SizeBytes && point.Drop.Value < Best.Drop.Value);
}
