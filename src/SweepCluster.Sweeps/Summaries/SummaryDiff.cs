using System.Collections.Immutable;
using System.Globalization;
using SweepCluster.Sweeps.Evaluation;

namespace SweepCluster.Sweeps.Summaries;

/// <summary>What changed between two sweeps.</summary>
/// <param name="Settings">What they rest on and do not have alike; where there is anything, figures may differ for that reason alone.</param>
/// <param name="Trials">Trials that differ: those of both in the left sweep's order with the baseline first, then those that only the right one has.</param>
public sealed record SummaryDiff(ImmutableArray<SettingDifference> Settings, ImmutableArray<TrialDifference> Trials)
{
    /// <summary>Compares two sweeps.</summary>
    /// <param name="left">The older one.</param>
    /// <param name="right">The newer one.</param>
    public static SummaryDiff Compare(SweepSummary left, SweepSummary right)
    {
        Dictionary<string, TrialSummary> rightTrials = right.Trials.Prepend(right.Baseline).ToDictionary(trial => trial.Id, StringComparer.Ordinal);
        HashSet<string> leftIds = [.. left.Trials.Prepend(left.Baseline).Select(trial => trial.Id)];
        IEnumerable<TrialDifference?> both = left.Trials.Prepend(left.Baseline).Select(trial => Compare(left, right, trial, rightTrials.GetValueOrDefault(trial.Id)));
        IEnumerable<TrialDifference?> added = right.Trials.Where(trial => !leftIds.Contains(trial.Id)).Select(trial => Compare(left, right, null, trial));
        return new SummaryDiff(
            [.. Basis(left).Zip(Basis(right), (before, after) => new SettingDifference(before.Name, before.Value, after.Value)).Where(setting => setting.Left != setting.Right)],
            [.. both.Concat(added).OfType<TrialDifference>()]);
    }

    private static TrialDifference? Compare(SweepSummary left, SweepSummary right, TrialSummary? before, TrialSummary? after)
    {
        Estimate? leftMetric = before?.Choice?.Values.GetValueOrDefault(left.Metric), rightMetric = after?.Choice?.Values.GetValueOrDefault(right.Metric);
        string what = before is null ? "only right" : after is null ? "only left" : string.Join(", ", Changes(before, after, leftMetric, rightMetric));
        return what.Length == 0 ? null : new TrialDifference(
            (after ?? before)!.Id, (after ?? before)!.Label, what, before?.SizeBytes, after?.SizeBytes, leftMetric, rightMetric);
    }

    private static IEnumerable<string> Changes(TrialSummary before, TrialSummary after, Estimate? leftMetric, Estimate? rightMetric)
    {
        (string Name, bool Changed)[] changes =
        [
            ("size", before.SizeBytes != after.SizeBytes),
            ("metric", leftMetric != rightMetric),
            ("weights", before.WeightsHash != after.WeightsHash),
            ("failure", before.Failure != after.Failure),
        ];
        return changes.Where(change => change.Changed).Select(change => change.Name);
    }

    private static IEnumerable<(string Name, string Value)> Basis(SweepSummary summary)
    {
        Provenance provenance = summary.Provenance;
        return
        [
            ("version", provenance.Version),
            ("model", $"{provenance.ModelName} {provenance.ModelHash}"),
            ("target", provenance.Target),
            ("data", $"{provenance.DataName} {provenance.DataHash}"),
            ("metric", summary.Metric),
            ("seed", provenance.Seed.ToString(CultureInfo.InvariantCulture)),
            ("samples", string.Create(CultureInfo.InvariantCulture, $"probe {provenance.ProbeSamples}, choice {provenance.ChoiceSamples}, confirm {provenance.ConfirmSamples}")),
        ];
    }
}
