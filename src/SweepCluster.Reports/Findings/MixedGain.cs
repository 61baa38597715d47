using SweepCluster.Reports.Formatting;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Reports.Findings;

/// <summary>A mixed plan that beats every uniform one, beside the uniform plan it is held against.</summary>
/// <remarks>Plans are compared at the mixed plan's size, not at its accuracy: sizes are exact, while among plans of nearly equal accuracy a few pictures decide
/// which one counts as "at least as good".</remarks>
/// <param name="Mixed">The mixed plan.</param>
/// <param name="Rival">The best uniform plan that is no larger; null where none is so small.</param>
/// <param name="Gain">By how much the mixed plan's metric is better than the rival's, in the metric's unit, 0 or more; 0 without a rival.</param>
internal sealed record MixedGain(TrialSummary Mixed, TrialSummary? Rival, double Gain)
{
    /// <summary>Gains of all plans that beat the uniform ones: largest first, then those without a rival, each in proposal order.</summary>
    internal static MixedGain[] Find(SweepSummary summary)
    {
        double sign = summary.Higher ? 1 : -1;
        double Score(TrialSummary trial) => sign * TrialFacts.Score(summary, trial)!.Value;
        TrialSummary[] measured = [.. summary.Trials.Where(trial => (trial.BeatsUniform || trial.Kind == PlanKind.Uniform) && TrialFacts.Score(summary, trial) is not null)];
        (TrialSummary Trial, double Score)[] rivals = Best([.. measured.Where(trial => trial.Kind == PlanKind.Uniform).Select((trial, number) => (trial, Score(trial), number))]);
        List<MixedGain> gains = [];
        foreach (TrialSummary mixed in measured.Where(trial => trial.BeatsUniform))
        {
            int smaller = Array.FindLastIndex(rivals, rival => rival.Trial.SizeBytes <= mixed.SizeBytes);
            TrialSummary? rival = smaller < 0 ? null : rivals[smaller].Trial;
            gains.Add(new MixedGain(mixed, rival, rival is null ? 0 : Score(mixed) - rivals[smaller].Score));
        }

        return [.. gains.OrderBy(gain => gain.Rival is null).ThenByDescending(gain => gain.Gain)];
    }

    /// <summary>The gain in words.</summary>
    internal string Sentence(SweepSummary summary)
    {
        string mixed = $"{Mixed.Label} ({Quantities.Bytes(Mixed.SizeBytes)}) has {Score(summary, Mixed)}";
        return Rival is null
            ? $"{mixed}; no uniform plan is so small."
            : $"{mixed}; the best uniform plan that is no larger, {Rival.Label} ({Quantities.Bytes(Rival.SizeBytes)}), has {Score(summary, Rival)}.";
    }

    private static string Score(SweepSummary summary, TrialSummary trial) => Quantities.Metric(MetricNames.Of(summary), TrialFacts.Score(summary, trial)!.Value);

    /// <summary>The best plan up to each size at which another one becomes the best: of equally good ones the first in proposal order.</summary>
    private static (TrialSummary Trial, double Score)[] Best((TrialSummary Trial, double Score, int Number)[] uniform)
    {
        List<(TrialSummary Trial, double Score, int Number)> best = [];
        foreach ((TrialSummary Trial, double Score, int Number) next in uniform.OrderBy(entry => entry.Trial.SizeBytes))
        {
            if (best.Count == 0 || next.Score > best[^1].Score || (next.Score.Equals(best[^1].Score) && next.Number < best[^1].Number))
            {
                best.Add(next);
            }
        }

        // Of one size the last is the best, and a search from the end finds it.
        return [.. best.Select(entry => (entry.Trial, entry.Score))];
    }
}
