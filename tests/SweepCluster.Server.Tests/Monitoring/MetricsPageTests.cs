using System.Globalization;
using System.Text.RegularExpressions;

namespace SweepCluster.Server.Tests.Monitoring;

/// <summary>Dashboards and alerts ask only for metrics, labels and values that <c>docs/metrics.md</c> lists.</summary>
public sealed partial class MetricsPageTests
{
    // Given by Prometheus to every series, or made by an expression itself.
    private static readonly string[] s_given = ["job", "instance", "le", "short", "text"];

    [Fact]
    public void Page_EachMetric_IsListedOnceWithAName()
    {
        Assert.NotEmpty(MetricsPage.All);
        Assert.Equal(MetricsPage.All.Length, MetricsPage.All.Select(metric => metric.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.All(MetricsPage.All, metric => Assert.Equal(metric.Type == "counter", metric.Name.EndsWith("_total", StringComparison.Ordinal)));
    }

    [Fact]
    public void Selectors_OfDashboardsAndAlerts_NameMetricsAndLabelsOfThePage()
    {
        foreach ((string place, string expression) in AllExpressions())
        {
            foreach (string selector in Expressions.SelectorsOf(expression))
            {
                string name = selector.Split('{')[0].Trim();
                if (name == "up")
                {
                    continue;
                }

                ListedMetric? metric = MetricsPage.Find(name);
                Assert.True(metric is not null, $"{place}: {name} is not on docs/metrics.md.");
                foreach (Match matcher in Matcher().Matches(selector))
                {
                    (string label, string comparison, string value) = (matcher.Groups[1].Value, matcher.Groups[2].Value, matcher.Groups[3].Value);
                    Assert.True(metric.Labels.Contains(label) || s_given.Contains(label), $"{place}: {name} has no label {label}.");
                    if (!value.Contains('$', StringComparison.Ordinal) && metric.Values.TryGetValue(label, out var listed))
                    {
                        Assert.All(comparison is "=~" or "!~" ? value.Split('|') : [value], found => Assert.True(listed.Contains(found), string.Create(CultureInfo.InvariantCulture, $"{place}: {name} has no {label} {found}.")));
                    }
                }
            }
        }
    }

    [Fact]
    public void Groupings_OfDashboardsAndAlerts_NameLabelsOfTheirMetrics()
    {
        foreach ((string place, string expression) in AllExpressions())
        {
            HashSet<string> known = [.. s_given, .. Expressions.MetricsOf(expression).Where(name => name != "up").SelectMany(name => MetricsPage.Find(name)!.Labels)];
            Assert.All(
                Grouping().Matches(expression).SelectMany(match => match.Groups[1].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)),
                label => Assert.True(known.Contains(label), $"{place}: none of its metrics has a label {label}."));
        }
    }

    private static IEnumerable<(string Place, string Expression)> AllExpressions() =>
    [
        .. Dashboard.All.SelectMany(dashboard => dashboard.Expressions),
        .. AlertRules.All.Select(alert => (alert.Name, alert.Expression)),
    ];

    [GeneratedRegex("""([a-z_]+)\s*(=~|!~|!=|=)\s*"([^"]*)""")]
    private static partial Regex Matcher();

    [GeneratedRegex(@"\b(?:by|without|on|group_left|group_right)\s*\(([^)]*)\)")]
    private static partial Regex Grouping();
}
