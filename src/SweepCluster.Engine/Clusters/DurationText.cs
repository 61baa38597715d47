using System.Globalization;
using SweepCluster.Graphs;

namespace SweepCluster.Engine.Clusters;

/// <summary>Durations as people write them in a command line: <c>90s</c>, <c>10m</c>, <c>1.5h</c>.</summary>
public static class DurationText
{
    private const double MostDays = 365;

    /// <summary>Reads a duration.</summary>
    /// <param name="place">What messages call it.</param>
    /// <param name="text">The text.</param>
    /// <returns>The duration; <see cref="Timeout.InfiniteTimeSpan"/> for <c>none</c>.</returns>
    /// <exception cref="BadInputException">It is none.</exception>
    public static TimeSpan Parse(string place, string text)
    {
        if (text == "none")
        {
            return Timeout.InfiniteTimeSpan;
        }

        double seconds = text.Length < 2 ? 0 : text[^1] switch
        {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86400,
            _ => 0,
        };
        return seconds > 0 && double.TryParse(text.AsSpan(..^1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && value * seconds is >= 1 and <= MostDays * 86400
            ? TimeSpan.FromSeconds(value * seconds)
            : throw new BadInputException($"{place}: found '{text}', expected a time of a second to a year, as 90s, 10m or 2h, or none.");
    }

    /// <summary>Writes one, as <see cref="Parse"/> reads it; none where there is none.</summary>
    public static string Write(TimeSpan? time) => time is not { } set ? "none"
        : set.TotalSeconds % 3600 == 0 ? string.Create(CultureInfo.InvariantCulture, $"{set.TotalHours}h")
        : set.TotalSeconds % 60 == 0 ? string.Create(CultureInfo.InvariantCulture, $"{set.TotalMinutes}m")
        : string.Create(CultureInfo.InvariantCulture, $"{set.TotalSeconds}s");
}
