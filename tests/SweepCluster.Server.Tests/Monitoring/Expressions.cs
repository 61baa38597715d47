using System.Text.RegularExpressions;

namespace SweepCluster.Server.Tests.Monitoring;

/// <summary>What an expression of Prometheus' language asks for.</summary>
internal static partial class Expressions
{
    private static readonly string[] s_words = ["and", "or", "unless", "bool", "offset", "by", "without", "on", "ignoring", "group_left", "group_right", "inf", "nan"];

    /// <summary>The selectors in it, as <c>up{job="x"}</c>.</summary>
    internal static IEnumerable<string> SelectorsOf(string expression) => Selector().Matches(LabelList().Replace(expression, " "))
        .Select(match => match.Value).Where(selector => selector[0] != '"' && !s_words.Contains(NameOf(selector), StringComparer.OrdinalIgnoreCase)).Distinct(StringComparer.Ordinal);

    /// <summary>The metrics in it.</summary>
    internal static IEnumerable<string> MetricsOf(string expression) => SelectorsOf(expression).Select(NameOf).Distinct(StringComparer.Ordinal);

    private static string NameOf(string selector) => selector.Split('{')[0].Trim();

    [GeneratedRegex(@"\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)")]
    private static partial Regex LabelList();

    // A string, or a name that is no function's, with its matchers.
    [GeneratedRegex("""
        "[^"]*"|(?<![\w:$])[a-zA-Z_:][\w:]*\b(?!\s*\()(\s*\{[^}]*\})?
        """)]
    private static partial Regex Selector();
}
