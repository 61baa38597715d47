using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Reports.Findings;

/// <summary>What tables and plots ask of trials.</summary>
internal static class TrialFacts
{
    private const string Joint = ")+"; // between the two of a joint form; a plus sign elsewhere belongs to a number

    private static readonly string[] s_metricOrder = ["top1", "top5", "agreement", "kl"];

    /// <summary>The baseline, then every trial in proposal order.</summary>
    internal static IEnumerable<TrialSummary> All(SweepSummary summary) => summary.Trials.Prepend(summary.Baseline);

    internal static TrialSummary? Find(SweepSummary summary, string? id) => id is null ? null : All(summary).FirstOrDefault(trial => trial.Id == id);

    /// <summary>The objective's metric over the choice samples; null where the trial failed.</summary>
    internal static Estimate? Score(SweepSummary summary, TrialSummary trial) => trial.Choice?.Values.GetValueOrDefault(summary.Metric);

    /// <summary>Names of all metrics: the objective's first, then the known ones, then others in ordinal order.</summary>
    internal static string[] Metrics(SweepSummary summary) =>
    [
        .. All(summary).SelectMany(trial => new[] { trial.Choice, trial.Confirm }).OfType<MetricSummary>().SelectMany(values => values.Values.Keys)
            .Append(summary.Metric).Distinct()
            .OrderBy(name => name == summary.Metric ? 0 : 1)
            .ThenBy(name => Array.IndexOf(s_metricOrder, name) is >= 0 and var index ? index : int.MaxValue)
            .ThenBy(name => name, StringComparer.Ordinal),
    ];

    /// <summary>Canonical scheme by layer, in ordinal order of names.</summary>
    internal static IEnumerable<KeyValuePair<string, string>> Schemes(TrialSummary trial) => trial.Schemes.OrderBy(entry => entry.Key, StringComparer.Ordinal);

    /// <summary>Families of the schemes in use, in ordinal order.</summary>
    internal static string[] Families(TrialSummary trial) => [.. trial.Schemes.Values.Select(Family).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Family of a canonical scheme: what stands before the parenthesis, of a joint form both.</summary>
    internal static string Family(string scheme) => scheme.IndexOf(Joint, StringComparison.Ordinal) is > 0 and var end
        ? Family(scheme[..end]) + Joint[^1] + Family(scheme[(end + Joint.Length)..])
        : scheme.IndexOf('(', StringComparison.Ordinal) is > 0 and var open ? scheme[..open] : scheme;

    internal static string KindName(TrialSummary trial) => trial.Kind switch
    {
        PlanKind.Baseline => "baseline",
        PlanKind.Uniform => "uniform",
        PlanKind.Mixed => "mixed",
        _ => "given",
    };

    /// <summary>The colour's class: a family for plans of one family that are not mixed, <c>mixed</c> for the others. From a closed set.</summary>
    internal static string Tone(TrialSummary trial) => trial.Kind switch
    {
        PlanKind.Baseline => "baseline",
        PlanKind.Mixed => "mixed",
        _ => Families(trial) is [var family] ? Tone(family) : "mixed",
    };

    /// <summary>The colour's class of a family.</summary>
    internal static string Tone(string family) => family switch
    {
        "palettize" or "quantize" or "prune" or "mindspore" or "float16" => family,
        _ => family.Contains(Joint[^1], StringComparison.Ordinal) ? "joint" : "other",
    };
}
