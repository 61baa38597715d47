using System.Collections.Concurrent;

namespace SweepCluster.Server.Telemetry.Exposition;

/// <summary>Names of labels, translated once. Instruments have few.</summary>
internal static class LabelNames
{
    private static readonly ConcurrentDictionary<string, string> s_names = new(StringComparer.Ordinal);

    /// <summary>The label of a tag.</summary>
    internal static string Of(string key) => s_names.GetOrAdd(key, PrometheusName.Label);
}
