using System.Collections.Immutable;
using System.Text.Json;

namespace SweepCluster.Server.Tests.Monitoring;

/// <summary>A panel of a dashboard, or the title of a row of them.</summary>
internal sealed class DashboardPanel(JsonElement json)
{
    /// <summary>The whole of it.</summary>
    internal JsonElement Json { get; } = json;

    /// <summary>Its id within the dashboard.</summary>
    internal int Id { get; } = json.GetProperty("id").GetInt32();

    /// <summary>What it is: <c>stat</c>, <c>timeseries</c>, ..</summary>
    internal string Kind { get; } = json.GetProperty("type").GetString()!;

    /// <summary>Its title.</summary>
    internal string Title { get; } = json.GetProperty("title").GetString()!;

    /// <summary>Whether it is a row's title and shows nothing.</summary>
    internal bool IsRow => Kind == "row";

    /// <summary>What it asks.</summary>
    internal ImmutableArray<DashboardQuery> Queries { get; } = json.TryGetProperty("targets", out JsonElement targets)
        ? [.. targets.EnumerateArray().Select(target => new DashboardQuery(target))]
        : [];

    /// <summary>Its place on the grid of 24 columns.</summary>
    internal (int X, int Y, int Width, int Height) Place
    {
        get
        {
            JsonElement place = Json.GetProperty("gridPos");
            return (place.GetProperty("x").GetInt32(), place.GetProperty("y").GetInt32(), place.GetProperty("w").GetInt32(), place.GetProperty("h").GetInt32());
        }
    }

    /// <summary>Its overrides: what they match by, what they match, and what they set.</summary>
    internal IEnumerable<(string Matcher, string Matched, ImmutableArray<string> Properties)> Overrides => IsRow ? [] :
        from entry in Json.GetProperty("fieldConfig").GetProperty("overrides").EnumerateArray()
        let matcher = entry.GetProperty("matcher")
        select (
            matcher.GetProperty("id").GetString()!, matcher.GetProperty("options").GetString()!,
            entry.GetProperty("properties").EnumerateArray().Select(property => property.GetProperty("id").GetString()!).ToImmutableArray());

    /// <summary>Its transformations.</summary>
    internal IEnumerable<(string Id, JsonElement Options)> Transformations => Json.TryGetProperty("transformations", out JsonElement list)
        ? list.EnumerateArray().Select(entry => (entry.GetProperty("id").GetString()!, entry.GetProperty("options")))
        : [];
}
