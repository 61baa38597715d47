using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Search;
using SweepCluster.Sweeps.Tests.Fixtures;

namespace SweepCluster.Sweeps.Tests.Search;

public class GreedySearchTests
{
    private static readonly int[] s_bits = [1, 2, 3, 4, 6, 8];
    private static readonly int[] s_elements = [2304, 2304, 4608, 9216, 9216, 18432, 36864, 36864, 640, 432 * 64];

    private static double Damage(int layer, int bits) => (1 + (layer * 7 % 5)) * 0.4 * Math.Pow(4, -bits);

    private static TestSweep Sweep(int plans, double? maxDrop = null) => new(s_elements, s_bits, Damage, plans, maxDrop);

    [Fact]
    public void For_ASpec_ProposesUniformPlansFirstThenMixedOnesUpToTheBudget()
    {
        TestSweep sweep = Sweep(16, 0.01);

        List<IReadOnlyList<Plan>> rounds = sweep.Run(SearchStrategy.For(sweep.State.Spec));

        Assert.Equal(s_bits.Select(bits => $"pal{bits}"), rounds[0].Select(plan => plan.Label));
        Assert.Equal([6, 8, 4, 4], rounds.Select(round => round.Count));
        Assert.Equal(Enumerable.Range(1, 16).Select(number => $"mixed-{number:00}"), rounds.Skip(1).SelectMany(round => round).Select(plan => plan.Label));
        Assert.Equal(22, sweep.State.Plans.Select(plan => plan.Id).Distinct().Count());
    }

    [Fact]
    public void Propose_SameRecordsTwice_ProposesTheSame()
    {
        List<string> Ids() => [.. Sweep(20, 0.02).Run(new GreedySearch(20)).SelectMany(round => round).Select(plan => plan.Id)];

        Assert.Equal(Ids(), Ids());
    }

    [Fact]
    public void Propose_FirstRound_IsEvenlySpacedOnTheLogarithmOfBytes()
    {
        TestSweep sweep = Sweep(12);

        IReadOnlyList<Plan> round = new GreedySearch(12).Propose(sweep.State);

        double[] logs = [.. round.Select(plan => Math.Log(sweep.BytesOf(plan)))];
        double step = (logs[0] - logs[^1]) / 5;
        Assert.Equal(6, round.Count);
        Assert.All(logs.Zip(logs.Skip(1)), pair => Assert.InRange(pair.First - pair.Second, step * 0.5, step * 1.5)); // the sequence has steps of its own
    }

    [Fact]
    public void Propose_FirstRound_RunsFromWhatIsNoticedToWhereAModelIsBroken()
    {
        TestSweep sweep = new(s_elements, s_bits, (layer, bits) => Damage(layer, bits) * 20, plans: 12);

        IReadOnlyList<Plan> round = new GreedySearch(12).Propose(sweep.State);

        Assert.Equal(6, round.Count);
        PlanPath path = PlanPath.Build(sweep.State);
        int first = path.Find(round[0])!.Value, last = path.Find(round[^1])!.Value;
        Assert.True(path.Damages[first] < 0.0005 && path.Damages[first + 1] >= 0.0005);
        Assert.True(path.Damages[last] <= 0.25 && path.Damages[last + 1] > 0.25);
    }

    [Fact]
    public void Propose_AcceptedDrop_IsClosedIn()
    {
        const double Accepted = 0.02;
        TestSweep sweep = Sweep(16, Accepted);
        sweep.Run(new GreedySearch(16));
        PlanPath path = PlanPath.Build(sweep.State);

        // The smallest plan of the whole sequence whose bound is accepted, found by measuring all of it; and the smallest that the search measured.
        double Bound(Plan plan) => Intervals.Share((long)Math.Round(sweep.LossOf(plan) * TestSweep.Samples), TestSweep.Samples).High;
        long best = Enumerable.Range(0, path.Last + 1).Select(steps => Plan.Create(PlanKind.Mixed, "", path.SchemesAt(steps))).Where(plan => Bound(plan) <= Accepted).Min(sweep.BytesOf);
        long found = sweep.State.Plans.Where(plan => Bound(plan) <= Accepted).Min(sweep.BytesOf);

        Assert.InRange(found, best, best * 1.02);
    }

    [Fact]
    public void Propose_EverythingAccepted_GoesOnToTheSmallest()
    {
        // Damages that put one nat far above the sequence's end would stop the first round; here nothing is lost at all.
        TestSweep sweep = new(s_elements, s_bits, (_, _) => 0, plans: 8, maxDrop: 0.05);

        List<Plan> plans = [.. sweep.Run(new GreedySearch(8)).SelectMany(round => round)];

        Assert.Contains(plans, plan => plan.Schemes.Values.All(scheme => scheme.Label == "pal1"));
    }

    [Fact]
    public void Propose_FewerPlansThanTheBudget_TakesEachOnceAndEnds()
    {
        TestSweep sweep = new([64, 128], [2, 4], (_, bits) => Math.Pow(4, -bits), plans: 50);
        int reachable = PlanPath.Build(sweep.State).Last;

        List<IReadOnlyList<Plan>> rounds = sweep.Run(SearchStrategy.For(sweep.State.Spec));

        List<Plan> all = [.. rounds.SelectMany(round => round)];
        Assert.Equal(all.Count, all.Select(plan => plan.Id).Distinct().Count());
        Assert.Equal(reachable, all.Count(plan => PlanPath.Build(sweep.State).Find(plan) > 0)); // uniform plans that lie on the sequence are not measured again
    }

    [Fact]
    public void Propose_NoLayerHasACell_ProposesNothing()
    {
        TestSweep sweep = Sweep(4);
        sweep.Cells.Clear();

        Assert.Empty(new GreedySearch(4).Propose(sweep.State));
    }
}
