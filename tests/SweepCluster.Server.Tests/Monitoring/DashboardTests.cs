using System.Text.Json;
using System.Text.RegularExpressions;

namespace SweepCluster.Server.Tests.Monitoring;

/// <summary>The dashboards' files: well formed, nothing over another, every panel explained.</summary>
public sealed partial class DashboardTests
{
    // The panels of a current Grafana that we use. Older ones (graph, singlestat, table-old) are not shown any more.
    private static readonly string[] s_kinds = ["row", "stat", "gauge", "bargauge", "timeseries", "table", "heatmap", "xychart"];

    // Okabe and Ito's colours, which nearly everybody tells apart, a grey, and two names of Grafana's that are no colours.
    private static readonly string[] s_colours = ["#56B4E9", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#0072B2", "#9E9E9E", "transparent", "text"];

    // Since then the chart's axes are chosen by matchers. A panel that names no version counts as older, and Grafana would rewrite its options.
    private static readonly Version s_pluginVersion = new(11, 1);

    public static TheoryData<string> Files => [.. Dashboard.All.Select(dashboard => dashboard.File)];

    [Fact]
    public void All_OneForEachAudience_HaveTheirUids()
    {
        Assert.Equal(["cluster.json", "layers.json", "sweeps.json"], Dashboard.All.Select(dashboard => dashboard.File));
        Assert.All(Dashboard.All, dashboard => Assert.Equal($"sweepcluster-{Path.GetFileNameWithoutExtension(dashboard.File)}", dashboard.Json.GetProperty("uid").GetString()));
    }

    [Theory, MemberData(nameof(Files))]
    public void Head_EachDashboard_IsOfACurrentSchemaAndLinksToTheOthers(string file)
    {
        JsonElement json = Dashboard.Of(file).Json;
        string own = json.GetProperty("uid").GetString()!;

        Assert.InRange(json.GetProperty("schemaVersion").GetInt32(), 39, 42); // Grafana 11 to 12
        Assert.Equal(JsonValueKind.Null, json.GetProperty("id").ValueKind); // a number belongs to one Grafana's database
        Assert.StartsWith("SweepCluster / ", json.GetProperty("title").GetString(), StringComparison.Ordinal);
        Assert.False(string.IsNullOrWhiteSpace(json.GetProperty("description").GetString()));
        Assert.Contains("sweepcluster", json.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()));
        Assert.False(string.IsNullOrEmpty(json.GetProperty("refresh").GetString()));
        Assert.Equal("now", json.GetProperty("time").GetProperty("to").GetString());
        Assert.Equal(
            Dashboard.All.Select(dashboard => dashboard.Json.GetProperty("uid").GetString()).Where(uid => uid != own).Select(uid => $"/d/{uid}").Order(StringComparer.Ordinal),
            json.GetProperty("links").EnumerateArray().Select(link => link.GetProperty("url").GetString()).Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Files))]
    public void Panels_EachDashboard_HaveIdsOfTheirOwnAndDoNotOverlap(string file)
    {
        Dashboard dashboard = Dashboard.Of(file);
        HashSet<(int X, int Y)> taken = [];

        Assert.Equal(dashboard.Panels.Length, dashboard.Panels.Select(panel => panel.Id).Distinct().Count());
        Assert.Equal(dashboard.Panels.Length, dashboard.Panels.Select(panel => panel.Title).Distinct(StringComparer.Ordinal).Count());
        foreach (DashboardPanel panel in dashboard.Panels)
        {
            (int x, int y, int width, int height) = panel.Place;
            Assert.True(x >= 0 && y >= 0 && width > 0 && height > 0 && x + width <= 24, $"{panel.Title} does not fit the grid.");
            for (int cell = 0; cell < width * height; cell++)
            {
                Assert.True(taken.Add((x + (cell % width), y + (cell / width))), $"{panel.Title} lies over another panel.");
            }
        }
    }

    [Theory, MemberData(nameof(Files))]
    public void Panels_EachDashboard_SayWhatTheyShowInWhichUnitAndOfWhichPrometheus(string file)
    {
        foreach (DashboardPanel panel in Dashboard.Of(file).Panels)
        {
            Assert.Contains(panel.Kind, s_kinds);
            if (panel.IsRow)
            {
                continue;
            }

            Assert.True(panel.Json.GetProperty("description").GetString()?.EndsWith('.') == true, $"{panel.Title} has no description.");
            Assert.False(string.IsNullOrEmpty(panel.Json.GetProperty("fieldConfig").GetProperty("defaults").GetProperty("unit").GetString()), $"{panel.Title} has no unit.");
            Assert.True(Version.Parse(panel.Json.GetProperty("pluginVersion").GetString()!) >= s_pluginVersion, $"{panel.Title} would be migrated from an older form.");
            Assert.Equal(Dashboard.DatasourceVariable, panel.Json.GetProperty("datasource").GetProperty("uid").GetString());
            Assert.NotEmpty(panel.Queries);
            Assert.All(panel.Queries, query => Assert.Equal(Dashboard.DatasourceVariable, query.Datasource));
            Assert.Equal(panel.Queries.Length, panel.Queries.Select(query => query.RefId).Distinct(StringComparer.Ordinal).Count());
            Assert.All(
                panel.Overrides.Where(entry => entry.Matcher == "byFrameRefID"),
                entry => Assert.Contains(entry.Matched, panel.Queries.Select(query => query.RefId)));
        }
    }

    [Theory, MemberData(nameof(Files))]
    public void Columns_EachTableAndChart_OverridesAndSeriesNameColumnsThatThereAre(string file)
    {
        foreach (DashboardPanel panel in Dashboard.Of(file).Panels.Where(panel => panel.Transformations.Any(step => step.Id == "merge")))
        {
            JsonElement renames = panel.Transformations.Single(step => step.Id == "organize").Options.GetProperty("renameByName");
            string[] columns = [.. renames.EnumerateObject().Select(column => column.Value.GetString()!)];
            string[] values = [.. renames.EnumerateObject().Select(column => column.Name).Where(name => name.StartsWith("Value #", StringComparison.Ordinal))];

            Assert.Equal(columns.Length, columns.Distinct(StringComparer.Ordinal).Count());
            Assert.All(values, value => Assert.Contains(value["Value #".Length..], panel.Queries.Select(query => query.RefId)));
            Assert.All(panel.Overrides.Where(entry => entry.Matcher == "byName"), entry => Assert.Contains(entry.Matched, columns));
            foreach (Match match in panel.Kind == "xychart" ? ByName().Matches(panel.Json.GetProperty("options").GetRawText()) : Enumerable.Empty<Match>())
            {
                Assert.Contains(match.Groups[1].Value, columns);
            }
        }
    }

    [Theory, MemberData(nameof(Files))]
    public void Colours_EachDashboard_AreThoseThatNearlyEverybodyTellsApart(string file) => Assert.All(
        Colour().Matches(Dashboard.Of(file).Json.GetProperty("panels").GetRawText()).Select(match => match.Groups[1].Value),
        colour => Assert.Contains(colour, s_colours));

    [Theory, MemberData(nameof(Files))]
    public void Variables_EachExpression_UsesOnlyThoseThatThereAre(string file)
    {
        Dashboard dashboard = Dashboard.Of(file);
        string[] known = [.. dashboard.Json.GetProperty("templating").GetProperty("list").EnumerateArray().Select(variable => variable.GetProperty("name").GetString()!), "__rate_interval", "__interval", "__range"];
        string[] used = [.. dashboard.Expressions.SelectMany(entry => Variable().Matches(entry.Expression)).Select(match => match.Groups[1].Value).Distinct(StringComparer.Ordinal)];

        Assert.All(used, name => Assert.Contains(name, known));
        Assert.All(dashboard.QueryVariables, variable =>
        {
            Assert.Equal(Dashboard.DatasourceVariable, variable.Json.GetProperty("datasource").GetProperty("uid").GetString());
            Assert.Contains(variable.Name, used); // one that nothing uses only takes room
        });
    }

    [GeneratedRegex("""\{\s*"id":\s*"byName",\s*"options":\s*"([^"]+)"\s*\}""")]
    private static partial Regex ByName();

    [GeneratedRegex("""(?:"color"|"fixedColor"):\s*"([^"]+)"(?!\s*:)""")]
    private static partial Regex Colour();

    [GeneratedRegex(@"\$\{?([A-Za-z_]\w*)")]
    private static partial Regex Variable();
}
