using SweepCluster.Reports.Formatting;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Reports.Findings;

/// <summary>A mixed plan that beats every uniform one, beside the uniform plan it is held against.</summary>
/// <param name="Mixed">The mixed plan.</param>
/// <param name="Rival">The smallest uniform plan that is at least as good; null where no uniform plan is.</param>
/// <param name="Saving">Share of the rival's bytes that the mixed plan saves, 0..1; 0 without a rival.</param>
internal sealed record MixedGain(TrialSummary Mixed, TrialSummary? Rival, double Saving)
{
    /// <summary>Gains of all plans that beat the uniform ones: largest saving first, then those without a rival, each in proposal order.</summary>
    internal static MixedGain[] Find(SweepSummary summary)
    {
        double sign = summary.Higher ? 1 : -1;
        (TrialSummary Trial, double Score)[] uniform =
        [
            .. summary.Trials.Where(trial => trial.Kind == PlanKind.Uniform && TrialFacts.Score(summary, trial) is not null)
                .Select(trial => (trial, sign * TrialFacts.Score(summary, trial)!.Value)),
        ];
        List<MixedGain> gains = [];
        foreach (TrialSummary mixed in summary.Trials.Where(trial => trial.BeatsUniform))
        {
            if (TrialFacts.Score(summary, mixed) is Estimate score)
            {
                TrialSummary? rival = uniform.Where(other => other.Score >= sign * score.Value).Select(other => other.Trial).MinBy(other => other.SizeBytes);
                gains.Add(new MixedGain(mixed, rival, rival is null ? 0 : 1 - (mixed.SizeBytes / (double)rival.SizeBytes)));
            }
        }

        return [.. gains.OrderBy(gain => gain.Rival is null).ThenByDescending(gain => gain.Saving)];
    }

    /// <summary>The gain in words.</summary>
    internal string Sentence(string metric)
    {
        string quality = MetricNames.IsShare(metric) ? "accuracy" : MetricNames.Title(metric);
        return Rival is null
            ? $"{Mixed.Label} ({Quantities.Bytes(Mixed.SizeBytes)}) is better than every uniform plan: none has at least its {quality}."
            : $"{Mixed.Label} ({Quantities.Bytes(Mixed.SizeBytes)}) is {Math.Round(Saving * 100, MidpointRounding.AwayFromZero):0}\u00A0% smaller than the best uniform plan of at least "
              + $"its {quality}, {Rival.Label} ({Quantities.Bytes(Rival.SizeBytes)}).";
    }
}
