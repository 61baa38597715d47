using SweepCluster.Reports.Findings;
using SweepCluster.Reports.Tests.Sample;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Reports.Tests.Findings;

public sealed class FindingsTests
{
    private static readonly TrialSummary s_any = SampleSummary.Create().Trials[0];

    [Fact]
    public void MixedGain_UniformPlansThatAreNoLarger_IsHeldAgainstTheBest()
    {
        SweepSummary summary = With(
            Plan("pal3", PlanKind.Uniform, 150_000, 0.80),
            Plan("pal4", PlanKind.Uniform, 200_000, 0.85),
            Plan("pal6", PlanKind.Uniform, 300_000, 0.870),
            Plan("mixed-07", PlanKind.Mixed, 237_000, 0.868) with { BeatsUniform = true });

        MixedGain gain = Assert.Single(MixedGain.Find(summary));

        Assert.Equal("pal4", gain.Rival!.Label);
        Assert.Equal(0.018, gain.Gain, 12);
        Assert.Equal(
            "mixed-07 (237 KB) has 86.80 %; the best uniform plan that is no larger, pal4 (200 KB), has 85.00 %.", gain.Sentence(summary).Replace('\u00A0', ' '));
    }

    [Fact]
    public void MixedGain_SmallerThanAll_HasNoRival()
    {
        SweepSummary summary = With(Plan("pal8", PlanKind.Uniform, 400_000, 0.860), Plan("mixed-01", PlanKind.Mixed, 100_000, 0.83) with { BeatsUniform = true });

        Assert.Equal(
            "mixed-01 (100 KB) has 83.00 %; no uniform plan is so small.", Assert.Single(MixedGain.Find(summary)).Sentence(summary).Replace('\u00A0', ' '));
    }

    [Fact]
    public void MixedGain_LowerIsBetter_ComparesTheOtherWay()
    {
        SweepSummary summary = With(
            Plan("pal4", PlanKind.Uniform, 200_000, 0.30),
            Plan("pal6", PlanKind.Uniform, 300_000, 0.10),
            Plan("mixed-01", PlanKind.Mixed, 350_000, 0.05) with { BeatsUniform = true }) with
        { Higher = false };

        MixedGain gain = Assert.Single(MixedGain.Find(summary));

        Assert.Equal(("pal6", 0.05), (gain.Rival!.Label, Math.Round(gain.Gain, 12)));
    }

    [Fact]
    public void ReasonGroup_NumbersDiffer_GivesTheirRange()
    {
        ReasonGroup[] groups = ReasonGroup.Of([("a", "16 elements, the threshold is 2048"), ("b", "no data"), ("c", "1728 elements, the threshold is 2048")]);

        Assert.Equal(["16 to 1,728 elements, the threshold is 2048", "no data"], groups.Select(group => group.Reason));
        Assert.Equal(["a", "c"], groups[0].Names);
    }

    [Fact]
    public void Verdict_Proven_StatesSizeAndConfirmedDrop()
    {
        TrialSummary trial = Plan("mixed-07", PlanKind.Mixed, 200_000, 0.87) with { CompressionRatio = 2.5, Confirm = SampleSummary.Metrics(0.868, 0.003, 1000) };
        SweepSummary summary = With(trial) with { Recommendation = new Recommendation(trial.Id, null, "", []) };

        Assert.Equal(
            "mixed-07 is the smallest plan proven to lose at most 1 pt of top-1 accuracy: 200 KB, 2.50× smaller, drop 0.30 pt (95 % interval −0.14 to 0.74) on 1,000 samples that the choice did not see.",
            Verdict.Of(summary).Sentence.Replace('\u00A0', ' '));
    }

    [Fact]
    public void Verdict_LowerIsBetterWithoutConfirmation_SaysWhatItRestsOn()
    {
        TrialSummary trial = Plan("pal4", PlanKind.Uniform, 200_000, 0.87) with { CompressionRatio = 2.5 };
        SweepSummary summary = With(trial) with { Metric = "kl", Higher = false, MaxDrop = 0.05, Recommendation = new Recommendation(null, trial.Id, "", []) };

        Assert.Equal(
            "No plan is proven to raise KL divergence by at most 0.05. The nearest is pal4: 200 KB, 2.50× smaller, drop 0.003 (95 % interval −0.00136 to 0.00736) on 1,000 samples.",
            Verdict.Of(summary).Sentence.Replace('\u00A0', ' '));
    }

    [Fact]
    public void Verdict_NoGoal_StatesTheFrontier()
    {
        SweepSummary summary = With(Plan("a", PlanKind.Uniform, 200_000, 0.87) with { OnFrontier = true }, Plan("b", PlanKind.Uniform, 300_000, 0.88) with { OnFrontier = true })
            with
        { MaxDrop = null, Recommendation = new Recommendation(null, null, "", []) };

        Assert.Equal("No goal was stated; the frontier has 2 plans from 200 KB to 300 KB.", Verdict.Of(summary).Sentence.Replace('\u00A0', ' '));
        Assert.Null(Verdict.Of(summary).Command(summary));
    }

    [Fact]
    public void Verdict_HostileNames_GiveACommandThatIsSafeToPaste()
    {
        TrialSummary trial = Plan("$(rm -rf ~)", PlanKind.Given, 1, 0.8) with { Id = "0123456789" };
        SweepSummary summary = With(trial);
        summary = summary with { Recommendation = new Recommendation(trial.Id, null, "", []), Provenance = summary.Provenance with { ModelName = "-x; y.mlpackage" } };

        Assert.Equal("sweep export RESULT_FOLDER --trial 0123456789 -o x--y---rm--rf---.mlpackage", Verdict.Of(summary).Command(summary));
    }

    private static SweepSummary With(params TrialSummary[] trials) => SampleSummary.Create() with { Trials = [.. trials] };

    private static TrialSummary Plan(string label, PlanKind kind, long size, double top1) =>
        s_any with { Id = label, Label = label, Kind = kind, SizeBytes = size, Choice = SampleSummary.Metrics(top1, 0.873 - top1, 1000), OnFrontier = false };
}
