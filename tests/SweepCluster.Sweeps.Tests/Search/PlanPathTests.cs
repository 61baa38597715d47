using SweepCluster.Graphs.Schemes;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Search;
using SweepCluster.Sweeps.Tests.Fixtures;

namespace SweepCluster.Sweeps.Tests.Search;

public class PlanPathTests
{
    private static readonly int[] s_bits = [2, 4, 6, 8];

    private static Plan At(PlanPath path, int steps) => Plan.Create(PlanKind.Mixed, "", path.SchemesAt(steps));

    // Every whole-model plan of the sweep, untouched layers included.
    private static IEnumerable<Plan> All(TestSweep sweep)
    {
        IEnumerable<KeyValuePair<string, Scheme>[]> plans = [[]];
        foreach (string name in sweep.State.Space.Layers.Select(layer => layer.Name))
        {
            plans = plans.SelectMany(plan => sweep.State.Spec.Schemes.Append(new UntouchedScheme()).Select(scheme => plan.Append(new(name, scheme)).ToArray()));
        }

        return plans.Select(plan => Plan.Create(PlanKind.Mixed, "", plan));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Build_AnyDamages_EachPlanIsTheBestOfItsSizeAmongAll(int seed)
    {
        Random random = new(seed);
        double[,] damages = new double[4, 9];
        for (int layer = 0; layer < 4; layer++)
        {
            foreach (int bits in s_bits)
            {
                damages[layer, bits] = random.NextDouble() * Math.Pow(4, -bits) * 100; // in no particular order: some points lie above the hull
            }
        }

        TestSweep sweep = new([640, 1280, 6400, 64], s_bits, (layer, bits) => damages[layer, bits], plans: 1);
        PlanPath path = PlanPath.Build(sweep.State);
        List<Plan> all = [.. All(sweep)];

        for (int steps = 0; steps <= path.Last; steps++)
        {
            Plan plan = At(path, steps);
            Assert.Equal(sweep.BytesOf(plan), path.Bytes[steps]);
            Assert.Equal(sweep.DamageOf(plan), path.Damages[steps], 12);
            double least = all.Where(other => sweep.BytesOf(other) <= path.Bytes[steps]).Min(sweep.DamageOf);
            Assert.Equal(least, path.Damages[steps], 12);
        }

        Assert.Equal(all.Min(sweep.BytesOf), path.Bytes[path.Last]);
    }

    // Two layers of 128 bytes untouched. Worked by hand: prices a byte are 1/96 and 9/16 for the first layer's steps, 2/96 and 3/16 for the second's.
    [Fact]
    public void Build_WorkedByHand_TakesTheCheapestByteFirst()
    {
        double[][] damages = [[0, 0, 10, 0, 1], [0, 0, 5, 0, 2]];
        TestSweep sweep = new([64, 64], [2, 4], (layer, bits) => damages[layer][bits], plans: 1);

        PlanPath path = PlanPath.Build(sweep.State);

        Assert.Equal([1256, 1160, 1064, 1048, 1032], path.Bytes.ToArray());
        Assert.Equal([0, 1, 3, 6, 15], path.Damages.ToArray());
        Assert.Equal("layer00: palettize(mode=kmeans, nbits=4, granularity=per_tensor)\nlayer01: palettize(mode=kmeans, nbits=2, granularity=per_tensor)\n", At(path, 3).Canonical);
    }

    [Fact]
    public void Build_OptionsAboveTheHull_AreLeftOut()
    {
        // 4 bits cost more than the line from untouched to 2 bits: no price makes them best.
        TestSweep sweep = new([64], [2, 4], (_, bits) => bits == 2 ? 1 : 0.95, plans: 1);

        PlanPath path = PlanPath.Build(sweep.State);

        Assert.Equal(1, path.Last);
        Assert.Equal("pal2", path.SchemesAt(1)["layer00"].Label);
    }

    [Fact]
    public void Build_EqualPrices_GoInOrderOfLayers()
    {
        TestSweep sweep = new([64, 64, 64], [4], (_, _) => 0.5, plans: 1);

        PlanPath path = PlanPath.Build(sweep.State);

        Assert.Equal(["layer00"], path.SchemesAt(1).Keys);
        Assert.Equal(["layer00", "layer01"], path.SchemesAt(2).Keys);
    }

    [Fact]
    public void Build_FailedCellsAndProbesAndNonFiniteDivergences_AreNoOptions()
    {
        TestSweep sweep = new([64, 64], [2, 4, 6], (_, bits) => bits == 6 ? double.PositiveInfinity : 1d / bits, plans: 1);
        string two = new PalettizeScheme(2, 0).Canonical, four = new PalettizeScheme(4, 0).Canonical;
        sweep.Cells[("layer00", two)] = sweep.Cells[("layer00", two)] with { Failure = "holds NaN" };
        sweep.Probes[("layer01", two)] = sweep.Probes[("layer01", two)] with { Tally = null, Failure = "holds NaN" };
        sweep.Probes.Remove(("layer01", four));

        PlanPath path = PlanPath.Build(sweep.State);

        Assert.Equal("layer00: palettize(mode=kmeans, nbits=4, granularity=per_tensor)\n", At(path, path.Last).Canonical);
    }

    [Fact]
    public void Build_WithoutProbes_GoesByTheErrorOfTheWeights()
    {
        double Damage(int layer, int bits) => (layer + 1) * Math.Pow(4, -bits);
        PlanPath probed = PlanPath.Build(new TestSweep([640, 64], s_bits, Damage, plans: 1).State);
        PlanPath unprobed = PlanPath.Build(new TestSweep([640, 64], s_bits, Damage, plans: 1, probes: false).State);

        Assert.True(probed.IsNats);
        Assert.False(unprobed.IsNats);
        Assert.Equal(probed.Bytes.ToArray(), unprobed.Bytes.ToArray());
    }

    [Fact]
    public void Find_PlansOnAndBesideTheSequence_AreToldApart()
    {
        TestSweep sweep = new([640, 1280, 64], s_bits, (layer, bits) => (layer + 1) * Math.Pow(4, -bits), plans: 1);
        PlanPath path = PlanPath.Build(sweep.State);
        HashSet<string> on = [.. Enumerable.Range(0, path.Last + 1).Select(steps => At(path, steps).Id)];

        for (int steps = 0; steps <= path.Last; steps++)
        {
            Assert.Equal(steps, path.Find(At(path, steps)));
        }

        Assert.All(All(sweep).Where(plan => !on.Contains(plan.Id)), plan => Assert.Null(path.Find(plan)));
    }
}
