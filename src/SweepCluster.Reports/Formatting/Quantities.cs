using System.Globalization;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Reports.Formatting;

/// <summary>How quantities read in every page and table: invariant, the same on every machine. A number and its unit never part at a line's end.</summary>
public static class Quantities
{
    private const char NoBreak = '\u00A0';

    /// <summary>Bytes in units of 1000 with three digits: <c>187 KB</c>, <c>1.87 MB</c>.</summary>
    /// <param name="bytes">Bytes, 0 or more.</param>
    public static string Bytes(long bytes) => ByteSize.Write(bytes).Replace(' ', NoBreak);

    /// <summary>Bytes in units of 1000 without trailing zeros, for ticks: <c>200 KB</c>, <c>1.5 MB</c>.</summary>
    public static string TickBytes(double bytes) => ByteSize.WriteTick(bytes).Replace(' ', NoBreak);

    /// <summary>A whole number with thousands apart: <c>1,000</c>.</summary>
    public static string Count(long count) => Minus(count.ToString("#,0", CultureInfo.InvariantCulture));

    /// <summary>A count with its noun: <c>1 layer</c>, <c>20 layers</c>.</summary>
    public static string Count(long count, string noun) => $"{Count(count)} {noun}{(count == 1 ? "" : "s")}";

    /// <summary>A share 0..1 in per cent with two decimals: <c>87.30 %</c>.</summary>
    public static string Share(double share) => Fixed(share * 100, "0.00") + NoBreak + '%';

    /// <summary>A difference of shares in percentage points with two decimals: <c>0.35 pt</c>.</summary>
    public static string Points(double difference) => Fixed(difference * 100, "0.00") + NoBreak + "pt";

    /// <summary>A factor with two decimals: <c>3.97×</c>.</summary>
    public static string Ratio(double ratio) => Fixed(ratio, "0.00") + '×';

    /// <summary>A plain number with four digits: <c>0.001234</c>, <c>12.34</c>, <c>1.234e−7</c>.</summary>
    public static string Number(double value) => Digits(value, 4);

    /// <summary>A value of a metric in the unit it is read in.</summary>
    /// <param name="metric">The metric.</param>
    /// <param name="value">Value in the metric's own unit; shares are 0..1.</param>
    public static string Metric(MetricUnit metric, double value) => metric.IsShare ? Share(value) : Number(value);

    /// <summary>A drop of a metric: points for shares, else a plain number; positive is worse.</summary>
    public static string Drop(MetricUnit metric, double drop) => metric.IsShare ? Points(drop) : Number(drop);

    /// <summary>The interval of a metric without its unit: <c>85.91 to 88.52</c>; empty where none is known.</summary>
    public static string Interval(MetricUnit metric, Estimate estimate) => estimate.Samples == 0
        ? ""
        : metric.IsShare
            ? $"{Fixed(estimate.Low * 100, "0.00")} to {Fixed(estimate.High * 100, "0.00")}"
            : $"{Digits(estimate.Low, 3)} to {Digits(estimate.High, 3)}";

    /// <summary>Value and interval of a metric in one line: <c>87.30 % (95 % interval 85.91 to 88.52)</c>.</summary>
    public static string MetricWithInterval(MetricUnit metric, Estimate estimate) => Metric(metric, estimate.Value) + Bracket(metric, estimate);

    /// <summary>Value and interval of a drop in one line: <c>0.35 pt (95 % interval −0.10 to 0.80)</c>.</summary>
    public static string DropWithInterval(MetricUnit metric, Estimate drop) => Drop(metric, drop.Value) + Bracket(metric, drop);

    /// <summary>A limit on a drop, as a person would say it: <c>1 pt</c>, <c>0.5 pt</c>.</summary>
    public static string Goal(MetricUnit metric, double drop) =>
        metric.IsShare ? Fixed(drop * 100, "0.####") + NoBreak + "pt" : Number(drop);

    /// <summary>A number for machines: shortest text that reads back to the same bits.</summary>
    public static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A coordinate in per cent of a plot's side, three decimals.</summary>
    public static string Percent(double share) => (share * 100).ToString("0.###", CultureInfo.InvariantCulture) + "%";

    private static string Digits(double value, int digits)
    {
        if (value == 0 || !double.IsFinite(value))
        {
            return Fixed(value, "0");
        }

        int exponent = (int)Math.Floor(Math.Log10(Math.Abs(value)));
        return exponent is < -3 or > 7
            ? Minus(value.ToString("0." + new string('#', digits - 1) + "e-0", CultureInfo.InvariantCulture))
            : Fixed(value, "0." + new string('#', Math.Max(0, digits - 1 - exponent)));
    }

    private static string Bracket(MetricUnit metric, Estimate estimate) =>
        estimate.Samples == 0 ? "" : $" (95{NoBreak}% interval {Interval(metric, estimate)})";

    private static string Fixed(double value, string pattern)
    {
        string text = value.ToString(pattern, CultureInfo.InvariantCulture);
        return Minus(text.StartsWith('-') && !text.AsSpan().ContainsAnyInRange('1', '9') && double.IsFinite(value) ? text[1..] : text);
    }

    private static string Minus(string text) => text.Replace('-', '\u2212');
}
