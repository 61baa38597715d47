using SweepCluster.Engine.Records;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Trials;

namespace SweepCluster.Engine.Tests.Records;

public sealed class TrialLogTests
{
    /// <summary>Two plans whose hashes have their first forty bits in common: neither is taken for the other.</summary>
    [Fact]
    public void Find_PlansWhoseHashesBeginAlike_FindsEachInItsPlace()
    {
        Plan[] plans = [Plan.Baseline, Prune(0.672, 0.753), Prune(0.693, 0.968)];
        TrialLog log = new();
        log.Add(new TrialEntry(plans[0], SampleRange.Choice));
        log.Add(new TrialEntry(plans[1], SampleRange.Choice));

        Assert.Equal(plans[1].Id[..10], plans[2].Id[..10]);
        Assert.Null(log.Find(plans[2].Id));
        log.Add(new TrialEntry(plans[2], SampleRange.Choice));
        Assert.Equal([0, 1, 2], plans.Select(plan => log.Find(plan.Id)));
        Assert.Null(log.Find("mine"));
        Assert.Null(log.Find(plans[1].Id[..10]));
    }

    private static Plan Prune(double a, double b) =>
        Plan.Create(PlanKind.Mixed, "mixed", [new("a", new MagnitudePruneScheme(a)), new("b", new MagnitudePruneScheme(b)), new("c", new MagnitudePruneScheme(0.004))]);
}
