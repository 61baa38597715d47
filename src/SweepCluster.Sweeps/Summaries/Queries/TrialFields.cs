using SweepCluster.Sweeps.Frontiers;

namespace SweepCluster.Sweeps.Summaries.Queries;

/// <summary>The fields of a sweep's trials.</summary>
internal static class TrialFields
{
    /// <summary>Fields by name: the fixed ones, then the metrics that the baseline has.</summary>
    public static IReadOnlyDictionary<string, TrialField> Of(SweepSummary summary)
    {
        Dictionary<string, TrialField> fields = new(StringComparer.OrdinalIgnoreCase)
        {
            ["id"] = TrialField.OfTexts((_, trial) => [trial.Id]) with { IsEqualToItsBeginning = true },
            ["label"] = TrialField.OfTexts((_, trial) => [trial.Label]),
            ["kind"] = TrialField.OfTexts((_, trial) => [trial.Kind.ToString()]),
            ["family"] = TrialField.OfTexts((_, trial) => trial.Schemes.Values.Select(FamilyOf).Distinct()),
            ["frontier"] = TrialField.OfFlag((_, trial) => trial.OnFrontier),
            ["size"] = TrialField.OfNumbers(TrialFieldKind.Bytes, (_, trial) => trial.SizeBytes),
            ["ratio"] = TrialField.OfNumbers(TrialFieldKind.Number, (_, trial) => trial.CompressionRatio),
            ["drop"] = TrialField.OfNumbers(MetricText.IsShare(summary) ? TrialFieldKind.Share : TrialFieldKind.Number, (_, trial) => trial.Choice?.Drop.Value),
        };
        foreach (string metric in summary.Baseline.Choice?.Values.Keys ?? [])
        {
            fields.TryAdd(metric, TrialField.OfNumbers(summary.IsShare(metric) ? TrialFieldKind.Share : TrialFieldKind.Number, (_, trial) => trial.Choice?.Values.GetValueOrDefault(metric)?.Value));
        }

        return fields;
    }

    // A canonical text is family(settings), or the family alone.
    private static string FamilyOf(string scheme) => scheme.IndexOf('(', StringComparison.Ordinal) is > 0 and int open ? scheme[..open] : scheme;
}
