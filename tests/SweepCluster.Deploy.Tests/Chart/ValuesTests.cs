using System.Text.Json.Nodes;
using SweepCluster.Deploy.Tests.Chart.Rendering;
using SweepCluster.Deploy.Tests.Chart.Values;

namespace SweepCluster.Deploy.Tests.Chart;

/// <summary>The chart's values are explained and checked: each has its comment and its place in the schema.</summary>
public sealed class ValuesTests
{
    private static ValuesFile Own { get; } = ValuesFile.Read(Path.Combine(ChartRenderer.Folder, "values.yaml"));

    [Fact]
    public void Values_EveryKey_IsExplainedByTheCommentAbove()
    {
        string[] silent = [.. Own.Keys.Where(key => !Own.Lines[key.Line - 2].TrimStart().StartsWith("# ", StringComparison.Ordinal)).Select(key => key.Path)];

        Assert.True(Own.Keys.Count > 150, $"{Own.Keys.Count} keys");
        Assert.Empty(silent);
    }

    [Fact]
    public void Schema_KeysAndValuesFile_AreTheSame()
    {
        string[] inSchema = [.. Properties(ValuesSchema.Chart.Root, string.Empty).Where(path => path != "global").Order()];

        // Keys of tables with free names (labels, requests) are values, not settings.
        Assert.Equal(inSchema, Own.Keys.Select(key => key.Path).Where(path => !IsFree(path)).Order());
    }

    [Theory]
    [InlineData("replicas: 3", "replicas: expected no such value")]
    [InlineData("silo: {replica: 3}", "silo.replica: expected no such value")]
    [InlineData("silo: {replicas: -1}", "silo.replicas: found -1, expected 0 or more")]
    [InlineData("silo: {replicas: three}", "silo.replicas: found \"three\", expected integer")]
    [InlineData("silo: {replicas: 2.5}", "silo.replicas: found 2.5, expected integer")]
    [InlineData("silo: {slots: 2000}", "silo.slots: found 2000, expected 1024 or less")]
    [InlineData("silo: {memory: 6Gi}", "silo.memory: found \"6Gi\"")]
    [InlineData("silo: {cache: {size: 8GiB}}", "silo.cache.size: found \"8GiB\"")]
    [InlineData("silo: {autoscaling: {kind: vpa}}", "silo.autoscaling.kind: found \"vpa\", expected one of")]
    [InlineData("silo: {strategy: {maxSurge: 110%}}", "silo.strategy.maxSurge: found \"110%\"")]
    [InlineData("silo: {resources: {limits: {memory: plenty}}}", "silo.resources.limits.memory: found \"plenty\"")]
    [InlineData("silo: {podLabels: {team: 7}}", "silo.podLabels.team: found 7, expected string")]
    [InlineData("silo: {extraEnv: [{value: x}]}", "silo.extraEnv[0].name: found null, expected a value")]
    [InlineData("image: {tag: 'a b'}", "image.tag: found \"a b\"")]
    [InlineData("image: {digest: 'sha256:12'}", "image.digest: found")]
    [InlineData("image: {pullPolicy: always}", "image.pullPolicy: found \"always\"")]
    [InlineData("log: xml", "log: found \"xml\"")]
    [InlineData("metrics: {port: 70000}", "metrics.port: found 70000, expected 65535 or less")]
    [InlineData("metrics: {serviceMonitor: {interval: 15}}", "metrics.serviceMonitor.interval: found 15")]
    [InlineData("orleans: {enabled: 'yes'}", "orleans.enabled: found \"yes\", expected boolean")]
    [InlineData("database: {dsn: 'Host=db;Password=secret'}", "database.dsn: expected no such value")]
    [InlineData("database: {secretName: Not_A_Name}", "database.secretName: found")]
    [InlineData("postgresql: {enabled: true, image: postgres}", "postgresql.image")]
    [InlineData("gateway: {behindTlsProxy: [ingress]}", "gateway.behindTlsProxy[0]: found \"ingress\"")]
    [InlineData("gateway: {tokens: {lines: ['sweep_abcdef']}}", "gateway.tokens.lines[0]: found")]
    [InlineData("gateway: {oidc: {issuer: 'http://login.example.com'}}", "gateway.oidc.issuer: found")]
    [InlineData("gateway: {ingress: {hosts: []}}", "gateway.ingress.hosts: found [], expected 1 or more")]
    [InlineData("gateway: {ingress: {hosts: ['https://sweeps.example.com']}}", "gateway.ingress.hosts[0]: found")]
    [InlineData("gateway: {service: {externalTrafficPolicy: local}}", "gateway.service.externalTrafficPolicy: found \"local\"")]
    [InlineData("networkPolicy: {dnsPorts: []}", "networkPolicy.dnsPorts: found []")]
    [InlineData("gateway: {service: {type: External}}", "gateway.service.type: found \"External\"")]
    [InlineData("trustedCertificates: /etc/ca.pem", "trustedCertificates: found \"/etc/ca.pem\"")]
    [InlineData("listenAddress: localhost", "listenAddress: found \"localhost\"")]
    public async Task Schema_WrongValue_IsRefusedWithPlaceAndReason(string values, string reason)
    {
        InvalidOperationException refused = await Assert.ThrowsAsync<InvalidOperationException>(() => ChartRenderer.RenderAsync(values));

        Assert.Contains(refused.Message.Split('\n'), fault => fault.StartsWith(reason, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"type":"integer"}""", "3.0", true)] // a float without a fraction is an integer since draft 06
    [InlineData("""{"type":"integer"}""", "3.5", false)]
    [InlineData("""{"pattern":"^a*$"}""", "\"aab\"", false)]
    [InlineData("""{"pattern":"^a*$"}""", "12", true)] // not a text: the keyword says nothing
    [InlineData("""{"pattern":"a+"}""", "\"xxaayy\"", true)] // patterns are not anchored
    [InlineData("""{"minimum":1.1}""", "0.6", false)]
    [InlineData("""{"maximum":3.0}""", "3.0", true)]
    [InlineData("""{"required":["foo"]}""", """{"bar":1}""", false)]
    [InlineData("""{"required":["foo"]}""", "[]", true)]
    [InlineData("""{"properties":{"foo":{}},"additionalProperties":false}""", """{"foo":1,"quux":"boom"}""", false)]
    [InlineData("""{"additionalProperties":{"type":"boolean"}}""", """{"foo":12}""", false)]
    [InlineData("""{"anyOf":[{"type":"integer"},{"minimum":2}]}""", "1.5", false)]
    [InlineData("""{"anyOf":[{"type":"integer"},{"minimum":2}]}""", "2.5", true)]
    [InlineData("""{"enum":[6,"foo",[],true]}""", "4", false)]
    [InlineData("""{"items":{"type":"integer"}}""", """[1,"x"]""", false)]
    [InlineData("""{"minItems":1}""", "[]", false)]
    [InlineData("""{"minLength":2}""", "\"f\"", false)]
    [InlineData("""{"definitions":{"a":{"type":"integer"}},"items":{"$ref":"#/definitions/a"}}""", """["a"]""", false)]
    public void ValuesSchema_KeywordsOfDraft07_AreUnderstood(string schema, string value, bool valid) => // the draft's public test suite has these
        Assert.Equal(valid, !new ValuesSchema(JsonNode.Parse(schema)!.AsObject()).FaultsOf(JsonNode.Parse(value)).Any());

    private static IEnumerable<string> Properties(JsonObject schema, string before) => (schema["properties"]?.AsObject() ?? []).SelectMany(pair =>
        Properties(ValuesSchema.Chart.Resolve(pair.Value!), $"{before}{pair.Key}.").Prepend(before + pair.Key));

    private static bool IsFree(string path)
    {
        JsonObject rules = ValuesSchema.Chart.Root;
        foreach (string name in path.Split('.'))
        {
            if (rules["properties"]?[name] is not { } inner)
            {
                return true;
            }

            rules = ValuesSchema.Chart.Resolve(inner);
        }

        return false;
    }
}
