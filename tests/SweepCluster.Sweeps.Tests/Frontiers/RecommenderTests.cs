using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Frontiers;
using SweepCluster.Sweeps.Summaries;
using SweepCluster.Sweeps.Tests.Fixtures;

namespace SweepCluster.Sweeps.Tests.Frontiers;

public class RecommenderTests
{
    [Fact]
    public void ForMaxDrop_SequenceOfTests_StopsAtTheFirstFailure()
    {
        // Safest first by the choice: a, b, c, d. d would pass, but c fails before it.
        SweepSummary summary = TestSummary.Of(
            TestSummary.Trial("d", 100_000, 0.004, 0.009, 0.001, 0.005),
            TestSummary.Trial("c", 200_000, 0.003, 0.008, 0.008, 0.015),
            TestSummary.Trial("a", 500_000, 0.000, 0.004, 0.001, 0.004),
            TestSummary.Trial("b", 400_000, 0.001, 0.006, 0.002, 0.007));

        Recommendation recommendation = Recommender.ForMaxDrop(summary, 0.01);

        Assert.Equal("id-b", recommendation.ProvenTrial);
        Assert.Null(recommendation.NearestTrial);
        Assert.Equal(["id-a", "id-b", "id-c"], recommendation.Tested.ToArray());
        Assert.Equal(
            "b is 2.5 times smaller, and proven to lose at most 1 point of top1: on 1,000 samples that the choice did not see, it loses 0.2 points, at most 0.7 points. It is the smallest of 2 plans that were proven; all these claims hold together with 97.5 % confidence. The next in order, c, was not (at most 1.5 points), and what stands behind it is not claimed.",
            recommendation.Explanation);
    }

    // Who reads results as they end meets them in another order than who reads them all.
    [Fact]
    public void ForMaxDrop_PlansEqualInSizeAndBound_ChoosesTheSameInEveryOrder()
    {
        TrialSummary first = TestSummary.Trial("a", 500_000, 0.001, 0.004, 0.001, 0.004), second = TestSummary.Trial("b", 500_000, 0.000, 0.004, 0.002, 0.006);

        Assert.Equal("id-a", Recommender.ForMaxDrop(TestSummary.Of(first, second), 0.01).ProvenTrial);
        Assert.Equal("id-a", Recommender.ForMaxDrop(TestSummary.Of(second, first), 0.01).ProvenTrial);
    }

    [Fact]
    public void ForMaxDrop_APlanThatFailedOnTheConfirmationSamples_EndsTheSequence()
    {
        // b gave NaN on the confirmation samples: it was tested and did not pass, so c behind it is not claimed though its bound is small.
        SweepSummary summary = TestSummary.Of(
            TestSummary.Trial("a", 500_000, 0.000, 0.004, 0.001, 0.004),
            TestSummary.Trial("b", 400_000, 0.001, 0.006) with { Failure = "sample 7: found NaN, expected a finite output." },
            TestSummary.Trial("c", 300_000, 0.002, 0.007, 0.001, 0.003));

        Recommendation recommendation = Recommender.ForMaxDrop(summary, 0.01);

        Assert.Equal("id-a", recommendation.ProvenTrial);
        Assert.Equal(["id-a", "id-b"], recommendation.Tested.ToArray());
    }

    [Fact]
    public void ForMaxDrop_TheSafestFailedOnTheConfirmationSamples_SaysSo()
    {
        SweepSummary summary = TestSummary.Of(
            TestSummary.Trial("a", 500_000, 0.000, 0.004) with { Failure = "found NaN." },
            TestSummary.Trial("b", 400_000, 0.001, 0.006, 0.001, 0.003));

        Recommendation recommendation = Recommender.ForMaxDrop(summary, 0.01);

        Assert.Equal((null, "id-b"), (recommendation.ProvenTrial, recommendation.NearestTrial));
        Assert.Equal(["id-a"], recommendation.Tested.ToArray());
        Assert.Equal(
            "No plan is proven to lose at most 1 point of top1: a, which is tested first, failed on the samples that the choice did not see (found NaN), and what stands behind it is not claimed; the nearest, b, loses 0.1 points on 1,000 samples that the choice did not see, at most 0.3 points.",
            recommendation.Explanation);
    }

    [Fact]
    public void ForMaxDrop_EveryPlanFailedOnTheConfirmationSamples_NamesTheFirst()
    {
        Recommendation recommendation = Recommender.ForMaxDrop(
            TestSummary.Of(TestSummary.Trial("a", 500_000, 0.000, 0.004) with { Failure = "found NaN." }), 0.01);

        Assert.Equal((null, "id-a"), (recommendation.ProvenTrial, recommendation.NearestTrial));
        Assert.Equal("No plan is proven to lose at most 1 point of top1: a, which is tested first, failed on the samples that the choice did not see (found NaN).", recommendation.Explanation);
    }

    [Fact]
    public void ForMaxDrop_TheSafestLosesTooMuch_SaysWhyASmallerBoundIsNotClaimed()
    {
        SweepSummary summary = TestSummary.Of(
            TestSummary.Trial("a", 500_000, 0.000, 0.004, 0.01, 0.02),
            TestSummary.Trial("b", 400_000, 0.001, 0.006, 0.001, 0.003));

        Assert.Equal(
            "No plan is proven to lose at most 1 point of top1: a, which is tested first, loses up to 2 points, and what stands behind it is not claimed; the nearest, b, loses 0.1 points on 1,000 samples that the choice did not see, at most 0.3 points.",
            Recommender.ForMaxDrop(summary, 0.01).Explanation);
    }

    [Fact]
    public void ForMaxDrop_AMean_IsCalledApproximate()
    {
        // Student's interval of a skewed mean misses more often than it states, so no confidence is named.
        SweepSummary summary = TestSummary.Of(
            TestSummary.Trial("a", 500_000, 0.000, 0.004, 0.001, 0.004),
            TestSummary.Trial("b", 400_000, 0.001, 0.006, 0.002, 0.007)) with
        { Metric = "kl" };

        Assert.Equal(
            "b is 2.5 times smaller, and shown to lose at most 0.01 nats of kl: on 1,000 samples that the choice did not see, it loses 0.002 nats, at most 0.007 nats. It is the smallest of 2 plans that passed. The bound of a mean is approximate: where a few samples lose much more than the rest, it is too low more often than in 2.5 % of cases.",
            Recommender.ForMaxDrop(summary, 0.01).Explanation);
    }

    [Fact]
    public void ForMaxDrop_OrderOfTests_DependsOnTheChoiceAlone()
    {
        // The smallest proven is not the last tested: among the proven the smallest is recommended.
        SweepSummary summary = TestSummary.Of(
            TestSummary.Trial("small", 100_000, 0.000, 0.003, 0.001, 0.009),
            TestSummary.Trial("large", 500_000, 0.001, 0.004, 0.000, 0.002));

        Recommendation recommendation = Recommender.ForMaxDrop(summary, 0.01);

        Assert.Equal("id-small", recommendation.ProvenTrial);
        Assert.Equal(["id-small", "id-large"], recommendation.Tested.ToArray());
    }

    [Fact]
    public void ForMaxDrop_PlansThatSaveNothingOrWereNotConfirmed_AreNoCandidates()
    {
        SweepSummary summary = TestSummary.Of(
            TestSummary.Trial("grown", 1_000_001, -0.001, 0.001, 0, 0.001),
            TestSummary.Trial("seen", 100_000, 0.000, 0.002),
            TestSummary.Trial("good", 300_000, 0.001, 0.005, 0.001, 0.008));

        Assert.Equal(["id-good"], Recommender.ForMaxDrop(summary, 0.01).Tested.ToArray());
    }

    [Fact]
    public void ForMaxDrop_GoalBelowWhatTheSamplesCanShow_SaysHowManyItTakes()
    {
        SweepSummary summary = TestSummary.Of(TestSummary.Trial("a", 500_000, 0, 0.004, 0, 0.0038267));

        Recommendation recommendation = Recommender.ForMaxDrop(summary, 0.001);

        // Wilson's bound of no event in n samples is z^2 / (n + z^2), z = 1.96: 0.383 points at 1,000; 0.1 points from 3,838 on.
        Assert.Null(recommendation.ProvenTrial);
        Assert.Equal("id-a", recommendation.NearestTrial);
        Assert.Equal(
            "No plan is proven to lose at most 0.1 points of top1: with 1,000 samples even an unchanged model's bound is 0.38 points (it takes 3,838 to prove so little); the nearest, a, loses 0 points on 1,000 samples that the choice did not see, at most 0.38 points.",
            recommendation.Explanation);
        Assert.True(Intervals.PairedDifference(0, 0, 3838).High <= 0.001);
        Assert.True(Intervals.PairedDifference(0, 0, 3837).High > 0.001);
    }

    [Fact]
    public void ForMaxDrop_AllTooLossy_NamesTheNearest()
    {
        SweepSummary summary = TestSummary.Of(
            TestSummary.Trial("b", 400_000, 0.001, 0.004, 0.02, 0.03),
            TestSummary.Trial("a", 500_000, 0.001, 0.005, 0.01, 0.02));

        Recommendation recommendation = Recommender.ForMaxDrop(summary, 0.01);

        Assert.Equal(("id-a", 1), (recommendation.NearestTrial, recommendation.Tested.Length));
        Assert.Equal(
            "No plan is proven to lose at most 1 point of top1: the nearest, a, loses 1 point on 1,000 samples that the choice did not see, at most 2 points.",
            recommendation.Explanation);
    }

    [Fact]
    public void ForMaxDrop_NoConfirmation_SaysSo() => Assert.Equal(
        "No plan is proven to lose at most 1 point of top1: no samples were kept for confirmation (samples.confirm). The nearest, a, loses 0.1 points on the samples of the choice, at most 0.5 points.",
        Recommender.ForMaxDrop(TestSummary.Of(TestSummary.Trial("a", 500_000, 0.001, 0.005)), 0.01).Explanation);

    [Fact]
    public void ForMaxDrop_FiguresWithoutIntervals_ProveNothing()
    {
        SweepSummary summary = TestSummary.Of(
            TestSummary.Trial("a", 500_000, 0.1, 0.1, samples: 0), TestSummary.Trial("b", 400_000, 0.4, 0.4, samples: 0), TestSummary.Trial("c", 300_000, 0.6, 0.6, samples: 0)) with
        { Metric = "mAP" };

        Recommendation recommendation = Recommender.ForMaxDrop(summary, 0.5);

        Assert.Equal("id-b", recommendation.NearestTrial);
        Assert.Equal("No plan is proven to lose at most 0.5 of mAP: a command's figures have no interval. The nearest, b, was measured to lose 0.4.", recommendation.Explanation);
    }

    [Fact]
    public void ForMaxDrop_NothingFinished_SaysSo()
    {
        TrialSummary failed = TestSummary.Trial("a", 0, 0, 0) with { Choice = null, Failure = "broke" };

        Assert.Equal("No plan is proven: no trial finished.", Recommender.ForMaxDrop(TestSummary.Of(failed), 0.01).Explanation);
    }

    [Theory]
    [InlineData(300_000, "id-b")]
    [InlineData(250_000, "id-c")]
    [InlineData(99_999, null)]
    public void ForMaxSize_ALimit_GivesTheBestThatFits(long limit, string? id)
    {
        SweepSummary summary = TestSummary.Of(
            TestSummary.Trial("a", 500_000, 0, 0.01), TestSummary.Trial("b", 300_000, 0.001, 0.02), TestSummary.Trial("c", 200_000, 0.002, 0.02), TestSummary.Trial("d", 100_000, 0.1, 0.2));

        Assert.Equal(id, Recommender.ForMaxSize(summary, limit)?.Id);
    }
}
