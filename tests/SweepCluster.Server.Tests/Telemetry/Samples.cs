using System.Globalization;
using System.Text.RegularExpressions;

namespace SweepCluster.Server.Tests.Telemetry;

/// <summary>The samples of a scrape.</summary>
internal sealed partial class Samples
{
    private readonly Dictionary<string, double> _values = new(StringComparer.Ordinal);

    internal Samples(string text)
    {
        foreach (Match line in Line().Matches(text))
        {
            _values.Add(line.Groups["series"].Value, double.Parse(line.Groups["value"].Value.Replace("Inf", "∞", StringComparison.Ordinal), CultureInfo.InvariantCulture));
        }

        Families = [.. Family().Matches(text).Select(match => match.Groups["name"].Value)];
    }

    /// <summary>Names of what has a type.</summary>
    internal IReadOnlyList<string> Families { get; }

    /// <summary>Series whose text has all of some parts, with their values.</summary>
    internal IEnumerable<KeyValuePair<string, double>> Find(string name, params string[] parts) =>
        _values.Where(entry => (entry.Key == name || entry.Key.StartsWith($"{name}{{", StringComparison.Ordinal)) && parts.All(part => entry.Key.Contains(part, StringComparison.Ordinal)));

    /// <summary>Their sum; 0 where there are none.</summary>
    internal double Sum(string name, params string[] parts) => Find(name, parts).Sum(entry => entry.Value);

    [GeneratedRegex("^(?<series>[a-z_:][a-zA-Z0-9_:]*(\\{.*\\})?) (?<value>\\S+)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Line();

    [GeneratedRegex("^# TYPE (?<name>\\S+) ", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Family();
}
