using SweepCluster.Numerics.Elementwise;

namespace SweepCluster.Sweeps.Evaluation;

/// <summary>What one sample says of a variant of a model, beside the uncompressed model (the baseline) on the same sample.</summary>
/// <param name="HasLabel">Whether the right class is known; without it the four hits are false and the losses 0.</param>
/// <param name="Top1">Whether the variant's best class is the right one.</param>
/// <param name="Top5">Whether the right class is among the variant's five best.</param>
/// <param name="BaselineTop1">Whether the baseline's best class is the right one.</param>
/// <param name="BaselineTop5">Whether the right class is among the baseline's five best.</param>
/// <param name="Agrees">Whether the best class of both is the same.</param>
/// <param name="Kl">Divergence KL(baseline || variant) of the two softmax outputs, in nats, 0 or more.</param>
/// <param name="Loss">The variant's cross-entropy of the right class, in nats.</param>
/// <param name="BaselineLoss">The baseline's cross-entropy of the right class, in nats.</param>
public readonly record struct SampleOutcome(
    bool HasLabel, bool Top1, bool Top5, bool BaselineTop1, bool BaselineTop5, bool Agrees, double Kl, double Loss, double BaselineLoss)
{
    private const int Best = 5;
    private const double LeastProbability = 1.401298464324817e-45; // smallest float32 above 0: what a stored 0 may have been

    /// <summary>Compares the outputs of variant and baseline for one sample.</summary>
    /// <param name="variant">The variant's output, one value for each class.</param>
    /// <param name="baseline">The baseline's output, as long.</param>
    /// <param name="label">The right class, 0 to classes - 1; null where it is not known.</param>
    /// <param name="kind">What the outputs hold.</param>
    /// <exception cref="ArgumentException">The outputs are empty or of different lengths.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The label is no class.</exception>
    /// <exception cref="NonFiniteOutputException">An output is NaN or infinite.</exception>
    /// <remarks>Of equal values the lower index ranks first. Computed in float64, summed in index order, from IEEE operations alone: the same
    /// bits on every machine. Probabilities are taken as 2^-149 at least and normalised again.</remarks>
    public static SampleOutcome Compare(ReadOnlySpan<float> variant, ReadOnlySpan<float> baseline, int? label, OutputKind kind)
    {
        if (variant.IsEmpty || variant.Length != baseline.Length)
        {
            throw new ArgumentException($"Found {variant.Length} outputs of the variant and {baseline.Length} of the baseline.", nameof(variant));
        }

        if (label is not null)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(label.Value, nameof(label));
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(label.Value, variant.Length, nameof(label));
        }

        RequireFinite(variant, "variant");
        RequireFinite(baseline, "baseline");
        double variantTotal = LogTotal(variant, kind), baselineTotal = LogTotal(baseline, kind);
        double kl = 0;
        for (int i = 0; i < variant.Length; i++)
        {
            double expected = Score(baseline[i], kind) - baselineTotal;
            double actual = Score(variant[i], kind) - variantTotal;
            kl += PortableMath.Exp(expected) * (expected - actual);
        }

        bool agrees = Rank(variant, BestOf(baseline)) == 0;
        kl = Math.Max(0, kl); // rounding may leave a hair below zero
        if (label is not int right)
        {
            return new(false, false, false, false, false, agrees, kl, 0, 0);
        }

        int rank = Rank(variant, right), baselineRank = Rank(baseline, right);
        return new(
            true, rank == 0, rank < Best, baselineRank == 0, baselineRank < Best, agrees, kl,
            variantTotal - Score(variant[right], kind), baselineTotal - Score(baseline[right], kind));
    }

    /// <summary>Index of the best class; of equal values the lower index.</summary>
    private static int BestOf(ReadOnlySpan<float> output)
    {
        int best = 0;
        for (int i = 1; i < output.Length; i++)
        {
            best = output[i] > output[best] ? i : best;
        }

        return best;
    }

    // How many classes stand before one.
    private static int Rank(ReadOnlySpan<float> output, int index)
    {
        int before = 0;
        for (int i = 0; i < output.Length; i++)
        {
            before += output[i] > output[index] || (output[i] == output[index] && i < index) ? 1 : 0;
        }

        return before;
    }

    private static double Score(float value, OutputKind kind) =>
        kind == OutputKind.Logits ? value : PortableMath.Log(Math.Max(value, LeastProbability));

    // ln of the sum of exp(score), from the largest score so that nothing overflows.
    private static double LogTotal(ReadOnlySpan<float> output, OutputKind kind)
    {
        double largest = Score(output[BestOf(output)], kind);
        double sum = 0;
        foreach (float value in output)
        {
            sum += PortableMath.Exp(Score(value, kind) - largest);
        }

        return largest + PortableMath.Log(sum);
    }

    private static void RequireFinite(ReadOnlySpan<float> output, string whose)
    {
        for (int i = 0; i < output.Length; i++)
        {
            if (!float.IsFinite(output[i]))
            {
                throw new NonFiniteOutputException($"Output {i} of the {whose}: found {output[i]}, expected a finite number.");
            }
        }
    }
}
