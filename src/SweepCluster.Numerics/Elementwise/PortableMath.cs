namespace SweepCluster.Numerics.Elementwise;

/// <summary>Exponential, logarithm, arc tangent and what follows from them, from IEEE operations alone, so that every machine gives the same bits.</summary>
/// <remarks>The runtime's own call the C library of the machine, whose last bit differs between systems and between processors.
/// Relative error at most 1e-15. In float64; the float32 functions that networks compute often are in <see cref="DeterministicMath"/>.</remarks>
public static partial class PortableMath
{
    // ln 2 in two parts: the upper has 32 significant bits, so that its product with an exponent is exact.
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;
    private const double MinExponent = -745.2; // exp of less rounds to 0
    private const double MaxExponent = 709.78;

    // 1/k!: beyond the thirteenth power a term is below 1e-17 for |x| <= ln(2)/2.
    private static readonly double[] s_inverseFactorials =
    [
        1, 1, 1d / 2, 1d / 6, 1d / 24, 1d / 120, 1d / 720, 1d / 5040, 1d / 40320, 1d / 362880, 1d / 3628800, 1d / 39916800, 1d / 479001600,
        1d / 6227020800,
    ];

    /// <summary>e to the power x; 0 below -745.2, infinity above 709.78.</summary>
    public static double Exp(double x)
    {
        if (x < MinExponent || x > MaxExponent || double.IsNaN(x))
        {
            return double.IsNaN(x) ? x : x < 0 ? 0 : double.PositiveInfinity;
        }

        int power = (int)Math.Round(x / Ln2High);
        double rest = x - (power * Ln2High) - (power * Ln2Low);
        double sum = 0;
        for (int k = s_inverseFactorials.Length - 1; k >= 0; k--)
        {
            sum = (sum * rest) + s_inverseFactorials[k];
        }

        return Math.ScaleB(sum, power);
    }

    /// <summary>Natural logarithm of a finite x greater than 0.</summary>
    public static double Log(double x)
    {
        int power = Math.ILogB(x);
        double fraction = Math.ScaleB(x, -power); // 1 <= fraction < 2
        if (fraction > 1.4142135623730951)
        {
            fraction /= 2;
            power++;
        }

        // ln((1+s)/(1-s)) = 2 (s + s^3/3 + s^5/5 + ...), |s| <= 0.1716: beyond s^23 a term is below 1e-18.
        double s = (fraction - 1) / (fraction + 1);
        double square = s * s;
        double sum = 0;
        for (int k = 23; k >= 3; k -= 2)
        {
            sum = (sum + (1d / k)) * square;
        }

        return (power * Ln2High) + ((2 * s) + (2 * s * sum) + (power * Ln2Low));
    }

    /// <summary>The angle in 0..pi/2 whose tangent is x, x being 0 or more.</summary>
    public static double Atan(double x)
    {
        // Each step halves the angle; after four it is below 0.1.
        for (int step = 0; step < 4; step++)
        {
            x /= 1 + Math.Sqrt(1 + (x * x));
        }

        double square = x * x;
        double sum = 0;
        for (int k = 17; k >= 1; k -= 2)
        {
            sum = (1d / k) - (sum * square);
        }

        return 16 * x * sum;
    }
}
