using System.Globalization;
using System.Text.Json;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Sweeps.Plans;

namespace SweepCluster.Sweeps.Tests.Plans;

public class PlanSchemesTests
{
    [Fact]
    public void Create_PlansOfManyModelsSideBySide_KeepTheirOwnSchemes()
    {
        Plan[] plans = [.. Enumerable.Range(0, 400).AsParallel().Select(number => Create(number))];

        Assert.All(plans.Select((plan, place) => (plan, number: Number(plan))), entry =>
        {
            Assert.Equal(Expected(entry.number).OrderBy(pair => pair.Key, StringComparer.Ordinal), entry.plan.Schemes);
            Assert.Equal(entry.plan.Schemes.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.Canonical)), entry.plan.SchemeTexts);
            Assert.False(entry.plan.Schemes.ContainsKey("absent"));
            Assert.All(Expected(entry.number), pair => Assert.Equal(pair.Value, entry.plan.Schemes[pair.Key]));
        });
    }

    [Fact]
    public void Create_TwoSchemesForALayer_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => Plan.Create(PlanKind.Given, "x", [new("a", new MagnitudePruneScheme(0.3)), new("a", new MagnitudePruneScheme(0.4))]));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Plan>("""{"kind":"Given","label":"x","schemes":{"a":"prune(target_sparsity=0.3)","a":"prune(target_sparsity=0.4)"}}"""));
    }

    [Fact]
    public void Deserialize_NamesThatAreLongOrEscaped_ComeBack()
    {
        Plan plan = Plan.Create(PlanKind.Given, "x", [new(new string('n', 1000), new MagnitudePruneScheme(0.3)), new("a\"ü\n", new MagnitudePruneScheme(0.3)), new("", new Float16Scheme())]);

        Plan again = JsonSerializer.Deserialize<Plan>(JsonSerializer.Serialize(plan))!;

        Assert.Equal((plan.Id, plan.Canonical), (again.Id, again.Canonical));
    }

    private static Plan Create(int number) => Plan.Create(PlanKind.Mixed, number.ToString(CultureInfo.InvariantCulture), Expected(number));

    private static int Number(Plan plan) => int.Parse(plan.Label, CultureInfo.InvariantCulture);

    // Four models, whose plans leave other layers out each time.
    private static KeyValuePair<string, Scheme>[] Expected(int number) => [.. Enumerable.Range(0, 30)
        .Where(layer => (layer + number) % 7 != 0)
        .Select(layer => KeyValuePair.Create($"model{number % 4}.layer{layer}", (Scheme)new MagnitudePruneScheme(1.0 / (2 + ((layer * number) % 97)))))];
}
