using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace SweepCluster.Server.Tests.Monitoring;

/// <summary>A series that Prometheus answered with.</summary>
/// <param name="Labels">Its labels.</param>
/// <param name="Values">Its values that are numbers, oldest first.</param>
internal sealed record PrometheusSeries(ImmutableDictionary<string, string> Labels, ImmutableArray<double> Values)
{
    /// <summary>Reads one from a range of values.</summary>
    internal static PrometheusSeries Of(JsonElement series) => new(
        series.GetProperty("metric").EnumerateObject().ToImmutableDictionary(label => label.Name, label => label.Value.GetString()!),
        [.. series.GetProperty("values").EnumerateArray().Select(point => double.Parse(point[1].GetString()!, CultureInfo.InvariantCulture)).Where(value => !double.IsNaN(value))]);
}
