using SweepCluster.Graphs;
using SweepCluster.Numerics.Randomness;
using SweepCluster.Sweeps.Evaluation;

namespace SweepCluster.Sweeps.Tests.Evaluation;

public sealed class SampleSplitTests
{
    [Fact]
    public void Next_Seed1234567_GivesThePublishedSequence()
    {
        SplitMix64 random = new(1234567); // Rosetta Code, "Pseudo-random numbers/Splitmix64"

        Assert.Equal(
            [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821],
            Enumerable.Range(0, 5).Select(_ => random.Next()).ToArray());
    }

    [Fact]
    public void NextBelow_BoundThatRejectsHalf_GivesOnlyAccepted()
    {
        SplitMix64 random = new(7);

        // From a separate program in Python: products accepted where their lower half is at least 2^64 mod bound.
        Assert.Equal(
            [3595544800446187243, 8308050873407804673, 2300599727732774152, 1238314238945538992, 3810556812210252212],
            Enumerable.Range(0, 5).Select(_ => random.NextBelow((1UL << 63) + 1)).ToArray());
    }

    [Theory]
    [InlineData(42, new[] { 8, 3, 6, 5, 4, 0, 9, 2, 1, 7 })]
    [InlineData(-1, new[] { 6, 7, 0, 3, 5, 4, 2, 1, 9, 8 })]
    [InlineData(0, new[] { 4, 9, 2, 5, 1, 7, 6, 0, 3, 8 })]
    public void Shuffle_Seed_GivesTheOrderOfASeparateProgram(long seed, int[] expected)
    {
        Assert.Equal(expected, SampleOrder.Shuffle(10, seed));
    }

    [Fact]
    public void Shuffle_ManySeeds_PutsEachSampleEverywhereEquallyOften()
    {
        const int Seeds = 24_000;
        int[] counts = new int[24];
        for (int seed = 0; seed < Seeds; seed++)
        {
            int[] order = SampleOrder.Shuffle(4, seed);
            int rank = (order[0] * 6) + ((order[1] - (order[1] > order[0] ? 1 : 0)) * 2) + (order[2] > order[3] ? 1 : 0);
            counts[rank]++;
        }

        double chiSquare = counts.Sum(count => (count - 1000d) * (count - 1000d) / 1000d);
        Assert.True(chiSquare < 49.7, $"chi-square {chiSquare}"); // 99.9 % quantile of 23 degrees of freedom
    }

    [Fact]
    public void Create_Parts_AreDisjointAndProbesComeFirst()
    {
        SampleSplit split = SampleSplit.Create(100, 5, 10, 60, 30);

        Assert.Equal((10, 60, 30), (split.Probe.Length, split.Choice.Length, split.Confirm.Length));
        Assert.Equal(split.Probe.ToArray(), split.Choice.ToArray().Take(10));
        Assert.Equal(90, split.Choice.ToArray().Concat(split.Confirm.ToArray()).Distinct().Count());
        Assert.Equal(SampleOrder.Shuffle(100, 5).Take(60), split.Choice.ToArray());
        Assert.Equal(SampleOrder.Shuffle(100, 5).Reverse().Take(30), split.Confirm.ToArray());
    }

    [Fact]
    public void Create_MoreOfEachPart_KeepsWhatFewerHadInItsPlace()
    {
        SampleSplit fewer = SampleSplit.Create(100, 5, 10, 40, 20), more = SampleSplit.Create(100, 5, 30, 65, 35);

        Assert.Equal(fewer.Probe.ToArray(), more.Probe.ToArray().Take(10));
        Assert.Equal(fewer.Choice.ToArray(), more.Choice.ToArray().Take(40));
        Assert.Equal(fewer.Confirm.ToArray(), more.Confirm.ToArray().Take(20));
        Assert.Empty(more.Choice.ToArray().Intersect(more.Confirm.ToArray()));
    }

    [Theory]
    [InlineData(10, 60, 41, "samples: found 60 for the choice and 41 for the confirmation, expected at least 1 and 0, together at most the 100 of the data.")]
    [InlineData(0, 0, 10, "samples: found 0 for the choice and 10 for the confirmation, expected at least 1 and 0, together at most the 100 of the data.")]
    [InlineData(0, int.MaxValue, int.MaxValue, "samples: found 2147483647 for the choice and 2147483647 for the confirmation, expected at least 1 and 0, together at most the 100 of the data.")]
    [InlineData(61, 60, 40, "samples: found 61 for a probe, expected 0 to 60, the samples of the choice that it is a part of.")]
    public void Create_PartsThatDoNotFit_SaysWhy(int probe, int choice, int confirm, string message)
    {
        Assert.Equal(message, Assert.Throws<BadInputException>(() => SampleSplit.Create(100, 1, probe, choice, confirm)).Message);
    }
}
