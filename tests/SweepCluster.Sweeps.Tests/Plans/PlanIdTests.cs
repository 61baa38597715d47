using SweepCluster.Graphs.Schemes;
using SweepCluster.Sweeps.Plans;

namespace SweepCluster.Sweeps.Tests.Plans;

public class PlanIdTests
{
    [Fact]
    public void Id_OfThePlanThatChangesNothing_IsTheBeginningOfTheHashOfNothing() =>
        Assert.Equal("e3b0c44298fc1c14", Plan.Baseline.Id); // FIPS 180-4: SHA-256 of no bytes

    /// <summary>Two plans whose hashes have their first forty bits in common, found by trying a million, tell apart all the same.</summary>
    [Fact]
    public void Id_PlansWhoseHashesBeginAlike_AreTwo()
    {
        string[] ids = [Id(0.672, 0.753), Id(0.693, 0.968)];

        Assert.Single(ids.Select(id => id[..10]).Distinct());
        Assert.Equal(2, ids.Distinct().Count());
    }

    private static string Id(double a, double b) =>
        Plan.Create(PlanKind.Mixed, "mixed", [new("a", new MagnitudePruneScheme(a)), new("b", new MagnitudePruneScheme(b)), new("c", new MagnitudePruneScheme(0.004))]).Id;
}
