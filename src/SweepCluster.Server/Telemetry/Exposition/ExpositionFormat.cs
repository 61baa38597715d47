using Microsoft.Net.Http.Headers;

namespace SweepCluster.Server.Telemetry.Exposition;

/// <summary>A text form of metrics.</summary>
internal enum ExpositionFormat
{
    /// <summary>Prometheus' text format 0.0.4.</summary>
    PrometheusText,

    /// <summary>OpenMetrics 1.0.0.</summary>
    OpenMetrics,
}

/// <summary>Chooses a form by what a caller accepts.</summary>
internal static class ExpositionFormats
{
    private const string OpenMetricsType = "application/openmetrics-text", OpenMetricsVersion = "1.0.0", TextType = "text/plain", TextVersion = "0.0.4";

    /// <summary>The header <c>Content-Type</c> of a form.</summary>
    internal static string ContentType(this ExpositionFormat format) => format == ExpositionFormat.OpenMetrics
        ? $"{OpenMetricsType}; version={OpenMetricsVersion}; charset=utf-8"
        : $"{TextType}; version={TextVersion}; charset=utf-8";

    /// <summary>The form that a caller likes best; where it likes both as much, or names none of them, Prometheus' text, which every reader knows.</summary>
    /// <param name="accept">Values of the header <c>Accept</c>.</param>
    internal static ExpositionFormat Choose(IList<string> accept)
    {
        if (!MediaTypeHeaderValue.TryParseList(accept, out IList<MediaTypeHeaderValue>? ranges))
        {
            return ExpositionFormat.PrometheusText;
        }

        return QualityOf(ranges, OpenMetricsType, OpenMetricsVersion) > QualityOf(ranges, TextType, TextVersion) ? ExpositionFormat.OpenMetrics : ExpositionFormat.PrometheusText;
    }

    /// <summary>How much a form is liked, 0..1: what the most exact of the ranges that it falls under says.</summary>
    private static double QualityOf(IList<MediaTypeHeaderValue> ranges, string type, string version)
    {
        (int Exactness, double Quality) best = (-1, 0);
        foreach (MediaTypeHeaderValue range in ranges)
        {
            string? asked = range.Parameters.FirstOrDefault(parameter => parameter.Name.Equals("version", StringComparison.OrdinalIgnoreCase))?.GetUnescapedValue().Value;
            int exactness = range.MatchesAllTypes ? 0
                : range.MatchesAllSubTypes ? (type.StartsWith($"{range.Type}/", StringComparison.OrdinalIgnoreCase) ? 1 : -1)
                : !range.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase) ? -1
                : asked is null ? 2
                : asked == version ? 3
                : -1;
            double quality = range.Quality ?? 1;
            if (exactness > best.Exactness || (exactness >= 0 && exactness == best.Exactness && quality > best.Quality))
            {
                best = (exactness, quality);
            }
        }

        return best.Quality;
    }
}
