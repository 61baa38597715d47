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

        IEnumerable<TrialSummary> shown = summary.Trials.Where(trial => trial.OnFrontier || summary.Recommendation.Tested.Contains(trial.Id));
        await TrialTableAsync(output, summary, [summary.Baseline, .. shown.OrderByDescending(trial => trial.SizeBytes)]);
        int failed = summary.Trials.Count(trial => trial.Failure is not null);
        int better = summary.Trials.Count(trial => trial.BeatsUniform && trial.Kind == PlanKind.Mixed);
        await output.WriteLineAsync();
        await output.WriteLineAsync(
            $"{summary.Trials.Length} trials, {summary.Trials.Count(trial => trial.OnFrontier)} on the frontier (marked *), "
            + $"{better} mixed plans that no uniform one equals in size and {summary.Metric}"
            + $"{(failed > 0 ? $", {failed} failed" : string.Empty)}; {summary.LeftAlone.Length} weights left alone");
        await output.WriteLineAsync(summary.Recommendation.Explanation);
        await output.WriteLineAsync();
        await output.WriteLineAsync($"report  {Path.Combine(folder, "report.html")}");
        await output.WriteLineAsync(summary.Recommendation.ProvenTrial is { } proven
            ? $"export  sweep export {ShellWord.Quote(folder)} --trial {proven} -o compressed.mlpackage"
            : $"export  sweep export {ShellWord.Quote(folder)} --trial ID -o compressed.mlpackage   (ID of the plan that you choose)");
    }

    internal static async Task TrialTableAsync(TextWriter output, SweepSummary summary, IReadOnlyList<TrialSummary> trials)
    {
        TextTable table = new("id", "plan", "kind", ">size", ">ratio", $">{summary.Metric} [95 %]", ">drop [95 %]", ">confirmed drop [95 %]");
        foreach (TrialSummary trial in trials)
        {
            table.Add(
                trial.Kind == PlanKind.Baseline ? "-" : trial.Id,
                trial.Label + (trial.OnFrontier && trial.Kind != PlanKind.Baseline ? " *" : string.Empty),
                trial.Kind.ToString().ToLowerInvariant(),
                trial.Failure is null ? Quantity.Bytes(trial.SizeBytes) : "-",
                trial.Failure is null ? FormattableString.Invariant($"{trial.CompressionRatio:0.00}x") : "-",
                trial.Choice is { } choice ? Quantity.Metric(summary.Metric, choice.Values[summary.Metric]) : "failed",
                Drop(summary.Metric, trial.Choice, trial.Kind),
                Drop(summary.Metric, trial.Confirm, trial.Kind));
        }

        await table.WriteAsync(output);
        foreach (TrialSummary trial in trials.Where(trial => trial.Failure is not null))
        {
            await output.WriteLineAsync($"{trial.Id} {trial.Label} failed: {trial.Failure}");
        }
    }

    private static string Drop(string metric, MetricSummary? measured, PlanKind kind) =>
        measured is null || kind == PlanKind.Baseline ? "-" : Quantity.Drop(metric, measured.Drop);
}
