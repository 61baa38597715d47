namespace SweepCluster.Sweeps.Evaluation;

/// <summary>95 % intervals of shares, of paired differences of shares, and of means.</summary>
/// <remarks>Every end is computed from IEEE operations alone: the same bits on every machine.</remarks>
public static class Intervals
{
    private const double Z = StudentT.Normal975;

    /// <summary>A share with Wilson's score interval.</summary>
    /// <param name="count">Samples of the kind, 0 to <paramref name="samples"/>.</param>
    /// <param name="samples">All samples, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count lies outside its range.</exception>
    /// <remarks>Source: E. B. Wilson, JASA 22 (1927) 209; method 3 in Newcombe, Statistics in Medicine 17 (1998) 857.</remarks>
    public static Estimate Share(long count, long samples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, samples);

        double n = samples;
        double centre = (2 * count) + (Z * Z);
        double reach = Z * Math.Sqrt((Z * Z) + (4 * count * ((n - count) / n)));
        double width = 2 * (n + (Z * Z));
        return new(
            count / n,
            count == 0 ? 0 : (centre - reach) / width,
            count == samples ? 1 : (centre + reach) / width,
            samples);
    }

    /// <summary>The difference of two shares of the same samples, (<paramref name="firstOnly"/> - <paramref name="secondOnly"/>) / n, with Tango's score
    /// interval.</summary>
    /// <param name="firstOnly">Samples that the first got right and the second did not.</param>
    /// <param name="secondOnly">Samples that the second got right and the first did not.</param>
    /// <param name="samples">All samples, 1 or more, those included on which both agree.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative, or the counts exceed the samples.</exception>
    /// <remarks>The interval holds the differences that a score test does not reject. It stays inside -1..1, keeps a positive width where no sample
    /// changed sides (it is then Wilson's for no event), and holds its level for the small numbers of changes that are usual here, where the
    /// difference plus and minus a multiple of its standard error does not. Source: T. Tango, Statistics in Medicine 17 (1998) 891, equations 9 to 14.</remarks>
    public static Estimate PairedDifference(long firstOnly, long secondOnly, long samples) => PairedDifference(firstOnly, secondOnly, samples, Z);

    /// <summary>A mean with Student's interval, from the sum of the values and the sum of their squares.</summary>
    /// <param name="sum">Sum of the values.</param>
    /// <param name="squares">Sum of their squares.</param>
    /// <param name="samples">Number of values, 1 or more. Of a single value no interval is known: both ends equal it, and the estimate rests on 0 samples.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="samples"/> is below 1.</exception>
    public static Estimate Mean(double sum, double squares, long samples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        double mean = sum / samples;
        if (samples == 1)
        {
            return new(mean, mean, mean, 0);
        }

        double variance = Math.Max(0, squares - (sum * mean)) / (samples - 1);
        double reach = StudentT.Quantile975(samples - 1) * Math.Sqrt(variance / samples);
        return new(mean, mean - reach, mean + reach, samples);
    }

    /// <summary>Tango's interval for any normal quantile, so that tests can hold it to figures published for other levels.</summary>
    internal static Estimate PairedDifference(long firstOnly, long secondOnly, long samples, double quantile)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(samples, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(firstOnly);
        ArgumentOutOfRangeException.ThrowIfNegative(secondOnly);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstOnly + secondOnly, samples);

        double difference = (firstOnly - secondOnly) / (double)samples;
        return new(
            difference,
            FindEnd(-1, difference, firstOnly, secondOnly, samples, quantile),
            FindEnd(1, difference, firstOnly, secondOnly, samples, quantile),
            samples);
    }

    // Halves the distance between a difference that the score test rejects and one that it does not, down to neighbouring numbers.
    private static double FindEnd(double outside, double inside, double b, double c, double n, double quantile)
    {
        if (!Rejects(outside, b, c, n, quantile))
        {
            return outside;
        }

        while (true)
        {
            double middle = outside + ((inside - outside) / 2);
            if (middle == outside || middle == inside)
            {
                return inside;
            }

            (outside, inside) = Rejects(middle, b, c, n, quantile) ? (middle, inside) : (outside, middle);
        }
    }

    // Whether the score statistic of a supposed difference lies beyond the quantile. Its variance is 2 p + d (1 - d), where p, the probability
    // of "second only", is the most likely one under that difference: the root of 2n p^2 + B p + C.
    private static bool Rejects(double d, double b, double c, double n, double quantile)
    {
        double linear = (((2 * n) - b + c) * d) - b - c;
        double constant = -c * d * (1 - d);
        double root = Math.Sqrt(Math.Max(0, (linear * linear) - (8 * n * constant)));
        double denominator = linear + root;
        double p = linear <= 0 ? (root - linear) / (4 * n) : denominator == 0 ? 0 : -2 * constant / denominator; // no cancellation in either form
        double variance = Math.Max(0, (2 * p) + (d * (1 - d)));
        double distance = b - c - (n * d);
        return distance * distance > quantile * quantile * n * variance;
    }
}
