using SweepCluster.Graphs;
using SweepCluster.Sweeps.Summaries;
using SweepCluster.Sweeps.Summaries.Queries;
using SweepCluster.Sweeps.Tests.Fixtures;

namespace SweepCluster.Sweeps.Tests.Summaries;

public class TrialQueryTests
{
    private static readonly SweepSummary s_summary = TestSummary.Of(
        TestSummary.Trial("pal4", 250_000, 0.04, 0.05) with { OnFrontier = true },
        TestSummary.Trial("mixed-01", 300_000, 0.02, 0.03) with { OnFrontier = true },
        TestSummary.Trial("mixed-02", 300_001, 0.03, 0.04),
        TestSummary.Trial("mixed-03", 131_072, 0.4, 0.5),
        TestSummary.Trial("broken", 0, 0, 0) with { Choice = null, CompressionRatio = 0, Failure = "broke" });

    private static string Labels(string where, int? top = null) =>
        string.Join(", ", TrialQuery.Parse(where, s_summary).Select(s_summary, top).Select(trial => trial.Label));

    [Theory]
    [InlineData("", "baseline, mixed-01, mixed-02, pal4, mixed-03, broken")]
    [InlineData("size<=300KB and top1>=86 and kind=mixed", "mixed-01")]
    [InlineData("size <= 300001", "mixed-01, mixed-02, pal4, mixed-03, broken")]
    [InlineData("size = 128KiB", "mixed-03")]
    [InlineData("size > 0.3MB", "baseline, mixed-02")]
    [InlineData("top1 >= 88%", "baseline, mixed-01")]
    [InlineData("drop <= 3", "baseline, mixed-01, mixed-02")]
    [InlineData("kl < 0.03", "baseline, mixed-01")]
    [InlineData("frontier", "mixed-01, pal4")]
    [InlineData("frontier=false and not kind=baseline", "mixed-02, mixed-03, broken")]
    [InlineData("not (frontier or kind=baseline) and ratio>4", "mixed-03")]
    [InlineData("kind=uniform or kind=mixed and frontier", "mixed-01, pal4, broken")] // 'and' binds before 'or'
    [InlineData("label~mixed and family=palettize", "mixed-01, mixed-02, mixed-03")]
    [InlineData("family!=palettize", "baseline")]
    [InlineData("ID=id-pal4", "pal4")]
    [InlineData("id=ID-Mixed", "mixed-01, mixed-02, mixed-03")] // the first characters are enough
    [InlineData("id!=id-mixed and id!=id-p", "baseline, broken")]
    [InlineData("top1 != 88", "baseline, mixed-02, pal4, mixed-03")] // a failed trial has no top1
    public void Select_Filter_GivesMatchesBestFirst(string where, string labels) => Assert.Equal(labels, Labels(where));

    [Fact]
    public void Select_Top_GivesTheFirst() => Assert.Equal("baseline, mixed-01", Labels("", 2));

    [Theory]
    [InlineData("sise<3", "--where, character 1: found 'sise', expected one of id, label, kind, family, frontier, size, ratio, drop, kl, top1; did you mean 'size'?")]
    [InlineData("size<", "--where, character 6: found the end, expected a size, as 300KB or 1.5MiB.")]
    [InlineData("size<3XB", "--where, character 6: found '3XB', expected a size, as 300KB or 1.5MiB.")]
    [InlineData("top1>=high", "--where, character 7: found 'high', expected a number of per cent, as 86.5.")]
    [InlineData("size and top1>3", "--where, character 6: found 'and', expected a comparison after 'size': <= >= != == = < > ~.")]
    [InlineData("kind>mixed", "--where, character 5: found '>', expected =, != or ~ for a text.")]
    [InlineData("size~3", "--where, character 5: found '~', expected =, !=, <, <=, > or >= for a number.")]
    [InlineData("(size<3", "--where, character 8: found the end, expected ')'.")]
    [InlineData("size<3 top1>3", "--where, character 8: found 'top1', expected and, or, or the end.")]
    [InlineData("size<3)", "--where, character 7: found ')', expected and, or, or the end.")]
    [InlineData("size<3 and", "--where, character 11: found the end, expected one of id, label, kind, family, frontier, size, ratio, drop, kl, top1.")]
    public void Parse_Fault_NamesTheCharacter(string where, string fault) =>
        Assert.Equal(fault, Assert.Throws<BadInputException>(() => TrialQuery.Parse(where, s_summary)).Message);

    [Fact]
    public void Parse_NestedBeyondReason_IsRefused() =>
        Assert.Contains("at most 64 levels", Assert.Throws<BadInputException>(() => TrialQuery.Parse(new string('(', 10_000), s_summary)).Message, StringComparison.Ordinal);
}
