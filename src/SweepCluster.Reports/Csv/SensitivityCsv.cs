using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Reports.Csv;

/// <summary>Writes <c>sensitivity.csv</c>: one row a layer and scheme, in program order and spec order.</summary>
public static class SensitivityCsv
{
    /// <summary>The table as text; fields are empty where a pair was refused, failed or not probed, and <c>reason</c> says why.</summary>
    public static string Write(SweepSummary summary)
    {
        using StringWriter output = new();
        Write(summary, output);
        return output.ToString();
    }

    /// <summary>Writes the table, row by row.</summary>
    public static void Write(SweepSummary summary, TextWriter output)
    {
        Dictionary<string, LayerSummary> layers = summary.Layers.DistinctBy(layer => layer.Name).ToDictionary(layer => layer.Name, StringComparer.Ordinal);
        Dictionary<string, SchemeSummary> schemes =
            summary.Schemes.DistinctBy(scheme => scheme.Canonical).ToDictionary(scheme => scheme.Canonical, StringComparer.Ordinal);
        CsvText csv = new(output);
        csv.Text("layer").Text("op_type").Text("shape").Text("type").Text("elements").Text("bytes").Text("scheme").Text("scheme_label").Text("family")
            .Text("payload_bytes").Text("sqnr_db").Text("empty_channels").Text("empty_elements").Text("samples").EstimateHead("kl").EstimateHead("drop").EstimateHead("agreement").Text("reason").EndRow();

        foreach (SensitivitySummary entry in summary.Sensitivities)
        {
            LayerSummary? layer = layers.GetValueOrDefault(entry.Layer);
            SchemeSummary? scheme = schemes.GetValueOrDefault(entry.Scheme);
            csv.Text(entry.Layer).Text(layer?.OpType).Text(layer?.Shape).Text(layer?.Type).Number(layer?.Elements).Number(layer?.Bytes)
                .Text(entry.Scheme).Text(scheme?.Label).Text(scheme?.Family)
                .Number(entry.PayloadBytes).Number(entry.SqnrDecibels)
                .Number(entry.PayloadBytes is null ? null : entry.EmptyChannels).Number(entry.PayloadBytes is null ? null : entry.EmptyElements).Number((entry.Kl ?? entry.Drop ?? entry.Agreement)?.Samples)
                .Estimate(entry.Kl).Estimate(entry.Drop).Estimate(entry.Agreement).Text(entry.Reason).EndRow();
        }
    }
}
