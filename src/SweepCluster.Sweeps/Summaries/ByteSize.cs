using System.Globalization;
using SweepCluster.Graphs;

namespace SweepCluster.Sweeps.Summaries;

/// <summary>Reads sizes as people write them: <c>4MB</c>, <c>250 kB</c>, <c>300KiB</c>, <c>1024</c>.</summary>
public static class ByteSize
{
    private static readonly (string Unit, double Bytes)[] s_units =
    [
        ("kib", 1L << 10), ("mib", 1L << 20), ("gib", 1L << 30), ("kb", 1e3), ("mb", 1e6), ("gb", 1e9), ("b", 1), (string.Empty, 1),
    ];

    /// <summary>Reads a size; units of 1,000 (kB, MB, GB) or of 1,024 (KiB, MiB, GiB), in any case; none: bytes.</summary>
    /// <param name="place">What messages call it: an option, a place in a filter.</param>
    /// <param name="text">The size.</param>
    /// <returns>Bytes, rounded down.</returns>
    /// <exception cref="BadInputException">It is no size.</exception>
    public static long Parse(string place, string text)
    {
        string trimmed = text.Trim();
        foreach ((string unit, double bytes) in s_units)
        {
            if (trimmed.EndsWith(unit, StringComparison.OrdinalIgnoreCase)
                && double.TryParse(trimmed[..^unit.Length].TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
                && number * bytes < long.MaxValue)
            {
                return (long)(number * bytes);
            }
        }

        throw new BadInputException($"{place}: found '{text}', expected a size as 4MB, 250kB or 300KiB.");
    }
}
