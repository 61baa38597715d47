using System.Buffers;
using System.Globalization;
using SweepCluster.Graphs;

namespace SweepCluster.Sweeps.Summaries;

/// <summary>Reads sizes as people write them: <c>4MB</c>, <c>250 kB</c>, <c>300KiB</c>, <c>1024</c>.</summary>
public static class ByteSize
{
    private static readonly string[] s_units = ["B", "KB", "MB", "GB", "TB", "PB", "EB"];
    private static readonly SearchValues<char> s_digits = SearchValues.Create("0123456789.");

    /// <summary>Reads a size; units of 1,000 (kB, MB, GB) or of 1,024 (KiB, MiB, GiB), in any case; none: bytes.</summary>
    /// <param name="place">What messages call it: an option, a place in a filter.</param>
    /// <param name="text">The size.</param>
    /// <returns>Bytes, rounded down.</returns>
    /// <exception cref="BadInputException">It is no size.</exception>
    public static long Parse(string place, string text)
    {
        string trimmed = text.Trim();
        int digits = trimmed.AsSpan().IndexOfAnyExcept(s_digits);
        string unit = digits < 0 ? string.Empty : trimmed[digits..].TrimStart();
        return double.TryParse(digits < 0 ? trimmed : trimmed[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
            && TryUnit(unit, out double bytes) && number * bytes < long.MaxValue
            ? (long)(number * bytes)
            : throw new BadInputException($"{place}: found '{text}', expected a size as 4MB, 250kB or 300KiB.");
    }

    /// <summary>A size as people read it, in units of 1,000: <c>585 KB</c>, <c>43.2 MB</c>.</summary>
    /// <param name="bytes">Bytes, 0 or more.</param>
    public static string Write(long bytes) => Write(bytes, "0.00", "0.0");

    /// <summary>The same without trailing zeros, for the ticks of an axis: <c>200 KB</c>, <c>1.5 MB</c>.</summary>
    /// <param name="bytes">Bytes, 0 or more.</param>
    public static string WriteTick(double bytes) => Write(bytes, "0.##", "0.#");

    // Three digits, in the unit in which they begin before the point.
    private static string Write(double value, string twoDecimals, string oneDecimal)
    {
        int unit = 0;
        while (value >= 999.5 && unit < s_units.Length - 1)
        {
            value /= 1000;
            unit++;
        }

        string format = unit == 0 || value >= 99.95 ? "0" : value >= 9.995 ? oneDecimal : twoDecimals;
        return value.ToString(format, CultureInfo.InvariantCulture) + " " + s_units[unit];
    }

    /// <summary>Bytes of a unit, in any case; nothing at all stands for bytes.</summary>
    internal static bool TryUnit(string unit, out double bytes)
    {
        bytes = unit.ToUpperInvariant() switch
        {
            "" or "B" => 1,
            "KB" => 1e3,
            "MB" => 1e6,
            "GB" => 1e9,
            "KIB" => 1 << 10,
            "MIB" => 1 << 20,
            "GIB" => 1 << 30,
            _ => 0,
        };
        return bytes > 0;
    }
}
