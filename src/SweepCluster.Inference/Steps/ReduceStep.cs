using SweepCluster.Numerics.Elementwise;

namespace SweepCluster.Inference.Steps;

/// <summary>One number for each group of elements. Sums run in row-major order with fused multiply-add; exponentials are summed in float64.</summary>
internal sealed class ReduceStep : GroupStep
{
    /// <summary>What becomes of a group.</summary>
    public required Reduction Kind { get; init; }

    /// <summary>The constant of the logarithms.</summary>
    public float Epsilon { get; init; }

    protected override void RunSample(ReadOnlySpan<float> source, Span<float> target)
    {
        for (int group = 0; group < Starts.Length; group++)
        {
            target[group] = Reduce(source[Starts[group]..]);
        }
    }

    private float Reduce(ReadOnlySpan<float> values) => Kind switch
    {
        Reduction.Sum => Sum(values, value => value),
        Reduction.Mean => Sum(values, value => value) / Offsets.Length,
        Reduction.L1 => Sum(values, MathF.Abs),
        Reduction.SumOfSquares => SumOfSquares(values),
        Reduction.L2 => MathF.Sqrt(SumOfSquares(values)),
        Reduction.LogOfSum => (float)PortableMath.LogOf((double)Sum(values, value => value) + Epsilon),
        Reduction.LogOfSumOfExp => LogOfSumOfExp(values),
        Reduction.Product => Product(values),
        Reduction.ArgMax or Reduction.ArgMin => Extreme(values).Place,
        _ => Extreme(values).Value,
    };

    private float Sum(ReadOnlySpan<float> values, Func<float, float> map)
    {
        float sum = 0f;
        foreach (int offset in Offsets)
        {
            sum += map(values[offset]);
        }

        return sum;
    }

    private float SumOfSquares(ReadOnlySpan<float> values)
    {
        float sum = 0f;
        foreach (int offset in Offsets)
        {
            sum = MathF.FusedMultiplyAdd(values[offset], values[offset], sum);
        }

        return sum;
    }

    private float LogOfSumOfExp(ReadOnlySpan<float> values)
    {
        float largest = Extreme(values).Value;
        if (float.IsInfinity(largest))
        {
            return largest;
        }

        double sum = 0;
        foreach (int offset in Offsets)
        {
            sum += PortableMath.Exp((double)values[offset] - largest);
        }

        return (float)(largest + PortableMath.LogOf(sum));
    }

    private float Product(ReadOnlySpan<float> values)
    {
        float product = 1f;
        foreach (int offset in Offsets)
        {
            product *= values[offset];
        }

        return product;
    }

    private (float Value, int Place) Extreme(ReadOnlySpan<float> values)
    {
        bool largest = Kind is not (Reduction.Min or Reduction.ArgMin);
        int place = 0;
        for (int i = 1; i < Offsets.Length && !float.IsNaN(values[Offsets[place]]); i++)
        {
            float value = values[Offsets[i]], best = values[Offsets[place]];
            place = float.IsNaN(value) || (largest ? value > best : value < best) ? i : place;
        }

        return (values[Offsets[place]], place);
    }
}
