using System.Collections.Immutable;
using YamlDotNet.RepresentationModel;

namespace SweepCluster.Server.Tests.Monitoring;

/// <summary>The alert rules of the repository, and what their tests expect of them.</summary>
internal static class AlertRules
{
    /// <summary>Every alert.</summary>
    internal static ImmutableArray<AlertRule> All { get; } = [.. RuleFiles.SelectMany(Read)];

    /// <summary>The files of rules.</summary>
    internal static IEnumerable<string> RuleFiles => Directory.EnumerateFiles(Path.Combine(Promtool.Folder, "rules"), "*.yml").Order(StringComparer.Ordinal);

    /// <summary>The files of tests.</summary>
    internal static IEnumerable<string> TestFiles => Directory.EnumerateFiles(Path.Combine(Promtool.Folder, "tests"), "*.yml").Order(StringComparer.Ordinal);

    /// <summary>What the tests expect: the alert's name, and whether it fires there.</summary>
    internal static IEnumerable<(string Alert, bool Fires)> Expectations() =>
        from file in TestFiles
        from test in Items(Root(file), "tests")
        from expected in Items(test, "alert_rule_test")
        select (Text(expected, "alertname")!, Items(expected, "exp_alerts").Any());

    private static IEnumerable<AlertRule> Read(string file) =>
        from yamlGroup in Items(Root(file), "groups")
        from rule in Items(yamlGroup, "rules")
        let annotations = (YamlMappingNode)rule["annotations"]
        select new AlertRule(
            Text(rule, "alert")!, Text(rule, "expr")!, Text((YamlMappingNode)rule["labels"], "severity"),
            Text(annotations, "summary"), Text(annotations, "description"), Text(annotations, "runbook_url"));

    private static YamlMappingNode Root(string file)
    {
        YamlStream yaml = [];
        using StreamReader reader = new(file);
        yaml.Load(reader);
        return (YamlMappingNode)yaml.Documents[0].RootNode;
    }

    private static IEnumerable<YamlMappingNode> Items(YamlMappingNode node, string key) =>
        node.Children.TryGetValue(key, out YamlNode? list) ? ((YamlSequenceNode)list).Children.Cast<YamlMappingNode>() : [];

    private static string? Text(YamlMappingNode node, string key) => node.Children.TryGetValue(key, out YamlNode? value) ? ((YamlScalarNode)value).Value : null;
}
