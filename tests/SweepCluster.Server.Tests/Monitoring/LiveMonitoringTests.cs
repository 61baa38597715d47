using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Npgsql;

namespace SweepCluster.Server.Tests.Monitoring;

/// <summary>What dashboards and alerts ask is there, in a real Prometheus that watched two real sweeps; and what is there is on the page.</summary>
public sealed partial class LiveMonitoringTests(MonitoredCluster cluster) : IClassFixture<MonitoredCluster>
{
    public static TheoryData<string> Dashboards => [.. Dashboard.All.Select(dashboard => dashboard.File)];

    [Theory, MemberData(nameof(Dashboards))]
    public async Task Panels_EveryQuery_ReturnsData(string file)
    {
        List<string> wrong = [];
        foreach (DashboardPanel panel in Dashboard.Of(file).Panels)
        {
            foreach (DashboardQuery query in panel.Queries)
            {
                List<PrometheusSeries> series = await QueryAsync(query.Expression);
                if (series.Count == 0)
                {
                    wrong.Add($"{panel.Title}, {query.RefId}: no data: {query.Expression}");
                }

                wrong.AddRange(
                    from label in Label().Matches(query.Legend).Select(match => match.Groups[1].Value)
                    where series.Any(entry => !entry.Labels.ContainsKey(label))
                    select $"{panel.Title}, {query.RefId}: its legend names a label that its series lack: {label}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Theory, MemberData(nameof(Dashboards))]
    public async Task Tables_TheirColumns_ComeWithTheData(string file)
    {
        foreach (DashboardPanel panel in Dashboard.Of(file).Panels.Where(panel => panel.Transformations.Any(step => step.Id == "organize")))
        {
            HashSet<string> columns = ["Time", "layer\\scheme", .. panel.Queries.Select(query => $"Value #{query.RefId}")];
            foreach (DashboardQuery query in panel.Queries)
            {
                columns.UnionWith((await QueryAsync(query.Expression)).SelectMany(series => series.Labels.Keys));
            }

            JsonElement organize = panel.Transformations.Single(step => step.Id == "organize").Options;
            Assert.All(
                organize.GetProperty("renameByName").EnumerateObject().Concat(organize.GetProperty("excludeByName").EnumerateObject()),
                column => Assert.Contains(column.Name, columns));
            Assert.All(
                panel.Transformations.Where(step => step.Id == "groupingToMatrix").SelectMany(step => (string[])[step.Options.GetProperty("rowField").GetString()!, step.Options.GetProperty("columnField").GetString()!]),
                field => Assert.Contains(field, columns));
        }
    }

    [Theory, MemberData(nameof(Dashboards))]
    public async Task Annotations_EachSelector_ReturnsData(string file)
    {
        foreach ((_, string expression) in Dashboard.Of(file).Annotations)
        {
            await QueryAsync(expression);
            foreach (string selector in Expressions.SelectorsOf(expression))
            {
                Assert.True((await QueryAsync(selector)).Count > 0, selector);
            }
        }
    }

    [Theory, MemberData(nameof(Dashboards))]
    public async Task Variables_EachQuery_OffersValues(string file)
    {
        foreach ((string name, JsonElement variable) in Dashboard.Of(file).QueryVariables)
        {
            string[] values = await ValuesOfAsync(variable.GetProperty("query").GetProperty("query").GetString()!, variable.GetProperty("regex").GetString()!);
            Assert.NotEmpty(values);
            if (name == "sweep")
            {
                Assert.Equal(cluster.Sweeps.Select(id => $"{id}: {NameOf(id)} {id[..8]}").Order(StringComparer.Ordinal), values.Order(StringComparer.Ordinal));
            }
        }
    }

    [Fact]
    public async Task Alerts_EachSelector_ReturnsDataAndEachRuleIsHealthy()
    {
        List<string> silent = [];
        foreach (AlertRule alert in AlertRules.All)
        {
            await QueryAsync(alert.Expression);
            foreach (string selector in Expressions.SelectorsOf(alert.Expression))
            {
                if ((await QueryAsync(selector)).Count == 0)
                {
                    silent.Add($"{alert.Name}: {selector}");
                }
            }
        }

        Assert.True(silent.Count == 0, string.Join('\n', silent));
        JsonElement groups = (await cluster.Prometheus.GetAsync("rules?type=alert")).GetProperty("groups");
        ImmutableArray<JsonElement> rules = [.. groups.EnumerateArray().SelectMany(rules => rules.GetProperty("rules").EnumerateArray())];
        Assert.Equal(AlertRules.All.Select(alert => alert.Name).Order(StringComparer.Ordinal), rules.Select(rule => rule.GetProperty("name").GetString()!).Order(StringComparer.Ordinal));
        Assert.All(rules, rule => Assert.Equal("ok", rule.GetProperty("health").GetString()));
    }

    [Fact]
    public async Task Processes_EachMetric_IsOnThePageWithItsTypeAndLabels()
    {
        List<string> wrong = [];
        foreach (IGrouping<string, (string Name, string Type)> told in (await ToldAsync()).GroupBy(metric => metric.Name, StringComparer.Ordinal))
        {
            ListedMetric? listed = MetricsPage.All.FirstOrDefault(metric => metric.Name == told.Key);
            string type = told.First().Type;
            if (listed is null || listed.Type != type)
            {
                wrong.Add($"{told.Key} is a {type}, and the page says {listed?.Type ?? "nothing"}.");
                continue;
            }

            foreach (ImmutableDictionary<string, string> labels in await LabelsOfAsync(listed))
            {
                string[] names = [.. labels.Keys.Where(name => name is not ("__name__" or "job" or "instance" or "le"))];
                bool isOwn = listed.Name.StartsWith("sweepcluster_", StringComparison.Ordinal);
                if (isOwn ? !listed.Labels.SetEquals(names) : !listed.Labels.IsSupersetOf(names))
                {
                    wrong.Add($"{listed.Name} has the labels {string.Join(", ", names.Order(StringComparer.Ordinal))}, and the page says {string.Join(", ", listed.Labels.Order(StringComparer.Ordinal))}.");
                }

                wrong.AddRange(
                    from value in listed.Values
                    where labels.TryGetValue(value.Key, out string? found) && !value.Value.Contains(found)
                    select $"{listed.Name} has the {value.Key} {labels[value.Key]}, which the page does not know.");
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Distinct(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task Page_EachMetricOfOurs_IsToldByAProcess()
    {
        ImmutableHashSet<string> told = [.. (await ToldAsync()).Select(metric => metric.Name)];

        Assert.All(MetricsPage.All.Select(metric => metric.Name).Where(name => name.StartsWith("sweepcluster_", StringComparison.Ordinal)), name => Assert.Contains(name, told));
    }

    [Fact]
    public async Task Processes_WhateverTheyTell_TellNoPassword()
    {
        string told = (await cluster.Prometheus.GetAsync("series?match[]={job=~\"sweepcluster.*\"}")).GetRawText();

        Assert.Contains("db_client_connections", told, StringComparison.Ordinal); // the driver's, whose pools are called by their connection strings
        Assert.DoesNotContain(new NpgsqlConnectionStringBuilder(cluster.Store).Password!, told, StringComparison.Ordinal);
    }

    private static string Substitute(string expression, string sweep) => expression
        .Replace("$__rate_interval", "10s", StringComparison.Ordinal).Replace("$__interval", "10s", StringComparison.Ordinal).Replace("$__range", "10m", StringComparison.Ordinal)
        .Replace("$sweep", sweep, StringComparison.Ordinal)
        .Replace("$silo", ".*", StringComparison.Ordinal).Replace("$process", ".*", StringComparison.Ordinal).Replace("$scheme", ".*", StringComparison.Ordinal);

    /// <summary>What an expression gives for any of the sweeps: figures of an accuracy are there for the one, those of another metric for the other.</summary>
    private async Task<List<PrometheusSeries>> QueryAsync(string expression)
    {
        List<PrometheusSeries> series = [];
        foreach (string sweep in expression.Contains("$sweep", StringComparison.Ordinal) ? cluster.Sweeps : ["any"])
        {
            series.AddRange(await cluster.Prometheus.QueryAsync(Substitute(expression, sweep)));
        }

        return series;
    }

    /// <summary>What a variable offers, as Grafana asks for it: values of a label, or results that a regular expression takes apart.</summary>
    private async Task<string[]> ValuesOfAsync(string query, string regex)
    {
        if (LabelValues().Match(query) is { Success: true } values)
        {
            string selector = Substitute(values.Groups[1].Value, cluster.Sweeps[0]);
            JsonElement found = await cluster.Prometheus.GetAsync($"label/{values.Groups[2].Value}/values?match[]={Uri.EscapeDataString(selector)}");
            return [.. found.EnumerateArray().Select(value => value.GetString()!)];
        }

        Regex pattern = new(regex.Trim('/'));
        string expression = Substitute(QueryResult().Match(query).Groups[1].Value, "any");
        JsonElement results = (await cluster.Prometheus.GetAsync($"query?query={Uri.EscapeDataString(expression)}")).GetProperty("result");
        return [.. results.EnumerateArray()
            .Select(result => string.Create(CultureInfo.InvariantCulture,
                $"{{{string.Join(',', result.GetProperty("metric").EnumerateObject().Select(label => $"{label.Name}=\"{label.Value.GetString()}\""))}}} {result.GetProperty("value")[1].GetString()} 1"))
            .Select(line => pattern.Match(line))
            .Where(match => match.Success)
            .Select(match => $"{match.Groups["value"].Value}: {match.Groups["text"].Value}")];
    }

    private string NameOf(string sweep) => sweep == cluster.Sweeps[0] ? "accuracy" : "divergence";

    /// <summary>Every metric that a process tells, by the page's name: with a counter's <c>_total</c>, which OpenMetrics leaves out of the family's name.</summary>
    private async Task<IEnumerable<(string Name, string Type)>> ToldAsync() => (await cluster.Prometheus.GetAsync("targets/metadata")).EnumerateArray()
        .Select(metric => (Name: metric.GetProperty("metric").GetString()!, Type: metric.GetProperty("type").GetString()!))
        .Select(metric => (metric.Type == "counter" && !metric.Name.EndsWith("_total", StringComparison.Ordinal) ? $"{metric.Name}_total" : metric.Name, metric.Type))
        .Where(metric => metric.Type is "counter" or "gauge" or "histogram");

    private async Task<IEnumerable<ImmutableDictionary<string, string>>> LabelsOfAsync(ListedMetric metric)
    {
        string name = metric.Type == "histogram" ? $"{metric.Name}_count" : metric.Name;
        JsonElement series = await cluster.Prometheus.GetAsync($"series?match[]={name}");
        return series.EnumerateArray().Select(entry => entry.EnumerateObject().ToImmutableDictionary(label => label.Name, label => label.Value.GetString()!));
    }

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex Label();

    [GeneratedRegex(@"^label_values\((.+), (\w+)\)$")]
    private static partial Regex LabelValues();

    [GeneratedRegex(@"^query_result\((.+)\)$")]
    private static partial Regex QueryResult();
}
