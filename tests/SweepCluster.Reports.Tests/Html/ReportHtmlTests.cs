using System.Collections.Immutable;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using SweepCluster.Reports.Html;
using SweepCluster.Reports.Tests.Sample;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Reports.Tests.Html;

public sealed class ReportHtmlTests
{
    private static readonly string[] s_addresses = ["href", "src", "action", "srcset", "data", "poster"];

    [Fact]
    public async Task RenderAsync_Sample_IsWellFormedAndSelfContained()
    {
        string html = await ReportHtml.RenderAsync(SampleSummary.Create(), CancellationToken.None);

        XDocument document = XDocument.Parse(html);
        Assert.StartsWith("<!DOCTYPE html>\n<html lang=\"en\">", html, StringComparison.Ordinal);
        string[] links = [.. document.Descendants().Attributes().Where(attribute => s_addresses.Contains(attribute.Name.LocalName)).Select(attribute => attribute.Value)];
        Assert.NotEmpty(links);
        Assert.All(links, link => Assert.Matches("^(#.+|report[.]json|trials[.]csv|sensitivity[.]csv|timings[.]json)$", link));
        Assert.DoesNotContain(document.Descendants(), element => element.Name.LocalName is "link" or "iframe" or "img" or "object" or "embed" or "base");
        Assert.DoesNotMatch("https?://|url\\(|@import|fetch\\(|XMLHttpRequest|import\\(", html);
    }

    [Fact]
    public async Task RenderAsync_Sample_HasEveryTrialAsRowAndEveryMeasuredOneAsPoint()
    {
        SweepSummary summary = SampleSummary.Create();

        XDocument document = XDocument.Parse(await ReportHtml.RenderAsync(summary, CancellationToken.None));

        string[] rows = [.. document.Descendants("tr").Select(row => (string?)row.Attribute("data-trial")).OfType<string>()];
        Assert.Equal(summary.Trials.Select(trial => trial.Id).Prepend(summary.Baseline.Id), rows);
        string[] measured = [.. summary.Trials.Where(trial => trial.Failure is null).Select(trial => trial.Id).Append(summary.Baseline.Id).Order(StringComparer.Ordinal)];
        foreach (XElement canvas in document.Descendants().Where(element => Class(element) == "canvas"))
        {
            Assert.Equal(measured, canvas.Descendants("a").Select(point => point.Attribute("data-trial")!.Value).Order(StringComparer.Ordinal));
        }

        string ids = string.Join('\n', document.Descendants().Attributes("id").Select(id => id.Value).GroupBy(id => id).Where(group => group.Count() > 1).Select(group => group.Key));
        Assert.Equal("", ids);
    }

    [Fact]
    public async Task RenderAsync_Sample_NamesEveryLayerSchemeReasonAndNotice()
    {
        SweepSummary summary = SampleSummary.Create();

        string text = XDocument.Parse(await ReportHtml.RenderAsync(summary, CancellationToken.None)).Root!.Value;

        Assert.All(summary.Layers, layer => Assert.Contains(layer.Name, text, StringComparison.Ordinal));
        Assert.All(summary.Schemes, scheme => Assert.Contains(scheme.Label, text, StringComparison.Ordinal));
        Assert.All(summary.LeftAlone, weight => Assert.Contains(weight.Name, text, StringComparison.Ordinal));
        Assert.All(summary.Notices, notice => Assert.Contains(notice, text, StringComparison.Ordinal));
        Assert.Contains("432 to 640 elements, the threshold is 2048", text, StringComparison.Ordinal);
        Assert.Contains("12 pairs", text, StringComparison.Ordinal);
        Assert.Contains("scale is not finite in layer stage3.2.conv2.weight", text, StringComparison.Ordinal);
        Assert.Contains(summary.Provenance.ModelHash, text, StringComparison.Ordinal);
        Assert.Contains(summary.Provenance.Spec, text, StringComparison.Ordinal);
        Assert.Contains($"sweep export RESULT_FOLDER --trial {summary.Recommendation.ProvenTrial} -o ResNet20-mixed-07.mlpackage", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RenderAsync_HostileTexts_StayText()
    {
        const string Hostile = "<script>alert('x')</script>\"' onload=x & ]]> \0\u0001\u001b\uFFFF";
        SweepSummary sample = SampleSummary.Create();
        SweepSummary summary = sample with
        {
            Name = Hostile,
            Metric = Hostile,
            Baseline = sample.Baseline with { Choice = new MetricSummary(sample.Baseline.Choice!.Values.ToImmutableSortedDictionary(StringComparer.Ordinal).Add(Hostile, sample.Baseline.Choice.Values["top1"]), sample.Baseline.Choice.Drop) },
            Provenance = sample.Provenance with { ModelName = Hostile, Spec = Hostile },
            Layers = [sample.Layers[0] with { Name = Hostile }],
            Schemes = [new SchemeSummary(Hostile, Hostile, Hostile)],
            Sensitivities = [new SensitivitySummary(Hostile, Hostile, null, null, null, null, null, Hostile)],
            LeftAlone = [new LeftAloneSummary(Hostile, Hostile, 1, Hostile)],
            Notices = [Hostile],
            Trials = [sample.Trials[0] with { Id = Hostile, Label = Hostile, Failure = Hostile, Schemes = ImmutableSortedDictionary.CreateRange<string, string>(StringComparer.Ordinal, [new(Hostile, Hostile)]) }],
            Recommendation = new Recommendation(null, Hostile, Hostile, [Hostile]),
        };

        string html = await ReportHtml.RenderAsync(summary, CancellationToken.None);

        XDocument document = XDocument.Parse(html);
        Assert.Single(document.Descendants("script"));
        Assert.DoesNotContain(document.Descendants().Attributes(), attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.DoesNotContain("<script>alert", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RenderAsync_RecommendedTrial_IsRingedOnEachCanvasAndMarkedInTheTable()
    {
        SweepSummary summary = SampleSummary.Create();

        XDocument document = XDocument.Parse(await ReportHtml.RenderAsync(summary, CancellationToken.None));

        string[] ringed = [.. document.Descendants("a").Where(point => point.Descendants("circle").Any(circle => Class(circle) == "ring")).Select(point => point.Attribute("data-trial")!.Value)];
        Assert.Equal([summary.Recommendation.ProvenTrial!, summary.Recommendation.ProvenTrial!], ringed);
        XElement row = document.Descendants("tr").Single(row => Class(row).StartsWith("recommended", StringComparison.Ordinal));
        Assert.Equal(summary.Recommendation.ProvenTrial, row.Attribute("data-trial")!.Value);
    }

    [Fact]
    public async Task RenderAsync_ConfirmedTrials_CarryTheirMark()
    {
        SweepSummary summary = SampleSummary.Create();
        XDocument document = XDocument.Parse(await ReportHtml.RenderAsync(summary, CancellationToken.None));
        XElement canvas = document.Descendants().Last(element => Class(element) == "canvas");

        string[] marked = [.. canvas.Descendants("a").Where(point => point.Descendants("circle").Any(circle => Class(circle) == "confirmed")).Select(point => point.Attribute("data-trial")!.Value)];

        Assert.Equal(
            summary.Trials.Append(summary.Baseline).Where(trial => trial.Confirm is not null).Select(trial => trial.Id).Order(StringComparer.Ordinal),
            marked.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task RenderAsync_NothingProven_ShowsTheNearestPlanWithoutACommand()
    {
        SweepSummary sample = SampleSummary.Create();
        SweepSummary summary = sample with { Recommendation = new Recommendation(null, sample.Trials[3].Id, "The interval is too wide for the goal.", []) };

        string text = XDocument.Parse(await ReportHtml.RenderAsync(summary, CancellationToken.None)).Root!.Value;

        Assert.Contains("No plan is proven to lose at most 1\u00A0pt of top-1 accuracy. The nearest is pal2/g16:", text, StringComparison.Ordinal);
        Assert.Contains("The interval is too wide for the goal.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("sweep export", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RenderAsync_EmptySweep_StillRenders()
    {
        SweepSummary sample = SampleSummary.Create();
        SweepSummary summary = sample with
        {
            MaxDrop = null,
            Baseline = sample.Baseline with { Choice = null, Confirm = null },
            Trials = [],
            Layers = [],
            Schemes = [],
            Sensitivities = [],
            LeftAlone = [],
            Notices = [],
            Recommendation = new Recommendation(null, null, "Nothing was measured.", []),
        };

        string text = XDocument.Parse(await ReportHtml.RenderAsync(summary, CancellationToken.None)).Root!.Value;

        Assert.Contains("No plan was measured, so there is nothing to draw.", text, StringComparison.Ordinal);
        Assert.Contains("No layer was probed.", text, StringComparison.Ordinal);
        Assert.Contains("Not validated on a device", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RenderAsync_TenThousandTrials_FoldsTheTableAndKeepsEveryRow()
    {
        SweepSummary sample = SampleSummary.Create();
        SweepSummary summary = sample with
        {
            Trials = [.. Enumerable.Range(0, 10_000).Select(index => sample.Trials[index % 20] with { Id = $"{index:x16}", OnFrontier = index < 20, Kind = PlanKind.Mixed })],
        };

        XDocument document = XDocument.Parse(await ReportHtml.RenderAsync(summary, CancellationToken.None));

        XElement table = document.Descendants("table").Single(element => Class(element) == "trials");
        Assert.Equal(10_001, table.Descendants("tr").Count(row => row.Attribute("data-trial") is not null));
        XElement fold = table.Ancestors("details").Single();
        Assert.Null(fold.Attribute("open"));
        Assert.True(document.Descendants("line").Count(line => Class(line).StartsWith("whisker", StringComparison.Ordinal)) <= 42); // the frontier's alone, on two canvases
    }

    [Fact]
    public async Task RenderFragmentAsync_Component_GivesItsSectionAlone()
    {
        string fragment = await ReportHtml.RenderFragmentAsync<Components.SensitivityMap>(SampleSummary.Create(), CancellationToken.None);

        Assert.Equal("sensitivity", XElement.Parse(Regex.Replace(fragment, "^\\s*", "")).Attribute("id")!.Value);
    }

    private static string Class(XElement element) => (string?)element.Attribute("class") ?? "";

    [Fact]
    public async Task RenderAsync_ACommandsOwnTop1_IsShownInItsOwnUnit()
    {
        SweepSummary sample = SampleSummary.Create();
        Estimate Bare(double value) => new(value, value, value, 0);
        MetricSummary Printed(double value) => new(ImmutableSortedDictionary<string, Estimate>.Empty.Add("top1", Bare(value)), Bare(41.5 - value));
        SweepSummary summary = sample with
        {
            MaxDrop = 2,
            Baseline = sample.Baseline with { Choice = Printed(41.5), Confirm = null },
            Trials = [.. sample.Trials.Take(4).Select((trial, index) => trial with { Choice = Printed(40.25 + index), Confirm = null })],
            Sensitivities = [],
            Recommendation = new Recommendation(null, sample.Trials[0].Id, "", []),
        };

        string page = await ReportHtml.RenderAsync(summary, CancellationToken.None);

        Assert.Contains("40.25", page, StringComparison.Ordinal);
        Assert.DoesNotContain("4025", page, StringComparison.Ordinal);
        Assert.DoesNotContain("4150", page, StringComparison.Ordinal);
        Assert.DoesNotContain("\u00A0%<", page, StringComparison.Ordinal);
        Assert.DoesNotContain("\u00A0pt", page, StringComparison.Ordinal);
    }
}
