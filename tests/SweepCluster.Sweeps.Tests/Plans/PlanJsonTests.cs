using System.Text.Json;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Sweeps.Plans;

namespace SweepCluster.Sweeps.Tests.Plans;

public class PlanJsonTests
{
    [Fact]
    public void Serialize_Plan_ComesBackWithItsIdentity()
    {
        Plan plan = Plan.Create(PlanKind.Mixed, "mixed-03", [new("b", new MagnitudePruneScheme(0.3)), new("a", new PalettizeScheme(4, 16))]);

        string json = JsonSerializer.Serialize(plan);
        Plan again = JsonSerializer.Deserialize<Plan>(json)!;

        Assert.Equal(
            """{"kind":"Mixed","label":"mixed-03","schemes":{"a":"palettize(mode=kmeans, nbits=4, granularity=per_grouped_channel, group_size=16)","b":"prune(target_sparsity=0.3)"}}""",
            json);
        Assert.Equal((plan.Id, plan.Kind, plan.Label, plan.Canonical), (again.Id, again.Kind, again.Label, again.Canonical));
    }

    [Theory]
    [InlineData("""{"kind":"Other","label":"x","schemes":{}}""")]
    [InlineData("""{"kind":"Mixed","label":"x","schemes":{"a":"palettize(nbits=5)"}}""")]
    [InlineData("""{"kind":"Mixed","schemes":{}}""")]
    [InlineData("""{"kind":"Mixed","label":"x","schemes":null}""")]
    public void Deserialize_DamagedPlan_IsAJsonException(string json) => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Plan>(json));

    [Fact]
    public void Serialize_Scheme_IsItsCanonicalText()
    {
        JsonSerializerOptions options = new() { Converters = { new SchemeJsonConverter() } };

        Assert.Equal("\"prune(target_sparsity=0.3)\"", JsonSerializer.Serialize<Scheme>(new MagnitudePruneScheme(0.3), options));
        Assert.Equal(new MagnitudePruneScheme(0.3), JsonSerializer.Deserialize<Scheme>("\"prune(target_sparsity=0.3)\"", options));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Scheme>("\"nothing\"", options));
    }
}
