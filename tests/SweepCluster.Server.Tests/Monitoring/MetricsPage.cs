using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.RegularExpressions;
using SweepCluster.Testing;

namespace SweepCluster.Server.Tests.Monitoring;

/// <summary>The page that lists every metric, <c>docs/metrics.md</c>: tables of name, type, labels, meaning.</summary>
internal static partial class MetricsPage
{
    private static readonly FrozenSet<string> s_types = new[] { "counter", "gauge", "histogram" }.ToFrozenSet();

    /// <summary>Every metric on it.</summary>
    internal static ImmutableArray<ListedMetric> All { get; } = [.. Read()];

    /// <summary>The metric that a name in an expression belongs to: a histogram has three.</summary>
    /// <returns>Null where the page lacks it.</returns>
    internal static ListedMetric? Find(string name) =>
        All.FirstOrDefault(metric => metric.Name == name && metric.Type != "histogram") ?? All.FirstOrDefault(metric => metric.Type == "histogram" && Part().Replace(name, "") == metric.Name && name != metric.Name);

    private static IEnumerable<ListedMetric> Read()
    {
        ImmutableHashSet<string> common = [];
        foreach (string line in File.ReadLines(Path.Combine(SharedData.Repository, "docs", "metrics.md")))
        {
            if (line.StartsWith('#'))
            {
                common = [];
            }
            else if (line.StartsWith("All have the labels ", StringComparison.Ordinal))
            {
                common = [.. Code().Matches(line).Select(match => match.Groups[1].Value)];
            }
            else if (line.StartsWith("| `", StringComparison.Ordinal) && line.Split('|') is [_, var names, var type, var labels, _, _] && s_types.Contains(type.Trim()))
            {
                foreach (Match name in Code().Matches(names))
                {
                    yield return new ListedMetric(
                        name.Groups[1].Value, type.Trim(), common.Union(Code().Matches(labels).Select(match => match.Groups[1].Value)), ValuesOf(labels));
                }
            }
        }
    }

    // `kind` = probe, trial; `other`
    private static ImmutableDictionary<string, ImmutableArray<string>> ValuesOf(string labels) => labels.Split(';')
        .Select(label => label.Split('=', 2))
        .Where(label => label.Length == 2 && !label[1].Contains("...", StringComparison.Ordinal))
        .ToImmutableDictionary(label => label[0].Trim(' ', '`'), label => label[1].Split(',').Select(value => value.Trim()).ToImmutableArray());

    [GeneratedRegex("`([a-z0-9_]+)`")]
    private static partial Regex Code();

    [GeneratedRegex("_(bucket|count|sum)$")]
    private static partial Regex Part();
}
