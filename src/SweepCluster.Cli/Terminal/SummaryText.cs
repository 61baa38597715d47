using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Cli.Terminal;

/// <summary>A sweep's result as a terminal shows it: the frontier, the verdict, and the commands that come next.</summary>
internal static class SummaryText
{
    internal static async Task WriteAsync(TextWriter output, SweepSummary summary, string folder)
    {
        foreach (string notice in summary.Notices)
        {
            await output.WriteLineAsync($"note: {notice}");
        }

        await TrialTableAsync(output, summary, [summary.Baseline, .. summary.Trials.Where(trial => trial.OnFrontier).OrderByDescending(trial => trial.SizeBytes)]);
        int failed = summary.Trials.Count(trial => trial.Failure is not null);
        int better = summary.Trials.Count(trial => trial.BeatsUniform && trial.Kind == PlanKind.Mixed);
        await output.WriteLineAsync();
        await output.WriteLineAsync(
            $"{summary.Trials.Length} trials, {summary.Trials.Count(trial => trial.OnFrontier)} on the frontier, {better} mixed plans that no uniform one equals"
            + $"{(failed > 0 ? $", {failed} failed" : string.Empty)}; {summary.LeftAlone.Length} weights left alone");
        await output.WriteLineAsync(summary.Recommendation.Explanation);
        await output.WriteLineAsync();
        await output.WriteLineAsync($"report  {Path.Combine(folder, "report.html")}");
        string trial = summary.Recommendation.ProvenTrial ?? summary.Recommendation.NearestTrial ?? "ID";
        await output.WriteLineAsync($"export  sweep export {folder} --trial {trial} -o compressed.mlpackage");
    }

    internal static Task TrialTableAsync(TextWriter output, SweepSummary summary, IEnumerable<TrialSummary> trials)
    {
        TextTable table = new("id", "plan", "kind", ">size", ">ratio", $">{summary.Metric} [95 %]", ">drop [95 %]", ">confirmed drop [95 %]");
        foreach (TrialSummary trial in trials)
        {
            table.Add(
                trial.Kind == PlanKind.Baseline ? "-" : trial.Id,
                trial.Label,
                trial.Kind.ToString().ToLowerInvariant(),
                Quantity.Bytes(trial.SizeBytes),
                FormattableString.Invariant($"{trial.CompressionRatio:0.00}x"),
                trial.Choice is { } choice ? Quantity.Metric(summary.Metric, choice.Values[summary.Metric]) : trial.Failure ?? "failed",
                Drop(summary.Metric, trial.Choice, trial.Kind),
                Drop(summary.Metric, trial.Confirm, trial.Kind));
        }

        return table.WriteAsync(output);
    }

    private static string Drop(string metric, MetricSummary? measured, PlanKind kind) =>
        measured is null || kind == PlanKind.Baseline ? "-" : Quantity.Drop(metric, measured.Drop);
}
