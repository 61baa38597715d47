using System.Globalization;
using SweepCluster.Sweeps.Evaluation;

namespace SweepCluster.Cli.Terminal;

/// <summary>Numbers as people read them in a terminal.</summary>
internal static class Quantity
{
    /// <summary>A metric: shares in per cent, anything else as a number.</summary>
    internal static string Metric(string name, double value) => IsShare(name)
        ? (value * 100).ToString("0.00", CultureInfo.InvariantCulture) + " %"
        : value.ToString("G5", CultureInfo.InvariantCulture);

    /// <summary>A metric without its interval: <c>87.30 %</c>; what a user's command printed as it is, whatever its name.</summary>
    internal static string Value(string name, Estimate estimate) =>
        estimate.Samples == 0 ? estimate.Value.ToString("G5", CultureInfo.InvariantCulture) : Metric(name, estimate.Value);

    /// <summary>A metric with its interval: <c>87.30 % [85.77, 88.69]</c>.</summary>
    internal static string Metric(string name, Estimate estimate)
    {
        // Without samples it is a number that a user's command printed: whatever its name, its unit is not ours to know.
        if (estimate.Samples == 0)
        {
            return Value(name, estimate);
        }

        (double factor, string format) = IsShare(name) ? (100, "0.00") : (1, "G4");
        string low = (estimate.Low * factor).ToString(format, CultureInfo.InvariantCulture);
        string high = (estimate.High * factor).ToString(format, CultureInfo.InvariantCulture);
        return $"{Metric(name, estimate.Value)} [{low}, {high}]";
    }

    /// <summary>A loss of a metric with its interval: points for shares, <c>0.40 pt [-0.20, 1.13]</c>.</summary>
    internal static string Drop(string name, Estimate estimate) => Metric(name, estimate).Replace(" %", " pt", StringComparison.Ordinal);

    /// <summary>A loss of a metric without its interval: <c>0.40 pt</c>.</summary>
    internal static string DropValue(string name, Estimate estimate) => Value(name, estimate).Replace(" %", " pt", StringComparison.Ordinal);

    /// <summary>Whether a metric is a share of samples.</summary>
    internal static bool IsShare(string name) => name is "top1" or "top5" or "agreement";

    /// <summary>A duration as <c>1 h 02 min</c>, <c>3 min 20 s</c> or <c>42 s</c>.</summary>
    internal static string Duration(TimeSpan time) => time.TotalHours >= 1 ? $"{(int)time.TotalHours} h {time.Minutes:00} min"
        : time.TotalMinutes >= 1 ? $"{time.Minutes} min {time.Seconds:00} s"
        : string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds):0} s");

    /// <summary>A count with its noun: <c>1 weight</c>, <c>20 weights</c>.</summary>
    internal static string Count(int count, string noun) => string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");

    /// <summary>The first of some names: <c>a, b and 3 more</c>.</summary>
    /// <param name="names">All of them, as they are to be shown.</param>
    /// <param name="most">How many are shown.</param>
    internal static string Names(IReadOnlyCollection<string> names, int most) => string.Join(", ", names.Take(most)) + (names.Count > most ? $" and {names.Count - most} more" : "");

    /// <summary>A time of day where the terminal is: <c>2026-08-01 14:05</c>.</summary>
    internal static string Moment(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
