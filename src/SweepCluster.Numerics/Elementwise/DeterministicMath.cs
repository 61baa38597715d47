namespace SweepCluster.Numerics.Elementwise;

/// <summary>Transcendentals that give the same bits on every machine: fixed polynomials of fused multiply-adds.</summary>
public static class DeterministicMath
{
    private const float Log2E = 1.44269504f;
    private const float Ln2High = 0.693145752f; // 15 bits, so that its products with small integers are exact
    private const float Ln2Low = 1.42860677e-6f;

    /// <summary><c>e^x</c>, within 2 units of the last place; 0 below -87.3, infinite above 88.7. NaN stays NaN.</summary>
    /// <remarks>Range reduction by powers of two, then the Taylor polynomial of degree 7 on [-ln 2 / 2, ln 2 / 2].</remarks>
    public static float Exp(float x)
    {
        if (!(x > -87.3f))
        {
            return float.IsNaN(x) ? x : 0f;
        }

        if (x > 88.7f)
        {
            return float.PositiveInfinity;
        }

        float power = MathF.Round(x * Log2E);
        float rest = MathF.FusedMultiplyAdd(-power, Ln2Low, MathF.FusedMultiplyAdd(-power, Ln2High, x));
        float sum = 1f / 5040f;
        sum = MathF.FusedMultiplyAdd(sum, rest, 1f / 720f);
        sum = MathF.FusedMultiplyAdd(sum, rest, 1f / 120f);
        sum = MathF.FusedMultiplyAdd(sum, rest, 1f / 24f);
        sum = MathF.FusedMultiplyAdd(sum, rest, 1f / 6f);
        sum = MathF.FusedMultiplyAdd(sum, rest, 0.5f);
        sum = MathF.FusedMultiplyAdd(sum, rest, 1f);
        sum = MathF.FusedMultiplyAdd(sum, rest, 1f);

        // Two factors, since 2^128 is no float.
        int half = (int)power / 2;
        return sum * PowerOfTwo(half) * PowerOfTwo((int)power - half);
    }

    /// <summary><c>1 / (1 + e^-x)</c>.</summary>
    public static float Sigmoid(float x) => 1f / (1f + Exp(-x));

    /// <summary><c>tanh x</c>, from the exponential; odd, and 1 for large x.</summary>
    public static float Tanh(float x)
    {
        float size = MathF.Abs(x);
        if (size < 0.125f)
        {
            // x - x^3/3 + 2x^5/15 - 17x^7/315: the exponential would lose digits here.
            float square = x * x;
            float factor = MathF.FusedMultiplyAdd(square, MathF.FusedMultiplyAdd(square, MathF.FusedMultiplyAdd(square, -17f / 315f, 2f / 15f), -1f / 3f), 1f);
            return x * factor;
        }

        float value = 1f - (2f / (Exp(2f * size) + 1f));
        return MathF.CopySign(value, x);
    }

    /// <summary>Softmax: <c>e^(x - max) / sum of e^(x - max)</c>, the sum in index order.</summary>
    /// <param name="values">Scores, at least one.</param>
    /// <param name="destination">Receives as many probabilities; may be <paramref name="values"/> itself.</param>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is shorter than <paramref name="values"/>.</exception>
    public static void Softmax(ReadOnlySpan<float> values, Span<float> destination)
    {
        if (destination.Length < values.Length)
        {
            throw new ArgumentException($"{values.Length} values do not fit {destination.Length}.", nameof(destination));
        }

        float largest = float.NegativeInfinity;
        foreach (float value in values)
        {
            largest = value > largest ? value : largest;
        }

        float sum = 0f;
        for (int i = 0; i < values.Length; i++)
        {
            destination[i] = Exp(values[i] - largest);
            sum += destination[i];
        }

        for (int i = 0; i < values.Length; i++)
        {
            destination[i] /= sum;
        }
    }

    private static float PowerOfTwo(int exponent) => BitConverter.Int32BitsToSingle((exponent + 127) << 23);
}
