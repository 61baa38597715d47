using System.Text;

namespace SweepCluster.Server.Telemetry.Exposition;

/// <summary>The name of an instrument as Prometheus writes it.</summary>
/// <param name="Family">The name without a counter's <c>_total</c>.</param>
/// <param name="Unit">The unit in words, which the family's name ends with; null: none.</param>
/// <param name="Kind">The type.</param>
/// <remarks>Source: OpenTelemetry specification, compatibility with Prometheus and OpenMetrics, metric metadata.</remarks>
internal readonly record struct PrometheusName(string Family, string? Unit, MetricKind Kind)
{
    private const string Total = "_total", Count = "_count";

    /// <summary>The name of a sample of a counter or gauge, and of the family in Prometheus' text format.</summary>
    internal string Full => Kind == MetricKind.Counter ? Family + Total : Family;

    /// <summary>Translates a name.</summary>
    /// <param name="instrument">The instrument's, as <c>sweepcluster.job.duration</c>.</param>
    /// <param name="unit">Its unit in UCUM, as <c>s</c>; empty: none.</param>
    /// <param name="kind">The type.</param>
    internal static PrometheusName Of(string instrument, string unit, MetricKind kind)
    {
        string name = Clean(instrument);
        if (kind == MetricKind.Counter && name.EndsWith(Total, StringComparison.Ordinal))
        {
            name = name[..^Total.Length];
        }

        string? words = WordsOf(unit, kind);
        if (words is not null && name != words && !name.EndsWith($"_{words}", StringComparison.Ordinal))
        {
            name = $"{name}_{words}";
        }

        if (kind == MetricKind.Gauge && name.EndsWith(Count, StringComparison.Ordinal))
        {
            name = $"{name[..^Count.Length]}_number"; // a name that ends so belongs to histograms
        }

        return new PrometheusName(name, words, kind);
    }

    /// <summary>A name with those characters alone that Prometheus allows in the names of labels.</summary>
    internal static string Label(string key) => Clean(key).Replace(':', '_');

    private static string? WordsOf(string unit, MetricKind kind) => unit switch
    {
        "" => null,
        "1" => kind == MetricKind.Gauge ? "ratio" : null,
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "ns" => "nanoseconds",
        "min" => "minutes",
        "h" => "hours",
        "By" => "bytes",
        "KiBy" => "kibibytes",
        "MiBy" => "mebibytes",
        "%" => "percent",
        ['{', ..] => null,
        _ => Clean(unit) is { Length: > 0 } clean ? clean : null,
    };

    private static string Clean(string name)
    {
        StringBuilder clean = new(name.Length + 1);
        foreach (char letter in name)
        {
            bool isAllowed = char.IsAsciiLetterOrDigit(letter) || letter == ':';
            if (isAllowed)
            {
                if (clean.Length == 0 && char.IsAsciiDigit(letter))
                {
                    clean.Append('_');
                }

                clean.Append(letter);
            }
            else if (clean.Length == 0 || clean[^1] != '_')
            {
                clean.Append('_');
            }
        }

        return clean.ToString();
    }
}
