using SweepCluster.Testing;

namespace SweepCluster.Server.Tests.Monitoring;

/// <summary>The alert rules: what promtool says of them, and that each has tests, words and a section in the runbook.</summary>
public sealed class AlertRuleTests
{
    public static TheoryData<string> RuleFiles => [.. AlertRules.RuleFiles.Select(file => Path.GetFileName(file))];

    public static TheoryData<string> TestFiles => [.. AlertRules.TestFiles.Select(file => Path.GetFileName(file))];

    public static TheoryData<string> Alerts => [.. AlertRules.All.Select(alert => alert.Name)];

    [Fact]
    public async Task CheckConfig_TheConfiguration_IsValid()
    {
        (int exitCode, string output) = await Promtool.RunAsync("check", "config", "prometheus.yml");

        Assert.True(exitCode == 0, output);
        Assert.Contains("1 rule files found", output, StringComparison.Ordinal); // found: a pattern that matches nothing is no error to promtool
    }

    [Theory, MemberData(nameof(RuleFiles))]
    public async Task CheckRules_EachFile_HasNoFault(string file)
    {
        (int exitCode, string output) = await Promtool.RunAsync("check", "rules", "--lint=all", "--lint-fatal", Path.Combine("rules", file));

        Assert.True(exitCode == 0, output);
    }

    [Theory, MemberData(nameof(TestFiles))]
    public async Task TestRules_EachFile_FiresWhenItShouldAndNotOtherwise(string file)
    {
        (int exitCode, string output) = await Promtool.RunAsync("test", "rules", Path.Combine("tests", file));

        Assert.True(exitCode == 0, output);
        Assert.Contains("SUCCESS", output, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Alerts))]
    public void EachAlert_TestedOnBothSides_FiresSomewhereAndNotElsewhere(string name)
    {
        Assert.Contains((name, true), AlertRules.Expectations());
        Assert.Contains((name, false), AlertRules.Expectations());
    }

    [Theory, MemberData(nameof(Alerts))]
    public void EachAlert_ReadByAPerson_SaysHowUrgentItIsAndWhatToDo(string name)
    {
        AlertRule alert = Assert.Single(AlertRules.All, alert => alert.Name == name);
        string runbook = File.ReadAllText(Path.Combine(SharedData.Repository, "docs", "monitoring.md"));

        Assert.StartsWith("SweepCluster", name, StringComparison.Ordinal);
        Assert.Contains(alert.Severity, (string[])["critical", "warning", "info"]);
        Assert.EndsWith(".", alert.Summary, StringComparison.Ordinal);
        Assert.EndsWith(".", alert.Description, StringComparison.Ordinal);
        Assert.Equal($"docs/monitoring.md#{name.ToLowerInvariant()}", alert.Runbook);
        Assert.Contains($"### {name}\n\n*{alert.Severity}.*", runbook, StringComparison.Ordinal);
    }
}
