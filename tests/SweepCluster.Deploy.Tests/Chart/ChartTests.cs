using System.Text.Json.Nodes;
using SweepCluster.Deploy.Tests.Chart.Checks;
using SweepCluster.Deploy.Tests.Chart.Rendering;

namespace SweepCluster.Deploy.Tests.Chart;

/// <summary>What the chart makes, with its own values, the least, everything, and every switch turned: each object is one that the API server takes, and what they say of each other is true.</summary>
public sealed class ChartTests
{
    public static TheoryData<string> Everything => Variations.All;

    [Theory, MemberData(nameof(Everything))]
    public async Task Render_AnyValues_ObjectsHaveTheApisFieldsAndTypes(string variation)
    {
        Release release = await Variations.RenderAsync(variation);

        Assert.NotEmpty(release.Objects);
        Assert.Empty(release.Objects.SelectMany(ApiCheck.FaultsOf));
    }

    [Theory, MemberData(nameof(Everything))]
    public async Task Render_AnyValues_WhatObjectsSayOfEachOtherIsTrue(string variation) => Assert.Empty(RelationCheck.FaultsOf(await Variations.RenderAsync(variation)));

    [Theory, MemberData(nameof(Everything))]
    public async Task Render_AnyValues_NamesAndLabelsAreTaken(string variation) => Assert.Empty(NameCheck.FaultsOf(await Variations.RenderAsync(variation)));

    [Theory, MemberData(nameof(Everything))]
    public async Task Render_AnyValues_PodsAreRestricted(string variation) => Assert.Empty(SecurityCheck.FaultsOf(await Variations.RenderAsync(variation)));

    [Fact]
    public async Task Render_AllVariations_MakeEveryKindThatIsKnown()
    {
        Release[] releases = await Task.WhenAll(new[] { Variations.Full, "keda" }.Select(Variations.RenderAsync));

        Assert.Equal(ApiCheck.Kinds.Order(), releases.SelectMany(release => release.Objects).Select(item => $"{item.ApiVersion}/{item.Kind}").Distinct().Order());
    }

    [Fact]
    public async Task Render_Minimal_MakesNothingButSilosAndWhatFindsThem()
    {
        Release release = await Variations.RenderAsync(Variations.Minimal);

        Assert.Equal(["Deployment/demo-sweepcluster-silo", "Pod/demo-sweepcluster-test-silo", "Service/demo-sweepcluster-silo-metrics"], release.Objects.Select(item => $"{item.Kind}/{item.Name}").Order());
    }

    [Theory]
    [InlineData("defaults", "limits.cpu", null)]
    [InlineData("no limits", "requests.cpu", "requests.memory")]
    [InlineData("no resources", null, null)]
    public async Task Render_Resources_SlotsFollowProcessorsAndMemoryTheProgramOrTheRequest(string variation, string? slots, string? memory)
    {
        JsonObject silo = (await Variations.RenderAsync(variation)).One("Deployment", "-silo").Containers.Single();

        Assert.Equal(slots, Resource("SILO_SLOTS"));
        Assert.Equal(memory, Resource("SILO_MEMORY"));
        Assert.Equal(slots is not null, silo["args"]!.AsArray().Any(argument => (string)argument! == "--slots"));
        Assert.Equal(memory is not null, silo["args"]!.AsArray().Any(argument => (string)argument! == "--memory"));

        string? Resource(string name) => (string?)KubernetesObject.Items(silo["env"]).SingleOrDefault(variable => (string)variable["name"]! == name)?["valueFrom"]!["resourceFieldRef"]!["resource"];
    }

    [Fact]
    public async Task Render_AfterAnInstallation_KeepsThePassword()
    {
        const string Trial = "postgresql: {enabled: true}";
        string first = Password(await ChartRenderer.RenderAsync(Trial)), other = Password(await ChartRenderer.RenderAsync(Trial));
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder["objects.yaml"], $"- {{apiVersion: v1, kind: Secret, metadata: {{name: demo-sweepcluster-postgresql, namespace: lab}}, data: {{password: {first}}}}}");

        string upgraded = Password(await ChartRenderer.RenderWithAsync(["--upgrade", "--objects", folder["objects.yaml"]], Trial));

        Assert.Equal(32, Convert.FromBase64String(first).Length);
        Assert.NotEqual(first, other);
        Assert.Equal(first, upgraded);

        static string Password(Release release) => (string)release.OfKind("Secret").Single(secret => secret.Name == "demo-sweepcluster-postgresql").Body["data"]!["password"]!;
    }

    [Fact]
    public async Task Render_TwiceOfTheSameValues_GivesTheSamePods()
    {
        string trial = Variations.TextOf(Variations.Full);
        string[] first = await PodsAsync(), second = await PodsAsync();

        Assert.Equal(first, second); // what differs would start every pod again at each upgrade

        async Task<string[]> PodsAsync() => [.. (await ChartRenderer.RenderAsync(trial)).Workloads.Select(item => item.Pod!.ToJsonString())];
    }

    [Fact]
    public async Task Render_OtherCertificates_ReplacesThePodsThatReadThemAtTheirStart()
    {
        const string Certificate = "trustedCertificates: |\n  -----BEGIN CERTIFICATE-----\n  {0}\n  -----END CERTIFICATE-----\n";
        string[] one = await SumsAsync("AAAA"), other = await SumsAsync("BBBB");

        Assert.Equal(2, one.Length);
        Assert.All(one.Zip(other), pair => Assert.NotEqual(pair.First, pair.Second));

        async Task<string[]> SumsAsync(string content) => [.. (await ChartRenderer.RenderAsync(Certificate.Replace("{0}", content, StringComparison.Ordinal)))
            .OfKind("Deployment").Select(item => (string)item.Pod!["metadata"]!["annotations"]!["checksum/certificates"]!)];
    }

    [Fact]
    public async Task Render_Gateway_PausesBeforeItLeavesWhereTheClusterCan()
    {
        Assert.Equal(5, (int?)Pause(await Variations.RenderAsync(Variations.Defaults)));
        Assert.Null(Pause(await Variations.RenderAsync("Kubernetes 1.27")));

        static JsonNode? Pause(Release release) => release.One("Deployment", "-gateway").Containers.Single()["lifecycle"]?["preStop"]!["sleep"]!["seconds"];
    }

    [Fact]
    public async Task Render_SilosAloneScaledToZero_NeedAQueryOfTheUsersOwn()
    {
        Release release = await ChartRenderer.RenderAsync("{gateway: {enabled: false}, silo: {autoscaling: {enabled: true, kind: keda, minReplicas: 0, keda: {query: vector(3)}}}}");

        JsonNode spec = release.OfKind("ScaledObject").Single().Body["spec"]!;
        Assert.Equal((0, "vector(3)"), ((int)spec["minReplicaCount"]!, (string)spec["triggers"]![0]!["metadata"]!["query"]!));
    }

    [Fact]
    public async Task Render_PeersOfOtherReleases_ReachThePostgresqlOfThisOne()
    {
        Release release = await ChartRenderer.RenderAsync("{postgresql: {enabled: true}, networkPolicy: {otherReleases: [{podSelector: {matchLabels: {app.kubernetes.io/instance: old}}}], dnsPorts: [5353]}}");

        JsonNode spec = Spec("-postgresql");
        Assert.Contains(KubernetesObject.Items(spec["ingress"]![0]!["from"]), peer => (string?)peer["podSelector"]!["matchLabels"]!["app.kubernetes.io/instance"] == "old");
        Assert.All(new[] { "-silo", "-gateway", "-test" }, end => Assert.Equal(["5353/UDP", "5353/TCP"], KubernetesObject.Items(Spec(end)["egress"]![0]!["ports"]).Select(port => $"{port["port"]}/{port["protocol"]}")));

        JsonNode Spec(string end) => release.One("NetworkPolicy", end).Body["spec"]!;
    }

    [Theory]
    [InlineData("postgresql: {enabled: false}\ndatabase: {secretName: ''}", "database.secretName: expected")]
    [InlineData("gateway: {tokens: {secretName: ''}}", "gateway.tokens, gateway.oidc.issuer: found neither")]
    [InlineData("gateway: {tls: {enabled: true}}", "gateway.tls.secretName: expected")]
    [InlineData("gateway: {oidc: {issuer: 'https://login.example.com'}}", "gateway.oidc.audience: expected")]
    [InlineData("silo: {autoscaling: {enabled: true, minReplicas: 0}}", "silo.autoscaling.minReplicas: found 0, expected 1 or more with kind hpa")]
    [InlineData("{gateway: {enabled: false}, silo: {autoscaling: {enabled: true, kind: keda, minReplicas: 0}}}", "silo.autoscaling.minReplicas: found 0, expected 1 or more without gateway.enabled")]
    [InlineData("gateway: {service: {externalTrafficPolicy: Local}}", "gateway.service.externalTrafficPolicy: found Local, expected none with the type ClusterIP")]
    [InlineData("{silo: {serviceAccount: {name: sweeps}}, gateway: {serviceAccount: {name: sweeps}}}", "silo.serviceAccount.name, gateway.serviceAccount.name: found sweeps twice")]
    [InlineData("silo: {autoscaling: {enabled: true, minReplicas: 3, maxReplicas: 2}}", "silo.autoscaling.maxReplicas: found 2, expected minReplicas (3) or more")]
    [InlineData("gateway: {behindTlsProxy: []}", "gateway.behindTlsProxy: found none")]
    public async Task Render_ValuesThatCannotWork_AreRefusedWithTheReason(string values, string reason)
    {
        InvalidOperationException refused = await Assert.ThrowsAsync<InvalidOperationException>(() => ChartRenderer.RenderAsync(values));

        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("metrics: {prometheusRule: {enabled: true}}", "files/rules: found no rules")]
    [InlineData("metrics: {dashboards: {enabled: true}}", "files/dashboards: found no dashboards")]
    public async Task Render_WhereLinksWereLost_IsRefused(string values, string reason)
    {
        using TemporaryFolder folder = new();
        string copy = folder.Copy(ChartRenderer.Folder, "chart");
        Directory.Delete(Path.Combine(copy, "files"), recursive: true);

        Outcome outcome = await ChartRenderer.RunAsync(copy, [], values);

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains(reason, outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Render_OldCluster_IsRefused()
    {
        InvalidOperationException refused = await Assert.ThrowsAsync<InvalidOperationException>(() => ChartRenderer.RenderWithAsync(["--kube-version", "v1.26.9"]));

        Assert.Contains("kubeVersion", refused.Message, StringComparison.Ordinal);
    }
}
