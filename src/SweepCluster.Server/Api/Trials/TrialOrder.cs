using SweepCluster.Graphs;
using SweepCluster.Server.Api.Problems;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Server.Api.Trials;

/// <summary>Orders in which trials are listed.</summary>
internal static class TrialOrder
{
    private static readonly string[] s_fields = ["drop", "size", "ratio", "label", "kind", "proposed"];

    /// <summary>The trials in the order that was asked for; what a trial has no value of comes last. Equal ones stay as they are, the best first.</summary>
    /// <param name="trials">Trials, the best first.</param>
    /// <param name="sort">A field, with <c>-</c> before it for the other way round; null: the best first.</param>
    /// <param name="summary">The sweep: its metrics are fields.</param>
    /// <exception cref="ProblemException">There is no such field.</exception>
    internal static IEnumerable<TrialSummary> Sort(IEnumerable<TrialSummary> trials, string? sort, SweepSummary? summary)
    {
        if (sort is null)
        {
            return trials;
        }

        bool isDown = sort.StartsWith('-');
        string field = isDown ? sort[1..] : sort;
        if (field is "label" or "kind")
        {
            Func<TrialSummary, string> text = field == "label" ? static trial => trial.Label : TrialResources.KindOf;
            return isDown ? trials.OrderByDescending(text, StringComparer.Ordinal) : trials.OrderBy(text, StringComparer.Ordinal);
        }

        Func<TrialSummary, double?> number = NumberOf(field, summary);
        (TrialSummary Trial, double? Value)[] keyed = [.. trials.Select(trial => (trial, number(trial))).OrderBy(entry => entry.Item2 is null or double.NaN)];
        IOrderedEnumerable<(TrialSummary Trial, double? Value)> known = keyed.OrderBy(entry => entry.Value is null or double.NaN);
        return (isDown ? known.ThenByDescending(entry => entry.Value) : known.ThenBy(entry => entry.Value)).Select(entry => entry.Trial);
    }

    private static Func<TrialSummary, double?> NumberOf(string field, SweepSummary? summary)
    {
        switch (field)
        {
            case "drop":
                return static trial => trial.Choice?.Drop.Value;
            case "size":
                return static trial => trial.SizeBytes;
            case "ratio":
                return static trial => trial.CompressionRatio;
            case "proposed":
                Dictionary<string, int> places = (summary?.Trials ?? []).Select((trial, place) => (trial.Id, Place: place + 1)).ToDictionary(entry => entry.Id, entry => entry.Place, StringComparer.Ordinal);
                return trial => places.GetValueOrDefault(trial.Id);
            default:
                IReadOnlyCollection<string> metrics = [.. summary?.Baseline.Choice?.Values.Keys ?? []];
                return summary is null || metrics.Contains(field) ? trial => trial.Choice?.Values.GetValueOrDefault(field)?.Value : throw new ProblemException(
                    ProblemKind.Malformed, $"sort: found '{OneLine.Of(field.Length <= 64 ? field : field[..64] + "..")}', expected one of {string.Join(", ", s_fields.Concat(metrics))}, with - before it for the greatest first.");
        }
    }
}
