using System.Text.Json.Nodes;
using SweepCluster.Deploy.Tests.Chart.Checks;
using SweepCluster.Deploy.Tests.Chart.Rendering;

namespace SweepCluster.Deploy.Tests.Chart;

/// <summary>The checks of <see cref="ChartTests"/> find what they are there to find: every object of the full chart is broken in every place, and each relation once.</summary>
public sealed class BreakTests
{
    [Fact]
    public async Task ApiCheck_EveryFieldOfEveryObjectMisspelled_IsFound() => await BreakAllAsync(static (table, name, value) =>
    {
        table.Remove(name);
        table[name + "2"] = value;
    });

    [Fact]
    public async Task ApiCheck_EveryFieldOfEveryObjectOfAnotherType_IsFound() =>
        await BreakAllAsync(static (table, name, value) => table[name] = value is JsonArray ? new JsonObject() : new JsonArray());

    [Theory]
    [InlineData("Deployment", "-silo", "spec.selector.matchLabels.[app.kubernetes.io/component]", "silos", "selector does not find its own pods")]
    [InlineData("Deployment", "-silo", "spec.template.spec.containers.0.readinessProbe.httpGet.port", "metric", "readinessProbe asks a port")]
    [InlineData("Deployment", "-silo", "spec.template.spec.containers.0.volumeMounts.0.name", "temp", "is mounted or declared")]
    [InlineData("Deployment", "-silo", "spec.template.spec.containers.0.env.0.name", "SWEEP_STORES", null)]
    [InlineData("Deployment", "-silo", "spec.template.spec.containers.0.env.5.name", "POD_ADDRESS", "$(POD_IP) is no variable")]
    [InlineData("Deployment", "-silo", "spec.template.spec.serviceAccountName", "nobody", "ServiceAccount nobody is not there")]
    [InlineData("Deployment", "-gateway", "spec.template.spec.containers.0.env.1.valueFrom.secretKeyRef.key", "pass", "with the key pass is not there")]
    [InlineData("Deployment", "-gateway", "spec.template.spec.volumes.1.secret.secretName", "token", "Secret token")]
    [InlineData("StatefulSet", "-postgresql", "spec.serviceName", "db", "the Service db is not there")]
    [InlineData("Service", "-gateway", "spec.ports.0.targetPort", "apis", "the pods have no port apis")]
    [InlineData("Service", "-postgresql", "spec.selector.[app.kubernetes.io/instance]", "other", "finds 0 workloads")]
    [InlineData("Ingress", "-gateway", "spec.rules.0.http.paths.0.backend.service.port.name", "https", "no Service")]
    [InlineData("PodDisruptionBudget", "-silo", "spec.selector.matchLabels.[app.kubernetes.io/name]", "x", "finds 0 workloads")]
    [InlineData("NetworkPolicy", "-silo", "spec.podSelector.matchLabels.[app.kubernetes.io/component]", "x", "no pod is selected")]
    [InlineData("NetworkPolicy", "-silo", "spec.ingress.0.ports.0.port", "1", "lets callers in to a port 1")]
    [InlineData("NetworkPolicy", "-gateway", "spec.egress.1.ports.0.port", "1", "lets calls out to a port 1")]
    [InlineData("NetworkPolicy", "-postgresql", "spec.ingress.0.from.0.podSelector.matchLabels.[app.kubernetes.io/component]", "x", "names pods that are not there")]
    [InlineData("HorizontalPodAutoscaler", "-silo", "spec.scaleTargetRef.name", "silo", "the target")]
    [InlineData("ServiceMonitor", "-silo", "spec.endpoints.0.port", "http", "the Service has no port http")]
    [InlineData("ServiceMonitor", "-gateway", "spec.selector.matchLabels.[sweepcluster/metrics]", "x", "finds 0 Services")]
    [InlineData("Pod", "-test-silo", "spec.containers.0.args.1", "http://demo-sweepcluster-silo:9464/readyz", "where no Service is")]
    public async Task RelationCheck_OneThingWrong_IsFound(string kind, string end, string place, string value, string? fault)
    {
        Release broken = await BrokenAsync(kind, end, place, int.TryParse(value, out _) ? JsonNode.Parse(value)! : JsonValue.Create(value));

        string[] faults = [.. RelationCheck.FaultsOf(broken)];
        if (fault is null)
        {
            // The name of the store's variable is the program's: the test that starts a silo finds this one.
            Assert.Empty(faults);
        }
        else
        {
            Assert.Contains(faults, line => line.Contains(fault, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("Deployment", "-silo", "spec.template.spec.securityContext.runAsNonRoot", false, "may run as root")]
    [InlineData("Deployment", "-silo", "spec.template.spec.containers.0.securityContext.readOnlyRootFilesystem", false, "may write to its root")]
    [InlineData("Deployment", "-gateway", "spec.template.spec.containers.0.securityContext.allowPrivilegeEscalation", true, "may gain privileges")]
    [InlineData("StatefulSet", "-postgresql", "spec.template.spec.automountServiceAccountToken", true, "mounts a token")]
    [InlineData("Pod", "-test-silo", "spec.hostNetwork", true, "hostNetwork")]
    public async Task SecurityCheck_OneThingWrong_IsFound(string kind, string end, string place, bool value, string fault) =>
        Assert.Contains(SecurityCheck.FaultsOf(await BrokenAsync(kind, end, place, JsonValue.Create(value))), line => line.Contains(fault, StringComparison.Ordinal));

    [Theory]
    [InlineData("a-name-of-an-object-that-is-longer-than-a-label-of-the-domain-name-system")]
    [InlineData("Upper")]
    [InlineData("1-begins-with-a-digit")]
    public async Task NameCheck_BadNameOfAService_IsFound(string name) =>
        Assert.NotEmpty(NameCheck.FaultsOf(await BrokenAsync("Service", "-gateway", "metadata.name", JsonValue.Create(name))));

    private static async Task<IReadOnlyList<KubernetesObject>> ObjectsAsync() =>
        [.. (await Variations.RenderAsync(Variations.Full)).Objects, .. (await Variations.RenderAsync("keda")).OfKind("ScaledObject")];

    // Breaks one place after the other, and mends it again.
    private static async Task BreakAllAsync(Action<JsonObject, string, JsonNode?> damage)
    {
        foreach (KubernetesObject item in await ObjectsAsync())
        {
            KubernetesObject copy = item with { Body = item.Body.DeepClone().AsObject() };
            string[][] places = [.. Places(copy.Body, []).Where(place => IsDeclared(item, place))];
            Assert.NotEmpty(places);
            foreach (string[] place in places)
            {
                JsonObject table = At(copy.Body, place[..^1])!.AsObject();
                JsonNode? value = table[place[^1]];
                damage(table, place[^1], value);
                Assert.True(ApiCheck.FaultsOf(copy).Any(), $"{item.Title}: {string.Join('.', place)} is broken, and nobody noticed");
                table.Remove(place[^1] + "2");
                table.Remove(place[^1]);
                table[place[^1]] = value;
            }

            Assert.Empty(ApiCheck.FaultsOf(copy));
        }
    }

    private static async Task<Release> BrokenAsync(string kind, string end, string place, JsonNode value)
    {
        Release release = await Variations.RenderAsync(Variations.Full);
        KubernetesObject item = release.One(kind, end);
        JsonObject body = item.Body.DeepClone().AsObject();
        string[] steps = [.. place.Split('.', StringSplitOptions.None)];
        if (place.Contains('[', StringComparison.Ordinal)) // the last step is a key with dots
        {
            int open = place.IndexOf('[', StringComparison.Ordinal);
            steps = [.. place[..open].TrimEnd('.').Split('.'), place[(open + 1)..^1]];
        }

        JsonNode holder = At(body, steps[..^1])!;
        if (holder is JsonArray list)
        {
            list[int.Parse(steps[^1], System.Globalization.CultureInfo.InvariantCulture)] = value;
        }
        else
        {
            holder[steps[^1]] = value;
        }

        return release with { Objects = [.. release.Objects.Select(other => other == item ? item with { Body = body } : other)] };
    }

    private static JsonNode? At(JsonNode? node, string[] place) => place.Aggregate(node, static (at, name) => at is JsonArray list ? list[int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)] : at![name]);

    private static IEnumerable<string[]> Places(JsonNode? node, string[] before) => node switch
    {
        JsonObject table => table.SelectMany(pair => Places(pair.Value, [.. before, pair.Key]).Prepend([.. before, pair.Key])),
        JsonArray list => list.SelectMany((item, i) => Places(item, [.. before, i.ToString(System.Globalization.CultureInfo.InvariantCulture)])),
        _ => [],
    };

    // Neither what an object is found by, nor within tables whose keys are the user's.
    private static bool IsDeclared(KubernetesObject item, string[] place)
    {
        if (place is ["apiVersion"] or ["kind"] or ["metadata"] or ["metadata", "name"])
        {
            return false;
        }

        string[] free = ["labels", "annotations", "matchLabels", "nodeSelector", "data", "stringData", "limits", "requests", "selector"];
        int at = Array.FindIndex(place[..^1], free.Contains);
        return (at < 0 || (place[at] == "selector" && item.Kind != "Service")) && !(item.Kind == "ScaledObject" && place.Length > 4 && place[3] == "metadata")
            && !(at >= 0 && place[..^1].Skip(at).Any(name => name is "matchLabels"));
    }
}
