using System.Text.Json;
using SweepCluster.Sweeps.Evaluation;

namespace SweepCluster.Sweeps.Tests.Evaluation;

public sealed class OutcomeTallyTests
{
    // Four samples of three classes. Right by baseline / variant: both, baseline only, variant only, neither.
    private static readonly float[] s_baseline = [3, 0, 0, 0, 3, 0, 0, 1, 2, 2, 1, 0];
    private static readonly float[] s_variant = [2, 0, 0, 3, 2, 0, 0, 2, 1, 2, 0, 1];
    private static readonly int[] s_labels = [0, 1, 1, 1];

    [Fact]
    public void Compare_FourSamples_CountsEachKindOnce()
    {
        OutcomeTally tally = OutcomeTally.Compare(s_variant, s_baseline, s_labels, 3, OutputKind.Logits);

        Assert.Equal(4, tally.Samples);
        Assert.Equal(new PairedCounts(1, 1, 1, 1), tally.Top1);
        Assert.Equal(new PairedCounts(4, 0, 0, 0), tally.Top5);
        Assert.Equal(2, tally.Agreeing);
        Assert.Equal((2, 2, 4), (tally.Top1.Variant, tally.Top1.Baseline, tally.Top1.Total));

        SampleOutcome first = SampleOutcome.Compare(s_variant.AsSpan(0, 3), s_baseline.AsSpan(0, 3), 0, OutputKind.Logits);
        Assert.Equal(first.Loss - first.BaselineLoss, OutcomeTally.Of([first]).LossRise.Sum);
        Assert.Equal(first.Kl * first.Kl, OutcomeTally.Of([first]).Kl.Squares);
    }

    [Fact]
    public void Compare_WithoutLabels_CountsOnlyWhatNeedsNone()
    {
        OutcomeTally tally = OutcomeTally.Compare(s_variant, s_baseline, [], 3, OutputKind.Logits);

        Assert.Equal((4, 2, 0), (tally.Samples, tally.Agreeing, tally.Top1.Total));
        Assert.Null(OutcomeMetrics.Measure(tally, "top1"));
        Assert.Null(OutcomeMetrics.Drop(tally, "loss"));
        Assert.Equal(["agreement", "kl"], OutcomeMetrics.MeasureAll(tally).Keys);
        Assert.Empty(OutcomeMetrics.MeasureAll(OutcomeTally.Empty));
    }

    [Fact]
    public void Compare_LengthsThatDoNotAgree_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => OutcomeTally.Compare(s_variant, s_baseline, [0, 1], 3, OutputKind.Logits));
        Assert.Throws<ArgumentException>(() => OutcomeTally.Compare(s_variant, s_baseline, s_labels, 5, OutputKind.Logits));
        Assert.Throws<ArgumentException>(() => OutcomeTally.Compare(s_variant, s_baseline.AsSpan(3), s_labels, 3, OutputKind.Logits));
    }

    [Fact]
    public void Add_TwoRanges_EqualsTheWholeInItsCounts()
    {
        OutcomeTally whole = OutcomeTally.Compare(s_variant, s_baseline, s_labels, 3, OutputKind.Logits);
        OutcomeTally first = OutcomeTally.Compare(s_variant.AsSpan(0, 3), s_baseline.AsSpan(0, 3), [0], 3, OutputKind.Logits);
        OutcomeTally rest = OutcomeTally.Compare(s_variant.AsSpan(3), s_baseline.AsSpan(3), [1, 1, 1], 3, OutputKind.Logits);

        OutcomeTally merged = first.Add(rest);

        Assert.Equal((whole.Samples, whole.Top1, whole.Top5, whole.Agreeing), (merged.Samples, merged.Top1, merged.Top5, merged.Agreeing));
        Assert.Equal(whole.Kl.Sum, merged.Kl.Sum, 1e-14);
        Assert.Equal(whole.LossRise.Squares, merged.LossRise.Squares, 1e-14);
        Assert.Equal(whole, OutcomeTally.Empty.Add(whole));
    }

    [Fact]
    public void Json_ThereAndBack_LosesNothing()
    {
        OutcomeTally tally = OutcomeTally.Compare(s_variant, s_baseline, s_labels, 3, OutputKind.Logits)
            with
        { Kl = new(0.1 + 0.2, double.Epsilon), Loss = new(Math.PI * 1e300, 1d / 3) };

        string json = JsonSerializer.Serialize(tally);

        Assert.Equal(tally, JsonSerializer.Deserialize<OutcomeTally>(json));
        Assert.Contains("\"Top1\":{\"Both\":1,\"BaselineOnly\":1,\"VariantOnly\":1,\"Neither\":1}", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Drop_OfEachMetric_IsThePairedDifference()
    {
        OutcomeTally tally = new()
        {
            Samples = 161,
            Agreeing = 160,
            Top1 = new(59, 6, 16, 80),
            Top5 = new(100, 3, 1, 57),
            Kl = new(1.61, 1.61),
            Loss = new(322, 700),
            LossRise = new(-16.1, 5),
        };

        Assert.Equal(Intervals.PairedDifference(6, 16, 161), OutcomeMetrics.Drop(tally, "top1"));
        Assert.Equal(Intervals.PairedDifference(3, 1, 161), OutcomeMetrics.Drop(tally, "top5"));
        Assert.Equal(Intervals.Share(1, 161), OutcomeMetrics.Drop(tally, "agreement"));
        Assert.Equal(0.01, OutcomeMetrics.Drop(tally, "kl")!.Value, 1e-15);
        Assert.Equal(0, OutcomeMetrics.Drop(tally, "kl")!.Low); // Student's interval would reach below 0, where no divergence lies
        Assert.Equal(-0.1, OutcomeMetrics.Drop(tally, "loss")!.Value, 1e-15);
        Assert.Equal(75d / 161, OutcomeMetrics.Measure(tally, "top1")!.Value);
        Assert.Equal(101d / 161, OutcomeMetrics.Measure(tally, "top5")!.Value);
        Assert.Equal(160d / 161, OutcomeMetrics.Measure(tally, "agreement")!.Value);
        Assert.Equal(2, OutcomeMetrics.Measure(tally, "loss")!.Value);
        Assert.Equal(OutcomeMetrics.Names.Order(StringComparer.Ordinal), OutcomeMetrics.MeasureAll(tally).Keys);
    }

    [Fact]
    public void Metrics_UnknownName_ListsThem()
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => OutcomeMetrics.HigherIsBetter("f1"));

        Assert.StartsWith("Found the metric 'f1', expected top1, top5, agreement, kl, loss.", error.Message, StringComparison.Ordinal);
        Assert.Equal([true, true, true, false, false], OutcomeMetrics.Names.Select(OutcomeMetrics.HigherIsBetter));
    }
}
