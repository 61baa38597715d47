namespace SweepCluster.Numerics.Elementwise;

/// <summary>Transcendentals that give the same bits on every machine: fixed polynomials of fused multiply-adds.</summary>
/// <remarks>In float32, for what a network computes often: activations and softmax. Where a function needs more digits than float32 keeps on the way, or is rare,
/// it is <see cref="PortableMath"/>'s, rounded to float32 once. The two do not give the same bits: a stored result keeps the one it was made with.</remarks>
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
        if (size < 0.4f)
        {
            // The Taylor series up to x^11: the exponential would lose digits here.
            float square = x * x;
            float sum = -1382f / 155925f;
            sum = MathF.FusedMultiplyAdd(sum, square, 62f / 2835f);
            sum = MathF.FusedMultiplyAdd(sum, square, -17f / 315f);
            sum = MathF.FusedMultiplyAdd(sum, square, 2f / 15f);
            sum = MathF.FusedMultiplyAdd(sum, square, -1f / 3f);
            return MathF.FusedMultiplyAdd(sum * square, x, x);
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

    /// <summary>Softmax of some elements of a value, in their order; the same bits as of those elements alone.</summary>
    /// <param name="values">The value.</param>
    /// <param name="destination">Receives the probabilities, each at its element's place.</param>
    /// <param name="start">Where the elements are counted from.</param>
    /// <param name="offsets">From there to each element; at least one.</param>
    /// <exception cref="IndexOutOfRangeException">An element lies outside a span.</exception>
    public static void Softmax(ReadOnlySpan<float> values, Span<float> destination, int start, ReadOnlySpan<int> offsets)
    {
        ReadOnlySpan<float> from = values[start..];
        Span<float> to = destination[start..];
        float largest = float.NegativeInfinity, sum = 0f;
        foreach (int offset in offsets)
        {
            largest = from[offset] > largest ? from[offset] : largest;
        }

        foreach (int offset in offsets)
        {
            to[offset] = Exp(from[offset] - largest);
            sum += to[offset];
        }

        foreach (int offset in offsets)
        {
            to[offset] /= sum;
        }
    }

    private static float PowerOfTwo(int exponent) => BitConverter.Int32BitsToSingle((exponent + 127) << 23);
}
