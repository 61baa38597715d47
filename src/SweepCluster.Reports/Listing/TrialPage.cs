using SweepCluster.Reports.Findings;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Reports.Listing;

/// <summary>The part of a sweep's trials that a query asks for.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Number">The page's number, from 1.</param>
/// <param name="Pages">Number of pages, at least 1.</param>
/// <param name="Found">Trials that the query is about.</param>
internal sealed record TrialPage(TrialSummary[] Rows, int Number, int Pages, int Found)
{
    /// <summary>Begins the key of a metric's column: a command may call its metrics as it likes.</summary>
    internal const string MetricKey = "m.";

    internal static TrialPage Of(SweepSummary summary, TrialQuery query)
    {
        TrialSummary[] found = [.. TrialFacts.All(summary).Where(trial => Fits(trial, query))];
        found = Order(query, found);
        int pages = Math.Max(1, (found.Length + TrialQuery.PageSize - 1) / TrialQuery.PageSize);
        int place = query.Trial is null ? -1 : Array.FindIndex(found, trial => trial.Id == query.Trial);
        int number = place >= 0 ? (place / TrialQuery.PageSize) + 1 : Math.Clamp(query.Page, 1, pages);
        return new TrialPage([.. found.Skip((number - 1) * TrialQuery.PageSize).Take(TrialQuery.PageSize)], number, pages, found.Length);
    }

    private static bool Fits(TrialSummary trial, TrialQuery query) =>
        (query.Kind.Length == 0 || TrialFacts.KindName(trial) == query.Kind)
        && (query.Family.Length == 0 || TrialFacts.Families(trial).Contains(query.Family))
        && (!query.FrontierOnly || trial.OnFrontier);

    // What has no value comes last, equals stay in proposal order.
    private static TrialSummary[] Order(TrialQuery query, TrialSummary[] found)
    {
        if (query.Sort is "plan" or "kind")
        {
            Func<TrialSummary, string> text = query.Sort == "plan" ? trial => trial.Label : TrialFacts.KindName;
            return [.. query.Descending ? found.OrderByDescending(text, StringComparer.Ordinal) : found.OrderBy(text, StringComparer.Ordinal)];
        }

        if (Value(query.Sort) is not { } number)
        {
            return found;
        }

        (TrialSummary Trial, double? Value)[] valued = [.. found.Select(trial => (trial, number(trial)))];
        IOrderedEnumerable<(TrialSummary Trial, double? Value)> known = valued.OrderBy(entry => entry.Value is null);
        return [.. (query.Descending ? known.ThenByDescending(entry => entry.Value) : known.ThenBy(entry => entry.Value)).Select(entry => entry.Trial)];
    }

    private static Func<TrialSummary, double?>? Value(string key) => key switch
    {
        "" => null,
        "size" => trial => trial.SizeBytes,
        "ratio" => trial => trial.CompressionRatio,
        "drop" => trial => trial.Choice?.Drop.Value,
        "confirmed" => trial => trial.Confirm?.Drop.Value,
        "frontier" => trial => trial.OnFrontier ? 0 : 1,
        _ when key.StartsWith(MetricKey, StringComparison.Ordinal) => trial => trial.Choice?.Values.GetValueOrDefault(key[MetricKey.Length..])?.Value,
        _ => null,
    };
}
