using System.Collections.Concurrent;
using System.Text.Json.Nodes;

namespace SweepCluster.Deploy.Tests.Chart.Rendering;

/// <summary>The values with which the chart is checked: its own, the least, everything, every switch turned by itself on the chart's own and on everything, and choices that are no switches.</summary>
internal static class Variations
{
    internal const string Defaults = "defaults", Minimal = "minimal", Full = "full";

    private static readonly Dictionary<string, string> s_choices = new()
    {
        ["keda"] = "{silo: {autoscaling: {enabled: true, kind: keda, minReplicas: 0}}}",
        ["keda with a query of one's own"] = "silo: {autoscaling: {enabled: true, kind: keda, minReplicas: 0, keda: {query: vector(3), authenticationRef: {name: prometheus}}}}",
        ["a gateway alone"] = "silo: {replicas: 0}",
        ["load balancer"] = "gateway: {service: {type: LoadBalancer, port: 443, sessionAffinity: ClientIP, externalTrafficPolicy: Local}, replicas: 2, tls: {enabled: true, secretName: tls}}",
        ["an issuer and no tokens"] = "gateway: {tokens: {secretName: ''}, oidc: {issuer: 'https://login.example.com/realms/lab', audience: sweep-server}}",
        ["no limits"] = "silo: {resources: {limits: null}}",
        ["no resources"] = "silo: {resources: {limits: null, requests: null}}",
        ["slots and memory"] = "silo: {slots: 3, memory: 2.5GiB}",
        ["a volume for each silo's cache"] =
            "silo: {cache: {volume: {ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 20Gi}}}}}}}}",
        ["shares"] = "silo: {strategy: {maxSurge: 25%, maxUnavailable: 10%}, podDisruptionBudget: {maxUnavailable: 20%}}",
        ["a password of one's own"] = "postgresql: {enabled: true, existingSecret: mine}",
        ["an account for both"] = "{silo: {serviceAccount: {name: sweeps}}, gateway: {serviceAccount: {create: false, name: sweeps}}}",
        ["peers"] = "networkPolicy: {dnsPorts: [53, 8053], gatewayFrom: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ingress-nginx}}}], databaseTo: [{ipBlock: {cidr: 10.20.0.5/32}}], dnsTo: [], metricsFrom: [], otherReleases: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: lab}}, podSelector: {matchLabels: {app.kubernetes.io/instance: old}}}]}",
        ["digest"] = $"image: {{repository: registry.example.com:5000/lab/sweepcluster, digest: 'sha256:{new string('a', 64)}'}}",
        ["IPv6"] = "listenAddress: '[::]'",
        ["other ports"] = "{metrics: {port: 19464}, gateway: {port: 18080, service: {port: 8443}}, orleans: {siloPort: 21111, gatewayPort: 40000}, database: {port: 6432}}",
        ["names"] = "{nameOverride: sweeps, fullnameOverride: lab-sweeps, commonLabels: {team: vision}}",
    };

    // What a switch needs beside it.
    private static readonly Dictionary<string, string> s_needs = new() { ["gateway.tls.enabled"] = "gateway: {tls: {secretName: tls}}" };

    private static readonly ConcurrentDictionary<string, Task<Release>> s_rendered = new();

    /// <summary>The names of all of them.</summary>
    internal static TheoryData<string> All => [.. s_texts.Value.Keys];

    private static readonly Lazy<Dictionary<string, string[]>> s_texts = new(Texts);

    /// <summary>One of them rendered, once.</summary>
    internal static Task<Release> RenderAsync(string name) => s_rendered.GetOrAdd(name, key => ChartRenderer.RenderWithAsync(Options(key), s_texts.Value[key]));

    /// <summary>Values that are there as a file of the chart.</summary>
    internal static string TextOf(string name) => File.ReadAllText(Path.Combine(ChartRenderer.Folder, "ci", $"{name}-values.yaml"));

    private static string[] Options(string name) => name.StartsWith("Kubernetes 1.27", StringComparison.Ordinal) ? ["--kube-version", "v1.27.3"]
        : name.StartsWith("an upgrade", StringComparison.Ordinal) ? ["--upgrade"]
        : name.StartsWith("a long name", StringComparison.Ordinal) ? ["--name", "a-release-with-a-name-as-long-as-helm-lets-it-be-0123"]
        : name.StartsWith("a number as name", StringComparison.Ordinal) ? ["--name", "1234"]
        : [];

    private static Dictionary<string, string[]> Texts()
    {
        string full = TextOf(Full);
        Dictionary<string, string[]> all = new()
        {
            [Defaults] = [],
            [Minimal] = [TextOf(Minimal)],
            [Full] = [full],
            ["Kubernetes 1.27"] = [full],
            ["an upgrade"] = [full],
            ["a long name"] = [full],
            ["a long name without a database"] = [full, "postgresql: {enabled: false}"],
            ["a number as name"] = [full],
        };
        foreach ((string name, string values) in s_choices)
        {
            all.Add(name, [values]);
        }

        JsonObject own = ValuesFile.Read(Path.Combine(ChartRenderer.Folder, "values.yaml")).Tree;
        JsonObject everything = ValuesFile.Read(Path.Combine(ChartRenderer.Folder, "ci", "full-values.yaml")).Tree;
        foreach (string path in Switches(own, string.Empty))
        {
            string needs = s_needs.GetValueOrDefault(path, "{}");
            all.Add($"{path} turned", [needs, Setting(path, !Value(own, path)!.Value)]);
            all.Add($"full, {path} turned", [full, needs, Setting(path, !(Value(everything, path) ?? Value(own, path)!.Value))]);
        }

        return all;
    }

    private static IEnumerable<string> Switches(JsonObject table, string before) => table.SelectMany(pair => pair.Value switch
    {
        JsonObject inner => Switches(inner, $"{before}{pair.Key}."),
        JsonValue value when (string)value! is "true" or "false" => [before + pair.Key],
        _ => [],
    });

    private static bool? Value(JsonObject table, string path)
    {
        JsonNode? node = table;
        foreach (string name in path.Split('.'))
        {
            node = (node as JsonObject)?[name];
        }

        return node is null ? null : (string)node! == "true";
    }

    private static string Setting(string path, bool value)
    {
        string text = value ? "true" : "false";
        foreach (string name in path.Split('.').Reverse())
        {
            text = $"{{{name}: {text}}}";
        }

        return text;
    }
}
