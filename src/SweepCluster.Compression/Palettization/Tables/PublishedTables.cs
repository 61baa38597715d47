using System.Collections.Immutable;

namespace SweepCluster.Compression.Palettization.Tables;

/// <summary>Tables that papers and standards give, relative to the largest magnitude.</summary>
internal static class PublishedTables
{
    /// <summary>NormalFloat4: quantiles of the normal distribution with an exact 0, ascending. Source: Dettmers et al., QLoRA, arXiv:2305.14314, appendix E.</summary>
    internal static ImmutableArray<double> NormalFloat4 { get; } =
    [
        -1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635, -0.18477343022823334, -0.09105003625154495, 0.0,
        0.07958029955625534, 0.16093020141124725, 0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0,
    ];

    /// <summary>A float of 4 bits in the order of its codes: sign, two bits of exponent, one of mantissa. Code 8 would be -0: its entry is a second 0, which no value is given.
    /// Source: OCP Microscaling Formats (MX) v1.0, section 5.3.3.</summary>
    internal static ImmutableArray<double> Float4 { get; } = [.. new[] { 1.0, -1.0 }.SelectMany(sign => new[] { 0, 0.5, 1, 1.5, 2, 3, 4, 6 }.Select(magnitude => sign * magnitude / 6))];

    /// <summary>0 and powers of two with either sign from 1 down, ascending. The count is even, so one side has one entry more: that of the value of the largest magnitude.</summary>
    /// <param name="size">Entries, 2 or more, even.</param>
    /// <param name="isNegative">Whether the largest magnitude is that of a negative value.</param>
    internal static double[] PowersOfTwo(int size, bool isNegative)
    {
        int longer = size / 2, shorter = longer - 1;
        IEnumerable<double> negative = Enumerable.Range(0, isNegative ? longer : shorter).Select(power => -Math.ScaleB(1, -power));
        IEnumerable<double> positive = Enumerable.Range(0, isNegative ? shorter : longer).Select(power => Math.ScaleB(1, -power)).Reverse();
        return [.. negative, 0, .. positive];
    }
}
