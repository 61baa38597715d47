namespace SweepCluster.Sweeps.Evaluation;

/// <summary>What a range of samples adds up to. Plain numbers: System.Text.Json writes and reads it without loss.</summary>
/// <remarks>Sums run in sample order, so that they do not depend on threads. Ranges are merged in their order; the counts do not depend on
/// where the ranges are cut, the last bits of the sums do.</remarks>
public sealed record OutcomeTally
{
    /// <summary>Samples counted.</summary>
    public required long Samples { get; init; }

    /// <summary>Samples whose best class is the baseline's.</summary>
    public long Agreeing { get; init; }

    /// <summary>Samples with a label, by whose best class was right.</summary>
    public PairedCounts Top1 { get; init; }

    /// <summary>Samples with a label, by whose five best held the right class.</summary>
    public PairedCounts Top5 { get; init; }

    /// <summary>Divergences KL(baseline || variant) of all samples, in nats.</summary>
    public ValueSums Kl { get; init; }

    /// <summary>The variant's cross-entropies of samples with a label, in nats.</summary>
    public ValueSums Loss { get; init; }

    /// <summary>By how much the variant's cross-entropy exceeds the baseline's, sample by sample, in nats.</summary>
    public ValueSums LossRise { get; init; }

    /// <summary>A tally of no samples.</summary>
    public static OutcomeTally Empty { get; } = new() { Samples = 0 };

    /// <summary>Adds up outcomes in their order.</summary>
    public static OutcomeTally Of(ReadOnlySpan<SampleOutcome> outcomes)
    {
        PairedCounts top1 = default, top5 = default;
        ValueSums kl = default, loss = default, rise = default;
        long agreeing = 0;
        foreach (SampleOutcome outcome in outcomes)
        {
            agreeing += outcome.Agrees ? 1 : 0;
            kl = kl.Add(outcome.Kl);
            if (outcome.HasLabel)
            {
                top1 = top1.Add(outcome.BaselineTop1, outcome.Top1);
                top5 = top5.Add(outcome.BaselineTop5, outcome.Top5);
                loss = loss.Add(outcome.Loss);
                rise = rise.Add(outcome.Loss - outcome.BaselineLoss);
            }
        }

        return new() { Samples = outcomes.Length, Agreeing = agreeing, Top1 = top1, Top5 = top5, Kl = kl, Loss = loss, LossRise = rise };
    }

    /// <summary>Compares two models' outputs sample by sample and adds up the outcomes.</summary>
    /// <param name="variant">The variant's outputs, <c>[samples, classes]</c>, row-major.</param>
    /// <param name="baseline">The baseline's outputs for the same samples.</param>
    /// <param name="labels">The right class of each sample; empty where none is known.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="kind">What the outputs hold.</param>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    /// <exception cref="NonFiniteOutputException">An output is NaN or infinite.</exception>
    public static OutcomeTally Compare(
        ReadOnlySpan<float> variant, ReadOnlySpan<float> baseline, ReadOnlySpan<int> labels, int classes, OutputKind kind)
    {
        int samples = variant.Length / classes;
        if (variant.Length != baseline.Length || variant.Length != samples * classes || (!labels.IsEmpty && labels.Length != samples))
        {
            throw new ArgumentException(
                $"Found {variant.Length} and {baseline.Length} outputs of {classes} classes and {labels.Length} labels.", nameof(variant));
        }

        SampleOutcome[] outcomes = new SampleOutcome[samples];
        for (int i = 0; i < samples; i++)
        {
            outcomes[i] = SampleOutcome.Compare(
                variant.Slice(i * classes, classes), baseline.Slice(i * classes, classes), labels.IsEmpty ? null : labels[i], kind);
        }

        return Of(outcomes);
    }

    /// <summary>The samples of both, these first.</summary>
    public OutcomeTally Add(OutcomeTally next) => new()
    {
        Samples = Samples + next.Samples,
        Agreeing = Agreeing + next.Agreeing,
        Top1 = Top1.Add(next.Top1),
        Top5 = Top5.Add(next.Top5),
        Kl = Kl.Add(next.Kl),
        Loss = Loss.Add(next.Loss),
        LossRise = LossRise.Add(next.LossRise),
    };
}
