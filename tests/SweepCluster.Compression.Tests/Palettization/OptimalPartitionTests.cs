using FsCheck;
using FsCheck.Fluent;
using SweepCluster.Compression.Palettization;
using SweepCluster.Numerics.Packing;

namespace SweepCluster.Compression.Tests.Palettization;

public class OptimalPartitionTests
{
    private const double Rounding = 1e-9; // of the cost of one cluster: what double precision sums may lose

    [Fact]
    public void Find_ValuesOneTwoTenEleven_CutsInTheGap()
    {
        Assert.Equal([0, 2, 4], Find(DistinctValues.Of([10f, 1f, 11f, 2f]), 2));
    }

    [Fact]
    public void Find_CountsOutweighDistance_KeepsTheFrequentValuesApart()
    {
        // {0 x100, 1 x100, 3}: apart 0 | 1, 3 costs 100/101 * 4 = 3.96; 0, 1 | 3 costs 50.
        float[] values = [.. Enumerable.Repeat(0f, 100), .. Enumerable.Repeat(1f, 100), 3f];

        Assert.Equal([0, 1, 3], Find(DistinctValues.Of(values), 2));
    }

    [Theory, InlineData(1), InlineData(7)]
    public void Find_OneClusterOrOneEach_IsTrivial(int clusters)
    {
        int[] boundaries = Find(DistinctValues.Of([1f, 2f, 4f, 8f, 16f, 32f, 64f]), clusters);

        Assert.Equal(clusters == 1 ? [0, 7] : [0, 1, 2, 3, 4, 5, 6, 7], boundaries);
    }

    // Where values lie evenly, whole ranges of k share one price, so that cuts have to be joined.
    [Fact]
    public void Find_EvenlySpacedValues_IsOptimalForEveryClusterCount()
    {
        DistinctValues distinct = DistinctValues.Of([.. Enumerable.Range(0, 40).Select(i => (float)i)]);
        for (int clusters = 1; clusters <= 40; clusters++)
        {
            int[] boundaries = Find(distinct, clusters);

            AssertCut(boundaries, 40, clusters);
            Assert.Equal(ReferencePartition.DynamicProgram(distinct, clusters), ReferencePartition.Cost(distinct, boundaries), 10);
        }
    }

    [Fact]
    public void Find_AnySmallValues_CostsWhatTheBestOfAllCutsCosts()
    {
        Gen<float> value = Gen.OneOf(
            Gen.Choose(-20, 20).Select(i => (float)i),
            Gen.Choose(-1000, 1000).Select(i => i / 7f),
            Gen.Choose(0, 24).Select(i => MathF.Pow(2, i - 12)));
        Gen<(float[], int)> inputs = Gen.ArrayOf(value, 11).SelectMany(values => Gen.Choose(1, 6).Select(clusters => (values, clusters)));

        Prop.ForAll(inputs.ToArbitrary(), input =>
        {
            (float[] values, int wanted) = input;
            DistinctValues distinct = DistinctValues.Of(values);
            int clusters = Math.Min(wanted, distinct.Values.Length);

            int[] boundaries = Find(distinct, clusters);

            AssertCut(boundaries, distinct.Values.Length, clusters);
            double best = ReferencePartition.BruteForce(distinct, clusters), whole = ReferencePartition.BruteForce(distinct, 1);
            Assert.InRange(ReferencePartition.Cost(distinct, boundaries), best * (1 - Rounding), best + (Rounding * whole));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000).WithReplay(20261120, 9));
    }

    // Importances over many magnitudes, zeros among them: a value of weight 0 is in no cluster's way.
    [Fact]
    public void Find_AnySmallWeightedValues_CostsWhatTheBestOfAllCutsCosts()
    {
        Gen<(float, float)> element = Gen.Choose(-20, 20).SelectMany(
            value => Gen.OneOf(Gen.Choose(0, 3).Select(i => (float)i), Gen.Choose(0, 30).Select(i => MathF.Pow(2, i - 15))).Select(importance => ((float)value, importance)));
        Gen<((float, float)[], int)> inputs = Gen.ArrayOf(element, 10).SelectMany(elements => Gen.Choose(1, 6).Select(clusters => (elements, clusters)));

        Prop.ForAll(inputs.ToArbitrary(), input =>
        {
            (float, float)[] weighted = [.. input.Item1.Where(element => element.Item2 > 0)];
            DistinctValues distinct = Distinct(input.Item1), heavy = weighted.Length > 0 ? Distinct(weighted) : DistinctValues.Of(Array.ConvertAll(input.Item1, element => element.Item1));
            int clusters = Math.Min(input.Item2, heavy.Values.Length);

            int[] boundaries = Find(distinct, clusters);

            AssertCut(boundaries, heavy.Values.Length, clusters);
            double best = ReferencePartition.BruteForce(heavy, clusters), whole = ReferencePartition.BruteForce(heavy, 1);
            Assert.InRange(ReferencePartition.Cost(heavy, boundaries), best * (1 - Rounding), best + (Rounding * whole));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000).WithReplay(20261120, 13));

        static DistinctValues Distinct((float, float)[] elements) =>
            DistinctValues.Of(Array.ConvertAll(elements, element => element.Item1), Array.ConvertAll(elements, element => element.Item2));
    }

    [Theory, InlineData(3), InlineData(16), InlineData(100)]
    public void Find_ManyWeightedValues_CostsWhatTheDynamicProgramFinds(int clusters)
    {
        Random random = new(6);
        float[] values = TestWeights.Normal(300, 91), importances = Array.ConvertAll(values, _ => MathF.Pow(random.NextSingle(), 4));
        DistinctValues distinct = DistinctValues.Of(values, importances);

        int[] boundaries = Find(distinct, clusters);

        double best = ReferencePartition.DynamicProgram(distinct, clusters);
        Assert.InRange(ReferencePartition.Cost(distinct, boundaries), best * (1 - Rounding), best * (1 + Rounding));
    }

    // Beside numbers this large the small importances vanish in the sums; the cut is one of those that are left.
    [Fact]
    public void Find_ImportancesThatVanishBesideOthers_LeavesTheirValuesOut()
    {
        DistinctValues distinct = DistinctValues.Of([0f, 1, 2, 3], [1e30f, 1e-30f, 1e30f, 1e-30f]);

        Assert.Equal([0, 1, 2], Find(distinct, 2));
    }

    // Every block size, window and tail comes up: many prices, the last answers kept as windows on either side.
    [Theory, InlineData("normal"), InlineData("heavy"), InlineData("uniform"), InlineData("outliers"), InlineData("steps"), InlineData("half"), InlineData("weighted")]
    public void Priced_AnyPath_CutsLikeTheScalarOne(string kind)
    {
        foreach (int count in new[] { 2, 7, 8, 9, 17, 100, 3000 })
        {
            using ClusterCosts costs = new(Draw(kind, count));
            using PricedPartition scalar = PricedPartition.Over(costs, isVector: false), vector = PricedPartition.Over(costs, isVector: true);
            double whole = costs.Cost(0, costs.Count);
            for (int step = 1; step < 40; step++)
            {
                double price = whole * Math.Pow(2, -step);
                Assert.Equal(scalar.Find(price), vector.Find(price));
                Assert.Equal(scalar.Starts, vector.Starts);
            }

            foreach (PricedPartition partition in new[] { scalar, vector })
            {
                partition.Find(whole / 64);
                partition.KeepAsUpperWindow();
                partition.Find(whole / 8);
                partition.KeepAsLowerWindow();
            }

            for (double price = whole / 64; price <= whole / 8; price *= 1.1)
            {
                int[] cut = scalar.Find(price);
                Assert.Equal(cut, vector.Find(price));
                using PricedPartition unbounded = PricedPartition.Over(costs);
                Assert.Equal(unbounded.Find(price), cut);
            }
        }
    }

    public static TheoryData<int, int, string> Distributions()
    {
        TheoryData<int, int, string> cases = [];
        foreach (string kind in new[] { "normal", "heavy", "uniform", "outliers", "steps", "half", "modes", "weighted" })
        {
            foreach (int clusters in new[] { 2, 3, 4, 8, 16, 64, 200, 256 })
            {
                cases.Add(250, clusters, kind);
            }

            cases.Add(700, 2, kind); // enough values for the price to be found among every second boundary first
            cases.Add(700, 16, kind);
        }

        return cases;
    }

    [Theory, MemberData(nameof(Distributions))]
    public void Find_ManyValues_CostsWhatTheDynamicProgramFinds(int count, int wanted, string kind)
    {
        DistinctValues distinct = Draw(kind, count);
        int clusters = Math.Min(wanted, distinct.Values.Length);

        int[] boundaries = Find(distinct, clusters);

        AssertCut(boundaries, distinct.Values.Length, clusters);
        double best = ReferencePartition.DynamicProgram(distinct, clusters);
        Assert.InRange(ReferencePartition.Cost(distinct, boundaries), best * (1 - Rounding), best * (1 + Rounding));
    }

    // So many that the price is sought among every few boundaries first, and those of the answer are others.
    [Theory]
    [InlineData(4, "normal"), InlineData(16, "normal"), InlineData(4, "heavy"), InlineData(16, "heavy"), InlineData(4, "uniform"), InlineData(16, "uniform")]
    [InlineData(4, "outliers"), InlineData(16, "outliers"), InlineData(4, "modes"), InlineData(16, "modes"), InlineData(4, "weighted"), InlineData(16, "weighted")]
    public void Find_ThreeThousandValues_CostsWhatTheDynamicProgramFinds(int clusters, string kind)
    {
        DistinctValues distinct = Draw(kind, 3000);

        int[] boundaries = Find(distinct, clusters);

        AssertCut(boundaries, distinct.Values.Length, clusters);
        double best = ReferencePartition.DynamicProgramOnSums(distinct, clusters, out double rounding);
        Assert.InRange(ReferencePartition.Cost(distinct, boundaries), best - rounding, (best * (1 + Rounding)) + rounding);
    }

    [Fact]
    public void Find_Cancelled_Throws()
    {
        using ClusterCosts costs = new(DistinctValues.Of(TestWeights.Normal(100, 1)));

        Assert.Throws<OperationCanceledException>(() => OptimalPartition.Find(costs, 8, new CancellationToken(canceled: true)));
    }

    private static DistinctValues Draw(string kind, int count)
    {
        float[] normal = TestWeights.Normal(count, 77);
        Random random = new(78);
        return kind switch
        {
            "normal" => DistinctValues.Of(normal),
            "heavy" => DistinctValues.Of(Array.ConvertAll(normal, value => value * value * value)),
            "uniform" => DistinctValues.Of(Array.ConvertAll(normal, _ => random.NextSingle())),
            "outliers" => DistinctValues.Of([-60000f, -59990f, 65504f, .. normal]),
            "weighted" => DistinctValues.Of(normal, Array.ConvertAll(normal, _ => MathF.Pow(random.NextSingle(), 3))),
            "modes" => DistinctValues.Of([.. normal.Select((value, i) => (i % 5) + value), .. new[] { 1e6f, 1e7f }]),
            "steps" => DistinctValues.Of(Array.ConvertAll(normal, value => MathF.Round(value * 1000) / 64)),
            _ => DistinctValues.Of(Array.ConvertAll(TestWeights.Normal(count, 79), value => (Half)value)),
        };
    }

    private static int[] Find(DistinctValues distinct, int clusters)
    {
        using ClusterCosts costs = new(distinct);
        return OptimalPartition.Find(costs, clusters, CancellationToken.None);
    }

    private static void AssertCut(int[] boundaries, int count, int clusters)
    {
        Assert.Equal(clusters + 1, boundaries.Length);
        Assert.Equal((0, count), (boundaries[0], boundaries[^1]));
        for (int i = 1; i < boundaries.Length; i++)
        {
            Assert.True(boundaries[i] > boundaries[i - 1]);
        }
    }
}
