using System.Collections.Immutable;
using SweepCluster.Graphs.Schemes;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Frontiers;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Search;
using SweepCluster.Sweeps.Spaces;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Sweeps.Summaries;
using SweepCluster.Sweeps.Tests.Fixtures;
using SweepCluster.Sweeps.Trials;

namespace SweepCluster.Sweeps.Tests.Summaries;

public class SummaryBuilderTests
{
    private static readonly Provenance s_provenance = TestSummary.Of().Provenance;

    private static TestSweep Finished(double? maxDrop)
    {
        TestSweep sweep = new([2304, 9216, 640], [1, 2, 4, 8], (layer, bits) => (layer + 1) * 0.2 * Math.Pow(4, -bits), plans: 8, maxDrop);
        sweep.Run(SearchStrategy.For(sweep.State.Spec));
        return sweep;
    }

    // What the choice measured, as if the confirmation had come out the same.
    private static Dictionary<string, TrialResult> Confirm(SearchState state) => Confirmation.Select(state).Append(Plan.Baseline)
        .ToDictionary(plan => plan.Id, plan => state.Trials[plan.Id] with { Range = SampleRange.Confirm });

    [Fact]
    public void Build_FinishedSweep_ListsTrialsInProposalOrderWithRatioAndFrontier()
    {
        TestSweep sweep = Finished(0.02);
        SearchState state = sweep.State;

        SweepSummary summary = SummaryBuilder.Build(state, Confirm(state), s_provenance, ["raised"]);

        Assert.Equal(state.Plans.Select(plan => plan.Id), summary.Trials.Select(trial => trial.Id));
        Assert.Equal(["raised", SummaryBuilder.NotValidated], summary.Notices.ToArray());
        Assert.All(summary.Trials, trial => Assert.Equal((double)summary.Baseline.SizeBytes / trial.SizeBytes, trial.CompressionRatio));
        Assert.Equal(new Estimate(0, 0, 0, 1000), summary.Baseline.Choice!.Drop);
        foreach (TrialSummary trial in summary.Trials)
        {
            bool beaten = summary.Trials.Append(summary.Baseline).Any(other =>
                other.SizeBytes <= trial.SizeBytes && other.Choice!.Drop.Value <= trial.Choice!.Drop.Value
                && (other.SizeBytes < trial.SizeBytes || other.Choice.Drop.Value < trial.Choice.Drop.Value));
            Assert.Equal(!beaten, trial.OnFrontier);
            Assert.True(!trial.OnFrontier || trial.Confirm is not null);
        }

        Assert.Contains(summary.Trials, trial => trial.BeatsUniform);
        Assert.All(summary.Trials.Where(trial => trial.BeatsUniform), trial => Assert.Equal(PlanKind.Mixed, trial.Kind));
    }

    [Fact]
    public void Build_TheSafestPlanFailsOnTheConfirmationSamples_ProvesNothing()
    {
        SearchState state = Finished(0.02).State;
        Dictionary<string, TrialResult> confirmations = Confirm(state);
        string safest = SummaryBuilder.Build(state, confirmations, s_provenance, []).Recommendation.Tested[0];
        confirmations[safest] = confirmations[safest] with { Tally = null, Failure = "found NaN." };

        Recommendation recommendation = SummaryBuilder.Build(state, confirmations, s_provenance, []).Recommendation;

        Assert.Null(recommendation.ProvenTrial);
        Assert.Equal([safest], recommendation.Tested.ToArray());
    }

    [Fact]
    public void Build_WithAGoal_RecommendsWhatIsProven()
    {
        SearchState state = Finished(0.02).State;

        SweepSummary summary = SummaryBuilder.Build(state, Confirm(state), s_provenance, []);

        TrialSummary proven = summary.Trials.Single(trial => trial.Id == summary.Recommendation.ProvenTrial);
        Assert.True(proven.Confirm!.Drop.High <= 0.02);
        Assert.Equal(summary.Trials.Where(trial => trial.Confirm?.Drop.High <= 0.02).Min(trial => trial.SizeBytes), proven.SizeBytes);
        Assert.Equal(summary.Recommendation.Explanation, Recommender.ForMaxDrop(summary, 0.02).Explanation);
    }

    [Fact]
    public void Build_WithoutAGoal_RecommendsNothing()
    {
        SearchState state = Finished(null).State;

        Recommendation recommendation = SummaryBuilder.Build(state, Confirm(state), s_provenance, []).Recommendation;

        Assert.Null(recommendation.ProvenTrial);
        Assert.Null(recommendation.NearestTrial);
        Assert.StartsWith("No accepted drop is stated", recommendation.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_Sensitivities_HoldProbesFailuresAndRefusals()
    {
        TestSweep sweep = Finished(0.02);
        string one = new PalettizeScheme(1, 0).Canonical, two = new PalettizeScheme(2, 0).Canonical, four = new PalettizeScheme(4, 0).Canonical;
        sweep.Cells[("layer00", one)] = sweep.Cells[("layer00", one)] with { Failure = "holds NaN" };
        sweep.Probes[("layer00", two)] = sweep.Probes[("layer00", two)] with { Tally = null, Failure = "output is NaN" };
        SearchState state = sweep.State;
        state = state with { Space = state.Space with { Refusals = [new Refusal("layer01", new PalettizeScheme(1, 0), "does not divide")] } };

        ImmutableArray<SensitivitySummary> entries = SummaryBuilder.Build(state, Confirm(state), s_provenance, []).Sensitivities;

        Assert.Equal(12, entries.Length);
        Assert.Equal((null, "holds NaN"), (entries[0].PayloadBytes, entries[0].Reason));
        Assert.Equal((576L, "output is NaN"), (entries[1].PayloadBytes, entries[1].Reason));
        SensitivitySummary probed = entries[2];
        Assert.Equal(("layer00", four, 1152L, null), (probed.Layer, probed.Scheme, probed.PayloadBytes, probed.Reason));
        Assert.Equal(0.2 / 256, probed.Kl!.Value, 12);
        Assert.Equal(10 * Math.Log10(256 / 0.2), probed.SqnrDecibels!.Value, 9); // the fixture's relative error is the divergence
        Assert.Equal(1, probed.Agreement!.Value);
        Assert.Equal(0, probed.Drop!.Value);
        Assert.Equal(("layer01", "does not divide"), (entries[4].Layer, entries[4].Reason));
    }

    [Fact]
    public void Build_FailedAndMissingTrials_AreListedAndLeftOut()
    {
        SearchState state = Finished(0.02).State;
        Dictionary<string, TrialResult> trials = new(state.Trials);
        trials[state.Plans[0].Id] = trials[state.Plans[0].Id] with { Tally = null, Failure = "out of memory" };
        trials.Remove(state.Plans[1].Id);

        SweepSummary summary = SummaryBuilder.Build(state with { Trials = trials }, new Dictionary<string, TrialResult>(), s_provenance, []);

        Assert.Equal(state.Plans.Length - 1, summary.Trials.Length);
        Assert.Equal(("out of memory", null, false), (summary.Trials[0].Failure, summary.Trials[0].Choice, summary.Trials[0].OnFrontier));
    }

    [Fact]
    public void Select_PlanThatChanceBeatButThatIsTheSafestOfItsSize_IsConfirmedToo()
    {
        // On 1,000 samples: the large plan loses 4 and gains 0, the small one loses 30 and gains 27. The small one measured better, the large one is safer.
        SearchState state = Finished(0.02).State;
        static OutcomeTally Tally(int lost, int gained) => new() { Samples = 1000, Top1 = new PairedCounts(900 - lost, lost, gained, 100 - gained), Top5 = new PairedCounts(1000, 0, 0, 0) };
        Plan large = state.Plans[0], small = state.Plans[1], worse = state.Plans[2];
        TrialResult Result(Plan plan, long bytes, OutcomeTally tally) => state.Trials[plan.Id] with { SizeBytes = bytes, Tally = tally };
        state = state with
        {
            Spec = state.Spec with { Objective = state.Spec.Objective with { Metric = "top1" } },
            Plans = [large, small, worse],
            Trials = new Dictionary<string, TrialResult>
            {
                [Plan.Baseline.Id] = Result(Plan.Baseline, 1000, Tally(0, 0)),
                [large.Id] = Result(large, 500, Tally(4, 0)),
                [small.Id] = Result(small, 400, Tally(30, 27)),
                [worse.Id] = Result(worse, 600, Tally(10, 0)),
            },
        };

        Assert.Equal([large.Id, small.Id], Confirmation.Select(state).Select(plan => plan.Id));
    }

    [Fact]
    public void Select_NoConfirmationSamplesOrACommand_ConfirmsNothing()
    {
        SearchState state = Finished(0.02).State;

        Assert.NotEmpty(Confirmation.Select(state));
        Assert.Empty(Confirmation.Select(state with { Spec = state.Spec with { Samples = new SamplesSpec(10, 10, 0) } }));
        Assert.Empty(Confirmation.Select(state with { Spec = state.Spec with { Objective = state.Spec.Objective with { Command = ["run {model}"] } } }));
    }

    [Fact]
    public void Summarize_ACommandsFigures_GivesTheLossInTheDirectionOfTheMetric()
    {
        static TrialResult Result(double value) => new(
            "p", SampleRange.Choice, 1, "", null, ImmutableSortedDictionary<string, Estimate>.Empty.Add("mAP", new Estimate(value, value, value, 0)), null);
        ObjectiveSpec higher = new("mAP", true, null, ["run {model}"], TimeSpan.FromMinutes(1));

        Assert.Equal(0.25, TrialMetrics.Summarize(Result(0.5), Result(0.75), higher)!.Drop.Value);
        Assert.Equal(-0.25, TrialMetrics.Summarize(Result(0.5), Result(0.75), higher with { Higher = false })!.Drop.Value);
        Assert.Null(TrialMetrics.Summarize(Result(0.5) with { Failure = "broke" }, Result(0.75), higher));
        Assert.Null(TrialMetrics.Summarize(Result(0.5), Result(0.75), higher with { Metric = "other" }));
    }
}
