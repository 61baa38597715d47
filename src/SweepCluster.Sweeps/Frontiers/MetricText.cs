using System.Globalization;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Sweeps.Frontiers;

/// <summary>Figures in sentences: shares in percentage points, divergences in nats, a command's own as they are.</summary>
internal static class MetricText
{
    /// <summary>Whether a sweep's metric is a share that people read in per cent.</summary>
    public static bool IsShare(SweepSummary summary) => summary.IsShare(summary.Metric);

    /// <summary>A drop with its unit: <c>0.38 points</c>, <c>0.012 nats</c>.</summary>
    public static string Drop(SweepSummary summary, double drop) =>
        IsShare(summary) ? Points(drop)
        : summary.Metric is OutcomeMetrics.Kl or OutcomeMetrics.Loss ? string.Create(CultureInfo.InvariantCulture, $"{drop:0.####} nats")
        : string.Create(CultureInfo.InvariantCulture, $"{drop:0.####}");

    private static string Points(double drop)
    {
        string figure = (drop * 100).ToString("0.##", CultureInfo.InvariantCulture);
        return figure is "1" or "-1" ? figure + " point" : figure + " points";
    }

    /// <summary>A count with commas between thousands.</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
