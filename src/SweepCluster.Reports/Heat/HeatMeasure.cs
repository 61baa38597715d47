using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Reports.Heat;

/// <summary>What the heat map colours: the KL divergence, or where outputs have none, the drop, or at least the weight error.</summary>
/// <param name="Title">Name for the legend.</param>
/// <param name="Of">The value of a cell; null where it has none. Only values above 0 have a place on the logarithmic scale.</param>
internal sealed record HeatMeasure(string Title, Func<SensitivitySummary, double?> Of)
{
    internal static HeatMeasure For(SweepSummary summary)
    {
        HeatMeasure[] measures =
        [
            new("KL divergence of the outputs", entry => entry.Kl?.Value),
            new($"Drop of {Formatting.MetricNames.Title(summary.Metric)}", entry => entry.Drop?.Value),
            new("Weight error relative to weight power", entry => entry.SqnrDecibels is { } decibels ? Math.Pow(10, -decibels / 10) : null),
        ];
        return measures.FirstOrDefault(measure => summary.Sensitivities.Any(entry => measure.Of(entry) is not null)) ?? measures[0];
    }
}
