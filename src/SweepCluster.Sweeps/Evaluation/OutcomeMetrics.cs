using System.Collections.Immutable;

namespace SweepCluster.Sweeps.Evaluation;

/// <summary>The built-in metrics of a tally: <c>top1</c>, <c>top5</c>, <c>agreement</c> (shares), <c>kl</c> and <c>loss</c> (nats).</summary>
public static class OutcomeMetrics
{
    /// <summary>Share of samples whose best class is the right one.</summary>
    public const string Top1 = "top1";

    /// <summary>Share of samples whose five best classes hold the right one.</summary>
    public const string Top5 = "top5";

    /// <summary>Share of samples whose best class is the uncompressed model's.</summary>
    public const string Agreement = "agreement";

    /// <summary>Mean divergence of the softmax outputs from the uncompressed model's.</summary>
    public const string Kl = "kl";

    /// <summary>Mean cross-entropy of the right class.</summary>
    public const string Loss = "loss";

    /// <summary>Every built-in metric.</summary>
    public static ImmutableArray<string> Names { get; } = [Top1, Top5, Agreement, Kl, Loss];

    /// <summary>Whether more of a built-in metric is better.</summary>
    /// <exception cref="ArgumentException">There is no such metric.</exception>
    public static bool HigherIsBetter(string metric) => metric switch
    {
        Top1 or Top5 or Agreement => true,
        Kl or Loss => false,
        _ => throw Unknown(metric),
    };

    /// <summary>Whether a name is that of a built-in share.</summary>
    public static bool IsShare(string metric) => metric is Top1 or Top5 or Agreement;

    /// <summary>Whether the samples say something of a metric.</summary>
    /// <exception cref="ArgumentException">There is no such metric.</exception>
    public static bool Has(OutcomeTally tally, string metric) => Count(tally, metric) > 0;

    /// <summary>Whether a metric needs labels.</summary>
    /// <exception cref="ArgumentException">There is no such metric.</exception>
    public static bool NeedsLabels(string metric) => metric switch
    {
        Top1 or Top5 or Loss => true,
        Agreement or Kl => false,
        _ => throw Unknown(metric),
    };

    /// <summary>A metric of the variant with its 95 % interval: Wilson's for shares, Student's for means (that of KL cut off at 0).</summary>
    /// <returns>Null where no sample says anything of it: none at all, or none with a label.</returns>
    /// <exception cref="ArgumentException">There is no such metric.</exception>
    public static Estimate? Measure(OutcomeTally tally, string metric) => Count(tally, metric) == 0 ? null : metric switch
    {
        Top1 => Intervals.Share(tally.Top1.Variant, tally.Top1.Total),
        Top5 => Intervals.Share(tally.Top5.Variant, tally.Top5.Total),
        Agreement => Intervals.Share(tally.Agreeing, tally.Samples),
        Kl => MeanOf(tally.Kl, tally.Samples, atLeast: 0),
        _ => MeanOf(tally.Loss, tally.Top1.Total, atLeast: 0),
    };

    /// <summary>Every metric that the samples say something of, by name.</summary>
    public static ImmutableSortedDictionary<string, Estimate> MeasureAll(OutcomeTally tally) => Names
        .Select(name => (Name: name, Value: Measure(tally, name)))
        .Where(metric => metric.Value is not null)
        .ToImmutableSortedDictionary(metric => metric.Name, metric => metric.Value!, StringComparer.Ordinal);

    /// <summary>How much worse the variant is than the baseline on the same samples (positive is worse), with the 95 % interval of the paired difference.</summary>
    /// <returns>For shares of right samples baseline minus variant, with Tango's interval; for <c>agreement</c> the share that does not agree, with
    /// Wilson's (the baseline agrees with itself); for <c>kl</c> the divergence itself (the baseline's is 0); for <c>loss</c> the mean rise, with
    /// Student's. Null as for <see cref="Measure"/>.</returns>
    /// <exception cref="ArgumentException">There is no such metric.</exception>
    public static Estimate? Drop(OutcomeTally tally, string metric) => Count(tally, metric) == 0 ? null : metric switch
    {
        Top1 => DropOf(tally.Top1),
        Top5 => DropOf(tally.Top5),
        Agreement => Intervals.Share(tally.Samples - tally.Agreeing, tally.Samples),
        Kl => MeanOf(tally.Kl, tally.Samples, atLeast: 0),
        _ => MeanOf(tally.LossRise, tally.Top1.Total, atLeast: double.NegativeInfinity),
    };

    private static long Count(OutcomeTally tally, string metric) => NeedsLabels(metric) ? tally.Top1.Total : tally.Samples;

    private static Estimate DropOf(PairedCounts counts) => Intervals.PairedDifference(counts.BaselineOnly, counts.VariantOnly, counts.Total);

    private static Estimate MeanOf(ValueSums sums, long samples, double atLeast)
    {
        Estimate mean = Intervals.Mean(sums.Sum, sums.Squares, samples);
        return mean with { Low = Math.Max(atLeast, mean.Low) };
    }

    private static ArgumentException Unknown(string metric) => new($"Found the metric '{metric}', expected {string.Join(", ", Names)}.", nameof(metric));
}
