using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Reports.Formatting;

/// <summary>What metrics are called where people read.</summary>
public static class MetricNames
{
    /// <summary>A metric as a sweep has it: a command's own is shown as it is, whatever its name.</summary>
    public static MetricUnit Of(SweepSummary summary, string metric) => new(metric, summary.IsShare(metric));

    /// <summary>The sweep's metric.</summary>
    public static MetricUnit Of(SweepSummary summary) => Of(summary, summary.Metric);

    /// <summary>The name in a sentence or on an axis: <c>top-1 accuracy</c>.</summary>
    public static string Title(string metric) => metric switch
    {
        "top1" => "top-1 accuracy",
        "top5" => "top-5 accuracy",
        "agreement" => "agreement with the uncompressed model",
        "kl" => "KL divergence",
        _ => metric,
    };

    /// <summary>The name in a table's head: <c>Top-1</c>.</summary>
    public static string Short(string metric) => metric switch
    {
        "top1" => "Top-1",
        "top5" => "Top-5",
        "agreement" => "Agreement",
        "kl" => "KL",
        _ => metric,
    };

    /// <summary>The name at the start of a sentence.</summary>
    public static string Capital(string metric) => metric is "top1" or "top5" or "agreement" ? char.ToUpperInvariant(Title(metric)[0]) + Title(metric)[1..] : Title(metric);
}
