namespace SweepCluster.Reports.Plots;

/// <summary>Round numbers within a range.</summary>
internal static class NiceSteps
{
    /// <summary>Multiples of 1, 2, 2.5 or 5 times a power of ten, at most <paramref name="most"/> of them.</summary>
    internal static double[] Linear(double low, double high, int most)
    {
        double span = high - low;
        if (!(span > 0) || !double.IsFinite(span))
        {
            return [low];
        }

        double power = Math.Pow(10, Math.Floor(Math.Log10(span / most)));
        double step = new[] { 1, 2, 2.5, 5, 10, 20 }.Select(factor => factor * power).First(candidate => Math.Floor(high / candidate) - Math.Ceiling(low / candidate) < most);
        long first = (long)Math.Ceiling(low / step);
        long last = (long)Math.Floor(high / step);
        return [.. Enumerable.Range(0, (int)(last - first + 1)).Select(index => (first + index) * step)];
    }

    /// <summary>1, 2 and 5 times powers of ten (where these are few, 1.5, 3 and 7 as well); both ends above 0.</summary>
    internal static double[] Logarithmic(double low, double high)
    {
        double[] coarse = Multiples(low, high, [1, 2, 5]);
        return coarse.Length >= 4 ? coarse : Multiples(low, high, [1, 1.5, 2, 3, 5, 7]);
    }

    private static double[] Multiples(double low, double high, double[] factors)
    {
        List<double> values = [];
        for (int exponent = (int)Math.Floor(Math.Log10(low)); exponent <= Math.Log10(high); exponent++)
        {
            values.AddRange(factors.Select(factor => factor * Math.Pow(10, exponent)).Where(value => value >= low && value <= high));
        }

        return [.. values];
    }
}
