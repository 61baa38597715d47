namespace SweepCluster.Numerics.Elementwise;

/// <content>Functions for values that float32 holds. Absolute error at most 1e-14 times the larger of 1 and the result, unless a function says otherwise.</content>
public static partial class PortableMath
{
    private const double LargestErf = 6; // erf of more differs from 1 by less than 1e-16

    /// <summary>Natural logarithm of any x: -infinity at 0, NaN below it.</summary>
    public static double LogOf(double x) => x switch
    {
        > 0 and < double.PositiveInfinity => Log(x),
        0 => double.NegativeInfinity,
        double.PositiveInfinity => x,
        _ => double.NaN,
    };

    /// <summary>x to the power y, as IEEE 754 defines <c>pow</c> at 0, infinity and NaN; a negative x needs a whole y.</summary>
    public static double Pow(double x, double y)
    {
        if (y == 0 || x == 1)
        {
            return 1;
        }

        if (double.IsNaN(x) || double.IsNaN(y))
        {
            return double.NaN;
        }

        bool isWhole = Math.Floor(y) == y, isOdd = isWhole && Math.IEEERemainder(y, 2) != 0;
        double size = Math.Abs(x);
        if (x < 0 && size < double.PositiveInfinity && !isWhole)
        {
            return double.NaN;
        }

        double power = size == 1 ? 1
            : size == 0 || double.IsInfinity(size) || double.IsInfinity(y) ? ((size > 1) == (y > 0) ? double.PositiveInfinity : 0)
            : Exp(y * Log(size));
        return double.IsNegative(x) && isOdd ? -power : power;
    }

    /// <summary><c>sin x</c>; NaN for an infinite x. The argument is reduced by the double nearest to 2 pi: beyond 1e6 the error grows with x.</summary>
    public static double Sin(double x)
    {
        double angle = Math.IEEERemainder(x, 2 * Math.PI);
        angle = Math.Abs(angle) <= Math.PI / 2 ? angle : Math.CopySign(Math.PI, angle) - angle;
        double square = angle * angle, sum = 0;
        for (int k = 23; k >= 3; k -= 2)
        {
            sum = (1 - sum) * square / (k * (k - 1));
        }

        return angle - (angle * sum);
    }

    /// <summary><c>cos x</c>, like <see cref="Sin"/>.</summary>
    public static double Cos(double x) => Sin((Math.PI / 2) - Math.Abs(Math.IEEERemainder(x, 2 * Math.PI)));

    /// <summary>The angle in -pi/2..pi/2 whose tangent is x.</summary>
    public static double ArcTangent(double x) =>
        double.IsNaN(x) ? x : Math.CopySign(Math.Abs(x) > 1e150 ? Math.PI / 2 : Atan(Math.Abs(x)), x);

    /// <summary>The angle in -pi/2..pi/2 whose sine is x; NaN beyond 1.</summary>
    public static double ArcSine(double x) => ArcTangent(x / Math.Sqrt((1 - x) * (1 + x)));

    /// <summary>The angle in 0..pi whose cosine is x; NaN beyond 1.</summary>
    public static double ArcCosine(double x) => 2 * ArcTangent(Math.Sqrt((1 - x) / (1 + x)));

    /// <summary><c>(e^x - e^-x) / 2</c>.</summary>
    public static double Sinh(double x)
    {
        if (Math.Abs(x) < 0.1)
        {
            double square = x * x;
            return x * (1 + (square / 6 * (1 + (square / 20 * (1 + (square / 42 * (1 + (square / 72))))))));
        }

        return (Exp(x) - Exp(-x)) / 2;
    }

    /// <summary><c>(e^x + e^-x) / 2</c>.</summary>
    public static double Cosh(double x) => (Exp(x) + Exp(-x)) / 2;

    /// <summary>The number whose hyperbolic tangent is x; infinite at 1, NaN beyond.</summary>
    public static double ArcTanh(double x) => Math.Abs(x) < 1e-8 ? x : LogOf((1 + x) / (1 - x)) / 2;

    /// <summary>The error function, <c>2 / sqrt(pi) * integral of e^-t^2 from 0 to x</c>.</summary>
    /// <remarks>The series without alternating signs, Abramowitz and Stegun 7.1.6: nothing cancels.</remarks>
    public static double Erf(double x)
    {
        double size = Math.Abs(x);
        if (!(size < LargestErf))
        {
            return double.IsNaN(x) ? x : Math.Sign(x);
        }

        double term = size, sum = size;
        for (int k = 1; term > 1e-18 * sum; k++)
        {
            term *= 2 * size * size / ((2 * k) + 1);
            sum += term;
        }

        return Math.CopySign(2 / Math.Sqrt(Math.PI) * Exp(-size * size) * sum, x);
    }

    /// <summary><c>ln(1 + e^x)</c>, without overflow.</summary>
    public static double Softplus(double x) => Math.Max(x, 0) + LogOf(1 + Exp(-Math.Abs(x)));

    /// <summary><c>tanh x</c>.</summary>
    public static double Tanh(double x)
    {
        double shrunk = Exp(-2 * Math.Abs(x));
        return Math.CopySign((1 - shrunk) / (1 + shrunk), x);
    }
}
