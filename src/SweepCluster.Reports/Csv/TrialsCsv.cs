using SweepCluster.Reports.Findings;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Reports.Csv;

/// <summary>Writes <c>trials.csv</c>: one row a trial, the baseline first, then in proposal order. Shares are 0..1, sizes bytes.</summary>
public static class TrialsCsv
{
    /// <summary>The table as text. Metrics get three columns each (value, <c>_low</c>, <c>_high</c>), over the choice and over the confirmation samples.</summary>
    public static string Write(SweepSummary summary)
    {
        using StringWriter output = new();
        Write(summary, output);
        return output.ToString();
    }

    /// <summary>Writes the table, row by row.</summary>
    public static void Write(SweepSummary summary, TextWriter output)
    {
        string[] metrics = TrialFacts.Metrics(summary);
        CsvText csv = new(output);
        csv.Text("id").Text("label").Text("kind").Text("families").Text("size_bytes").Text("compression_ratio")
            .Text("frontier").Text("beats_uniform").Text("recommended");
        WriteHead(csv, "choice", metrics);
        WriteHead(csv, "confirm", metrics);
        csv.Text("weights_hash").Text("failure").Text("schemes").EndRow();

        foreach (TrialSummary trial in TrialFacts.All(summary))
        {
            csv.Text(trial.Id).Text(trial.Label).Text(TrialFacts.KindName(trial)).Text(string.Join(' ', TrialFacts.Families(trial)))
                .Number(trial.SizeBytes).Number(trial.CompressionRatio)
                .Flag(trial.OnFrontier).Flag(trial.BeatsUniform).Flag(trial.Id == summary.Recommendation.ProvenTrial);
            WriteMetrics(csv, trial.Choice, metrics);
            WriteMetrics(csv, trial.Confirm, metrics);
            csv.Text(trial.WeightsHash).Text(trial.Failure)
                .Text(string.Join("; ", TrialFacts.Schemes(trial).Select(entry => $"{entry.Key}: {entry.Value}"))).EndRow();
        }
    }

    private static void WriteHead(CsvText csv, string range, string[] metrics)
    {
        csv.Text(range + "_samples");
        foreach (string metric in metrics)
        {
            csv.EstimateHead($"{range}_{metric}");
        }

        csv.EstimateHead(range + "_drop");
    }

    private static void WriteMetrics(CsvText csv, MetricSummary? summary, string[] metrics)
    {
        csv.Number(summary is null ? null : summary.Values.Values.Select(value => value.Samples).DefaultIfEmpty(0).Max());
        foreach (string metric in metrics)
        {
            csv.Estimate(summary?.Values.GetValueOrDefault(metric));
        }

        csv.Estimate(summary?.Drop);
    }
}
