using SweepCluster.Formats;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Cli.Terminal;

/// <summary>A sweep's result as a terminal shows it: the frontier, the verdict, and the commands that come next.</summary>
internal static class SummaryText
{
    private const string Cut = "..";
    private const int ShortestLabel = 12;

    /// <summary>Shows a result: as text, or as <c>report.json</c> has it.</summary>
    internal static Task ShowAsync(TextWriter output, SweepSummary summary, string folder, bool asJson) => asJson ? Json.WriteReportAsync(output, summary) : WriteAsync(output, summary, folder);

    private static async Task WriteAsync(TextWriter output, SweepSummary summary, string folder)
    {
        foreach (string notice in summary.Notices)
        {
            await output.WriteLineAsync($"note: {notice}");
        }

        HashSet<string> tested = [.. summary.Recommendation.Tested];
        IEnumerable<TrialSummary> shown = summary.Trials.Where(trial => trial.OnFrontier || tested.Contains(trial.Id));
        await TrialTableAsync(output, TerminalWidth.Of(output), summary, [summary.Baseline, .. shown.OrderByDescending(trial => trial.SizeBytes)]);
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
        string target = $"compressed{ModelFormats.ExtensionOf(summary.Provenance.ModelName)}";
        await output.WriteLineAsync(summary.Recommendation.ProvenTrial is { } proven
            ? $"export  sweep export {ShellWord.Quote(folder)} --trial {proven} -o {target}"
            : $"export  sweep export {ShellWord.Quote(folder)} --trial ID -o {target}   (ID of the plan that you choose)");
    }

    /// <summary>Writes trials as rows: with their intervals, or where that is too wide with the upper bound of the confirmed drop alone.</summary>
    /// <param name="output">Receives the table.</param>
    /// <param name="width">Characters of a line; null: as many as it takes.</param>
    /// <param name="summary">The sweep.</param>
    /// <param name="trials">The trials, in their order.</param>
    internal static async Task TrialTableAsync(TextWriter output, int? width, SweepSummary summary, IReadOnlyList<TrialSummary> trials)
    {
        TextTable table = Wide(summary, trials);
        await (width is not int narrow || table.Width <= narrow ? table : Narrow(summary, trials, narrow)).WriteAsync(output);
        foreach (TrialSummary trial in trials.Where(trial => trial.Failure is not null))
        {
            await output.WriteLineAsync($"{trial.Id} {trial.Label} failed: {trial.Failure}");
        }
    }

    private static TextTable Wide(SweepSummary summary, IReadOnlyList<TrialSummary> trials)
    {
        TextTable table = new("id", "plan", "kind", ">size", ">ratio", $">{summary.Metric} [95 %]", ">drop [95 %]", ">confirmed drop [95 %]");
        table.End(trials.Select(trial => new[]
        {
            Id(trial), Label(trial), trial.Kind.ToString().ToLowerInvariant(), Size(trial), Ratio(trial),
            trial.Choice is { } choice ? Quantity.Metric(summary.Metric, choice.Values[summary.Metric]) : "failed",
            Drop(summary, trial.Choice, trial.Kind), Drop(summary, trial.Confirm, trial.Kind),
        }));
        return table;
    }

    // Fits 80 characters: of the ids what tells them apart, of the intervals the one end that decides, of long labels the beginning.
    private static TextTable Narrow(SweepSummary summary, IReadOnlyList<TrialSummary> trials, int width)
    {
        TextTable whole = Narrow(summary, trials, Label);
        int room = trials.Max(trial => Label(trial).Length) - (whole.Width - width);
        return whole.Width <= width ? whole : Narrow(summary, trials, trial => Shorten(trial, Math.Max(ShortestLabel, room)));
    }

    private static TextTable Narrow(SweepSummary summary, IReadOnlyList<TrialSummary> trials, Func<TrialSummary, string> label)
    {
        int digits = TrialIds.ShortLength(summary);
        TextTable table = new("id", "plan", ">size", ">ratio", $">{summary.Metric}", ">drop", ">confirmed", ">at most");
        table.End(trials.Select(trial => new[]
        {
            TrialIds.Shorten(Id(trial), digits), label(trial), Size(trial), Ratio(trial),
            trial.Choice is { } choice ? Quantity.Value(summary.Metric, choice.Values[summary.Metric]) : "failed",
            Points(summary, trial.Choice, trial.Kind, drop => drop.Value),
            Points(summary, trial.Confirm, trial.Kind, drop => drop.Value), Points(summary, trial.Confirm, trial.Kind, drop => drop.High),
        }));
        return table;
    }

    private static string Shorten(TrialSummary trial, int length)
    {
        string label = Label(trial);
        string mark = label[trial.Label.Length..];
        return label.Length <= length ? label : $"{trial.Label[..(length - mark.Length - Cut.Length)]}{Cut}{mark}";
    }

    private static string Id(TrialSummary trial) => trial.Kind == PlanKind.Baseline ? "-" : trial.Id;

    private static string Label(TrialSummary trial) => trial.Label + (trial.OnFrontier && trial.Kind != PlanKind.Baseline ? " *" : string.Empty);

    private static string Size(TrialSummary trial) => trial.Failure is null ? ByteSize.Write(trial.SizeBytes) : "-";

    private static string Ratio(TrialSummary trial) => trial.Failure is null ? FormattableString.Invariant($"{trial.CompressionRatio:0.00}x") : "-";

    private static string Drop(SweepSummary summary, MetricSummary? measured, PlanKind kind) =>
        measured is null || kind == PlanKind.Baseline ? "-" : Quantity.Drop(summary.Metric, measured.Drop);

    private static string Points(SweepSummary summary, MetricSummary? measured, PlanKind kind, Func<Estimate, double> of) => measured is null || kind == PlanKind.Baseline
        ? "-"
        : Quantity.Value(summary.Metric, measured.Drop with { Value = of(measured.Drop) }).Replace(" %", string.Empty, StringComparison.Ordinal);
}
