using SweepCluster.Numerics.Elementwise;

namespace SweepCluster.Sweeps.Evaluation;

/// <summary>The quantile of Student's distribution that a two-sided 95 % interval needs.</summary>
internal static class StudentT
{
    /// <summary>97.5 % quantile of the standard normal distribution.</summary>
    public const double Normal975 = 1.959963984540054;

    private const int LargestSummed = 200;

    private static readonly double[] s_solved = new double[LargestSummed + 1]; // 0 where nobody asked yet

    /// <summary>97.5 % quantile for a number of degrees of freedom, with an error below 1e-11.</summary>
    /// <param name="degrees">Degrees of freedom, 1 or more.</param>
    /// <remarks>Up to 200 degrees the finite series of Abramowitz and Stegun 26.7.3 and 26.7.4, solved by bisection;
    /// above, the expansion around the normal quantile, 26.7.5.</remarks>
    public static double Quantile975(long degrees)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(degrees, 1);
        return degrees > LargestSummed ? Expand(degrees) : s_solved[degrees] is > 0 and double solved ? solved : s_solved[degrees] = Solve((int)degrees);
    }

    private static double Expand(double n)
    {
        const double Z = Normal975;
        const double Z2 = Z * Z;
        double g1 = (Z2 + 1) * Z / 4;
        double g2 = ((((5 * Z2) + 16) * Z2) + 3) * Z / 96;
        double g3 = ((((((3 * Z2) + 19) * Z2) + 17) * Z2) - 15) * Z / 384;
        double g4 = ((((((((79 * Z2) + 776) * Z2) + 1482) * Z2) - 1920) * Z2) - 945) * Z / 92160;
        return Z + ((g1 + ((g2 + ((g3 + (g4 / n)) / n)) / n)) / n);
    }

    private static double Solve(int degrees)
    {
        double low = Normal975, high = 13; // the quantile falls from 12.7 at one degree towards the normal one
        while (true)
        {
            double middle = low + ((high - low) / 2);
            if (middle <= low || middle >= high)
            {
                return middle;
            }

            (low, high) = Inside(middle, degrees) < 0.95 ? (middle, high) : (low, middle);
        }
    }

    // Probability that a variable lies between -t and t.
    private static double Inside(double t, int degrees)
    {
        double sine = t / Math.Sqrt(degrees + (t * t));
        double squaredCosine = degrees / (degrees + (t * t));
        bool odd = (degrees & 1) != 0;

        // Each term is the one before times cos^2 and i/(i+1): i even for odd degrees, odd for even ones.
        double term = 1, sum = 1;
        for (int i = odd ? 2 : 1; i <= degrees - 2; i += 2)
        {
            term *= squaredCosine * i / (i + 1);
            sum += term;
        }

        if (!odd)
        {
            return sine * sum;
        }

        double angle = PortableMath.Atan(t / Math.Sqrt(degrees));
        return 2 / Math.PI * (degrees == 1 ? angle : angle + (sine * Math.Sqrt(squaredCosine) * sum));
    }
}
