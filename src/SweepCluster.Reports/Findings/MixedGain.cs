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
        TrialSummary[] measured = [.. summary.Trials.Where(trial => TrialFacts.Score(summary, trial) is not null)];
        List<MixedGain> gains = [];
        foreach (TrialSummary mixed in measured.Where(trial => trial.BeatsUniform))
        {
            TrialSummary? rival = measured.Where(other => other.Kind == PlanKind.Uniform && other.SizeBytes <= mixed.SizeBytes).MaxBy(Score);
            gains.Add(new MixedGain(mixed, rival, rival is null ? 0 : Score(mixed) - Score(rival)));
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

    private static string Score(SweepSummary summary, TrialSummary trial) => Quantities.Metric(summary.Metric, TrialFacts.Score(summary, trial)!.Value);
}
