using SweepCluster.Reports.Findings;
using SweepCluster.Reports.Html;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Reports.Plots;

/// <summary>Where everything of the frontier plot lies.</summary>
internal sealed class FrontierLayout
{
    private const int WhiskersForAll = 400; // above this many trials only the frontier's intervals are drawn

    private FrontierLayout(SweepSummary summary, LivePage? live, double? largestDrop)
    {
        TrialSummary[] measured = [.. PageTrials.Of(summary, live).Shown.Where(trial => IsPlotted(summary, trial))];
        double sign = summary.Higher ? 1 : -1;
        double baseline = TrialFacts.Score(summary, summary.Baseline)?.Value ?? TrialFacts.Score(summary, measured[0])!.Value;
        double[] scores = [.. measured.Select(trial => sign * TrialFacts.Score(summary, trial)!.Value)];
        double[] tops = [.. measured.Where(InSight).Select(trial => Better(summary, TrialFacts.Score(summary, trial)!) * sign)];

        double best = Math.Max(scores.Max(), tops.DefaultIfEmpty(double.NegativeInfinity).Max());
        double worst = largestDrop is { } drop ? (sign * baseline) - drop : scores.Min();
        if (summary.MaxDrop is { } goal)
        {
            worst = Math.Min(worst, (sign * baseline) - goal);
        }

        double margin = best > worst ? (best - worst) * 0.05 : Math.Max(Math.Abs(best) * 0.05, 1e-6);
        (best, worst) = (best + margin, worst - margin);
        if (summary.IsShare(summary.Metric))
        {
            (best, worst) = (Math.Min(best, 1.005), Math.Max(worst, -0.005));
        }
        else if (summary.Metric == "kl" && summary.Baseline.Choice?.Values.GetValueOrDefault("kl")?.Samples > 0)
        {
            best = Math.Min(best, (best - worst) * 0.01); // a divergence is never below 0, so nothing lies above it
        }

        Sizes = new SizeAxis([.. measured.Select(trial => trial.SizeBytes)]);
        Scores = new ScoreAxis(Formatting.MetricNames.Of(summary), summary.Higher, sign * worst, sign * best);
        MarkedPlan? marked = MarkedPlan.Of(summary, live);
        AllWhiskers = measured.Length <= WhiskersForAll;
        Points = [.. measured.Select(trial => Place(summary, trial)).OrderBy(point => Rank(point.Trial, marked))];
        Baseline = Scores.Place(baseline);
        Goal = summary.MaxDrop is { } accepted ? Scores.Place(baseline - (sign * accepted)) : null;
        Steps = Stairs();
    }

    internal SizeAxis Sizes { get; }

    internal ScoreAxis Scores { get; }

    /// <summary>Points in drawing order: what matters most comes last and lies on top.</summary>
    internal PlotPoint[] Points { get; }

    /// <summary>Place of the baseline's metric.</summary>
    internal double Baseline { get; }

    /// <summary>Place of the goal line; null where no goal is stated.</summary>
    internal double? Goal { get; }

    /// <summary>Whether every point has its whisker, not the frontier's alone.</summary>
    internal bool AllWhiskers { get; }

    /// <summary>The frontier's corners, left to right; empty where no point of it is in sight.</summary>
    internal (double X, double Y)[] Steps { get; }

    internal int ClippedCount => Points.Count(point => point.Clipped);

    /// <summary>The layouts to draw: the focused one first, where there is one, then the whole range. Empty where nothing was measured.</summary>
    internal static FrontierLayout[] Create(SweepSummary summary, LivePage? live = null)
    {
        TrialSummary[] measured = [.. PageTrials.Of(summary, live).Shown.Where(trial => IsPlotted(summary, trial))];
        if (measured.Length == 0)
        {
            return [];
        }

        double sign = summary.Higher ? 1 : -1;
        double baseline = TrialFacts.Score(summary, summary.Baseline)?.Value ?? TrialFacts.Score(summary, measured[0])!.Value;
        double[] Drops(IEnumerable<TrialSummary> trials) => [.. trials.Select(trial => sign * (baseline - TrialFacts.Score(summary, trial)!.Value))];
        double? focus = ScoreFocus.LargestDrop(Drops(measured), Drops(measured.Where(trial => trial.OnFrontier && trial.Kind != PlanKind.Baseline)), summary.MaxDrop);
        FrontierLayout whole = new(summary, live, null);
        return focus is null ? [whole] : [new FrontierLayout(summary, live, focus), whole];
    }

    private static bool IsPlotted(SweepSummary summary, TrialSummary trial) => TrialFacts.Score(summary, trial) is { } score && double.IsFinite(score.Value);

    private static bool InSight(TrialSummary trial) => trial.OnFrontier || trial.Kind == PlanKind.Baseline;

    private static double Better(SweepSummary summary, Estimate score) =>
        summary.Higher ? (double.IsFinite(score.High) ? score.High : score.Value) : double.IsFinite(score.Low) ? score.Low : score.Value;

    private static int Rank(TrialSummary trial, MarkedPlan? marked) =>
        MarkedPlan.Is(marked, trial) ? 3 : trial.Kind == PlanKind.Baseline ? 2 : trial.OnFrontier ? 1 : 0;

    private PlotPoint Place(SweepSummary summary, TrialSummary trial)
    {
        Estimate score = TrialFacts.Score(summary, trial)!;
        bool clipped = Scores.IsBelow(score.Value);
        bool whisker = score.Samples > 0 && !clipped && (AllWhiskers || InSight(trial));
        (double top, double bottom) = summary.Higher ? (score.High, score.Low) : (score.Low, score.High);
        return new PlotPoint(
            trial, Sizes.Place(trial.SizeBytes), Scores.Place(score.Value), whisker ? Scores.Place(top) : null, whisker ? Scores.Place(bottom) : null, clipped);
    }

    private (double X, double Y)[] Stairs()
    {
        PlotPoint[] frontier = [.. Points.Where(point => point.Trial.OnFrontier && !point.Clipped).OrderBy(point => point.X).ThenByDescending(point => point.Y)];
        if (frontier.Length == 0)
        {
            return [];
        }

        // Between two points the smaller one is the best that fits, so the line goes right first and then up.
        List<(double X, double Y)> corners = [(frontier[0].X, 1)];
        double level = 1;
        foreach (PlotPoint point in frontier)
        {
            corners.Add((point.X, level));
            corners.Add((point.X, point.Y));
            level = point.Y;
        }

        corners.Add((1, level));
        return [.. corners.Distinct()];
    }
}
