using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;
using SweepCluster.Reports.Formatting;

namespace SweepCluster.Reports.Findings;

/// <summary>Names that share a reason. Reasons that differ in their numbers alone are one: <c>16 to 1,728 elements, the threshold is 2,048</c>.</summary>
/// <param name="Reason">The reason, with the range of each number that differs.</param>
/// <param name="Names">Names in their given order.</param>
internal sealed partial record ReasonGroup(string Reason, IReadOnlyList<string> Names)
{
    /// <summary>Groups in order of the first name of each.</summary>
    internal static ReasonGroup[] Of(IEnumerable<(string Name, string Reason)> entries) =>
    [
        .. entries.GroupBy(entry => Numbers().Replace(entry.Reason, "#"), StringComparer.Ordinal)
            .Select(group => new ReasonGroup(Merge([.. group.Select(entry => entry.Reason).Distinct(StringComparer.Ordinal)]), [.. group.Select(entry => entry.Name)])),
    ];

    private static string Merge(string[] reasons)
    {
        if (reasons.Length == 1)
        {
            return reasons[0];
        }

        BigInteger[][] numbers = [.. reasons.Select(reason => Numbers().Matches(reason).Select(match => BigInteger.Parse(match.Value, CultureInfo.InvariantCulture)).ToArray())];
        StringBuilder text = new();
        int end = 0;
        int index = 0;
        foreach (Match match in Numbers().Matches(reasons[0]))
        {
            (BigInteger low, BigInteger high) = (numbers.Min(row => row[index]), numbers.Max(row => row[index]));
            text.Append(reasons[0], end, match.Index - end).Append(low == high ? match.Value : $"{Text(low)} to {Text(high)}");
            end = match.Index + match.Length;
            index++;
        }

        return text.Append(reasons[0], end, reasons[0].Length - end).ToString();
    }

    private static string Text(BigInteger number) => number <= long.MaxValue ? Quantities.Count((long)number) : number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Numbers();
}
