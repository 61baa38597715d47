using System.Text.Json;
using System.Text.Json.Nodes;
using SweepCluster.Deploy.Tests.Chart.Rendering;

namespace SweepCluster.Deploy.Tests.Chart;

/// <summary>Alerts and dashboards in the cluster are the repository's, and silos are scaled by what is really open.</summary>
public sealed class MonitoringTests
{
    private const string Rules = "metrics: {prometheusRule: {enabled: true}}";

    [Fact]
    public async Task Render_Rules_AreTheRepositorysAndPromtoolTakesThem()
    {
        Release release = await ChartRenderer.RenderAsync(Rules);
        JsonNode spec = release.OfKind("PrometheusRule").Single().Body["spec"]!;
        JsonNode own = ValuesFile.Read(Path.Combine(SharedData.Repository, "deploy", "prometheus", "rules", "sweepcluster.yml")).Tree;
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder["rules.yml"], spec.ToJsonString());

        Outcome checkedRules = await Outcome.OfAsync("promtool", ["check", "rules", folder["rules.yml"]]);

        Assert.True(JsonNode.DeepEquals(own, Texts(spec)), "the rules differ");
        Assert.True(checkedRules.ExitCode == 0, checkedRules.Output + checkedRules.Error);
        Assert.Contains("SUCCESS", checkedRules.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Render_RunbookUrl_LeadsEveryAlertThere()
    {
        Release release = await ChartRenderer.RenderAsync(Rules, "metrics: {prometheusRule: {runbookUrl: 'https://git.example.com/monitoring.md'}}");

        string[] links = [.. KubernetesObject.Items(release.OfKind("PrometheusRule").Single().Body["spec"]!["groups"]).SelectMany(group => KubernetesObject.Items(group["rules"])).Select(rule => (string)rule["annotations"]!["runbook_url"]!)];

        Assert.NotEmpty(links);
        Assert.All(links, link => Assert.StartsWith("https://git.example.com/monitoring.md#sweepcluster", link, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Render_Dashboards_AreTheRepositorysByteForByte()
    {
        Release release = await ChartRenderer.RenderAsync("metrics: {dashboards: {enabled: true}}");
        Dictionary<string, string> inCluster = release.OfKind("ConfigMap").SelectMany(map => map.Body["data"]!.AsObject()).ToDictionary(pair => pair.Key, pair => (string)pair.Value!);

        Dictionary<string, string> own = Directory.GetFiles(Path.Combine(SharedData.Repository, "dashboards"), "*.json").ToDictionary(file => $"sweepcluster-{Path.GetFileName(file)}", File.ReadAllText);

        Assert.Equal(3, own.Count);
        Assert.Equal(own.OrderBy(pair => pair.Key), inCluster.OrderBy(pair => pair.Key));
        Assert.All(release.OfKind("ConfigMap"), map => Assert.Equal("1", (string)map.Labels["grafana_dashboard"]!));
    }

    [Fact]
    public async Task Render_Monitors_NameTheJobsThatAlertsAndDashboardsGoBy()
    {
        Release release = await ChartRenderer.RenderAsync("metrics: {serviceMonitor: {enabled: true}}");

        Assert.Equal(
            ["sweepcluster-server", "sweepcluster-silos"],
            release.OfKind("ServiceMonitor").Select(monitor => (string)KubernetesObject.Items(monitor.Body["spec"]!["endpoints"]).Single()["relabelings"]![0]!["replacement"]!).Order());
    }

    [Fact]
    public async Task Query_OfKeda_CountsOpenJobsOfThisReleasesRunningSweepsOnce()
    {
        Release release = await Variations.RenderAsync("keda");
        JsonNode trigger = release.OfKind("ScaledObject").Single().Body["spec"]!["triggers"]![0]!["metadata"]!;

        Assert.Equal("8", (string)trigger["threshold"]!);
        await AssertCountsAsync((string)trigger["query"]!);
    }

    [Fact]
    public async Task Query_OfTheAdaptersRuleInTheNotes_CountsTheSame()
    {
        Release release = await ChartRenderer.RenderAsync("silo: {autoscaling: {enabled: true}}");
        JsonNode metric = release.OfKind("HorizontalPodAutoscaler").Single().Body["spec"]!["metrics"]![0]!["external"]!["metric"]!;
        string line = release.Notes.Split('\n').Single(line => line.Contains("metricsQuery:", StringComparison.Ordinal)).Trim();
        string query = line["metricsQuery: '".Length..^1];

        Assert.Contains($"name: {{as: {metric["name"]}}}", release.Notes, StringComparison.Ordinal);
        Assert.Contains("seriesQuery: 'sweepcluster_sweeps{", release.Notes, StringComparison.Ordinal); // one that is always there: StartTests sees it before the first sweep
        Assert.Contains("seriesQuery: 'sweepcluster_sweeps{", await File.ReadAllTextAsync(Path.Combine(ChartRenderer.Folder, "README.md")), StringComparison.Ordinal);
        Assert.Contains(line, await File.ReadAllTextAsync(Path.Combine(ChartRenderer.Folder, "README.md")), StringComparison.Ordinal);
        string labels = string.Join(',', metric["selector"]!["matchLabels"]!.AsObject().Select(pair => $"{pair.Key}=\"{pair.Value}\"").Prepend("namespace=\"lab\""));
        await AssertCountsAsync(query.Replace("<<.LabelMatchers>>", labels, StringComparison.Ordinal));
    }

    // Two processes tell of sweep a (the more recent figure counts), a paused sweep and another release's are left out, and where nothing is told there is nothing to do.
    private static async Task AssertCountsAsync(string query)
    {
        const string Here = "namespace=\"lab\",app_kubernetes_io_instance=\"demo\"";
        using TemporaryFolder folder = new();
        JsonObject tests = new()
        {
            ["rule_files"] = new JsonArray(),
            ["tests"] = new JsonArray(
                Test(query, 17,
                    ($"sweepcluster_sweep_jobs{{sweep=\"a\",state=\"waiting\",instance=\"1\",{Here}}}", 10), ($"sweepcluster_sweep_jobs{{sweep=\"a\",state=\"waiting\",instance=\"2\",{Here}}}", 9),
                    ($"sweepcluster_sweep_jobs{{sweep=\"a\",state=\"running\",instance=\"1\",{Here}}}", 4), ($"sweepcluster_sweep_jobs{{sweep=\"a\",state=\"done\",instance=\"1\",{Here}}}", 100),
                    ($"sweepcluster_sweep_phase{{sweep=\"a\",phase=\"running\",instance=\"1\",{Here}}}", 1), ($"sweepcluster_sweep_phase{{sweep=\"a\",phase=\"running\",instance=\"2\",{Here}}}", 1),
                    ($"sweepcluster_sweep_jobs{{sweep=\"b\",state=\"waiting\",instance=\"1\",{Here}}}", 3), ($"sweepcluster_sweep_phase{{sweep=\"b\",phase=\"running\",instance=\"1\",{Here}}}", 1),
                    ($"sweepcluster_sweep_jobs{{sweep=\"p\",state=\"waiting\",instance=\"1\",{Here}}}", 50), ($"sweepcluster_sweep_phase{{sweep=\"p\",phase=\"running\",instance=\"1\",{Here}}}", 0),
                    ("sweepcluster_sweep_jobs{sweep=\"o\",state=\"waiting\",instance=\"1\",namespace=\"lab\",app_kubernetes_io_instance=\"other\"}", 70),
                    ("sweepcluster_sweep_phase{sweep=\"o\",phase=\"running\",instance=\"1\",namespace=\"lab\",app_kubernetes_io_instance=\"other\"}", 1)),
                Test(query, 0, ("up", 1))),
        };
        await File.WriteAllTextAsync(folder["tests.yml"], tests.ToJsonString());

        Outcome outcome = await Outcome.OfAsync("promtool", ["test", "rules", folder["tests.yml"]]);

        Assert.True(outcome.ExitCode == 0, outcome.Output + outcome.Error);
        Assert.Contains("SUCCESS", outcome.Output, StringComparison.Ordinal);
    }

    private static JsonObject Test(string query, int expected, params (string Series, int Value)[] input) => new()
    {
        ["interval"] = "1m",
        ["input_series"] = new JsonArray([.. input.Select(one => new JsonObject { ["series"] = one.Series, ["values"] = $"{one.Value}" })]),
        ["promql_expr_test"] = new JsonArray(new JsonObject
        {
            ["expr"] = query,
            ["eval_time"] = "0m",
            ["exp_samples"] = new JsonArray(new JsonObject { ["labels"] = "{}", ["value"] = expected }),
        }),
    };

    private static JsonNode? Texts(JsonNode? node) => node switch
    {
        JsonObject table => new JsonObject(table.Select(pair => KeyValuePair.Create(pair.Key, Texts(pair.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Texts)]),
        _ => node?.GetValueKind() == JsonValueKind.String ? node.DeepClone() : JsonValue.Create(node?.ToJsonString()),
    };
}
