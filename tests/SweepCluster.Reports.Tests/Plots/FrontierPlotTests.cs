using System.Collections.Immutable;
using System.Globalization;
using System.Xml.Linq;
using SweepCluster.Reports.Components;
using SweepCluster.Reports.Html;
using SweepCluster.Reports.Tests.Sample;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Reports.Tests.Plots;

/// <summary>Reads the drawing back: the axes' own ticks say where a point must lie.</summary>
public sealed class FrontierPlotTests
{
    private const double Resolution = 0.005; // per cent of the side; coordinates are written with three decimals, and two of them fix a scale

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Plot_EveryPointInSight_LiesWhereTheTicksSay(int canvasIndex)
    {
        SweepSummary summary = SampleSummary.Create();
        XElement canvas = (await CanvasesAsync(summary))[canvasIndex];
        (double Value, double Place)[] sizes = SizeTicks(canvas);
        (double Value, double Place)[] scores = ScoreTicks(canvas);
        Assert.True(sizes.Length >= 4 && scores.Length >= 4);
        double worst = Math.Round(scores.Min(tick => tick.Value), 6);

        int inSight = 0;
        foreach (TrialSummary trial in summary.Trials.Append(summary.Baseline).Where(trial => trial.Choice is not null))
        {
            (double x, double y) = Place(canvas, trial.Id);
            // Sizes differ by more than four times: the axis is logarithmic.
            Assert.Equal(Interpolate(Math.Log(sizes[0].Value), sizes[0].Place, Math.Log(sizes[^1].Value), sizes[^1].Place, Math.Log(trial.SizeBytes)), x, Resolution);
            if (trial.Choice!.Values["top1"].Value >= worst)
            {
                Assert.Equal(Interpolate(scores[0].Value, scores[0].Place, scores[^1].Value, scores[^1].Place, trial.Choice.Values["top1"].Value), y, Resolution);
                inSight++;
            }
        }

        Assert.True(inSight > 30);
    }

    [Fact]
    public async Task Plot_Whiskers_SpanTheInterval()
    {
        SweepSummary summary = SampleSummary.Create();
        XElement canvas = (await CanvasesAsync(summary))[^1];
        (double Value, double Place)[] scores = ScoreTicks(canvas);
        Dictionary<string, XElement> whiskers = canvas.Descendants("line").Where(line => line.Attribute("data-trial") is not null).ToDictionary(line => line.Attribute("data-trial")!.Value);

        TrialSummary[] measured = [.. summary.Trials.Append(summary.Baseline).Where(trial => trial.Choice is not null)];
        Assert.Equal(measured.Length, whiskers.Count);
        foreach (TrialSummary trial in measured.Where(trial => trial.Choice!.Values["top1"].Value > 0.2))
        {
            Estimate score = trial.Choice!.Values["top1"];
            Assert.Equal(Interpolate(scores[0].Value, scores[0].Place, scores[^1].Value, scores[^1].Place, score.High), Percent(whiskers[trial.Id], "y1"), Resolution);
            Assert.Equal(Interpolate(scores[0].Value, scores[0].Place, scores[^1].Value, scores[^1].Place, score.Low), Percent(whiskers[trial.Id], "y2"), Resolution);
            Assert.Equal(Place(canvas, trial.Id).X, Percent(whiskers[trial.Id], "x1"));
        }
    }

    [Fact]
    public async Task Plot_PlansNearChance_AreClippedAndCounted()
    {
        SweepSummary summary = SampleSummary.Create();

        XElement[] canvases = await CanvasesAsync(summary);

        Assert.Equal(2, canvases.Length);
        double floor = 100 * ScoreTicks(canvases[0]).Min(tick => tick.Value);
        Assert.InRange(floor, 75, 85); // the frontier's upper part fills the plot, chance is at 10
        XElement[] clipped = [.. canvases[0].Descendants("a").Where(point => point.Attribute("class")!.Value.Contains("clipped", StringComparison.Ordinal))];
        Assert.NotEmpty(clipped);
        Assert.All(clipped, point => Assert.Equal("100%", point.Element("svg")!.Attribute("y")!.Value));
        Assert.Contains($"{clipped.Length} plans below 79.07\u00A0%", canvases[0].Parent!.Value, StringComparison.Ordinal);
        Assert.DoesNotContain(canvases[1].Descendants("a"), point => point.Attribute("class")!.Value.Contains("clipped", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Plot_Shapes_TellMixedFromUniformAndGiven()
    {
        SweepSummary summary = SampleSummary.Create();
        XElement canvas = (await CanvasesAsync(summary))[^1];
        string Mark(PlanKind kind)
        {
            string[] shapes = [.. summary.Trials.Append(summary.Baseline).Where(trial => trial.Kind == kind && trial.Choice is not null)
                .Select(trial => Point(canvas, trial.Id).Descendants().Single(shape => (string?)shape.Attribute("class") == "mark"))
                .Select(shape => shape.Name.LocalName + (string?)shape.Attribute("d")).Distinct()];
            return Assert.Single(shapes);
        }

        Assert.Equal(4, new[] { PlanKind.Baseline, PlanKind.Uniform, PlanKind.Mixed, PlanKind.Given }.Select(Mark).Distinct().Count());
        Assert.Contains("uniform quantize", Point(canvas, summary.Trials.First(trial => trial.Label == "i8s/c").Id).Attribute("class")!.Value, StringComparison.Ordinal);
        Assert.StartsWith("pt mixed mixed", Point(canvas, summary.Trials.First(trial => trial.Kind == PlanKind.Mixed).Id).Attribute("class")!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plot_Goal_LiesOnePointBelowTheBaseline()
    {
        XElement canvas = (await CanvasesAsync(SampleSummary.Create()))[0];
        (double Value, double Place)[] scores = ScoreTicks(canvas);

        double goal = Percent(canvas.Descendants("line").Single(line => (string?)line.Attribute("class") == "goal"), "y1");

        Assert.Equal(Interpolate(scores[0].Value, scores[0].Place, scores[^1].Value, scores[^1].Place, SampleSummary.BaselineTop1 - 0.01), goal, Resolution);
    }

    [Fact]
    public async Task Plot_Frontier_IsAStairThroughItsPoints()
    {
        SweepSummary summary = SampleSummary.Create();
        XElement canvas = (await CanvasesAsync(summary))[^1];
        XElement[] steps = [.. canvas.Descendants("line").Where(line => (string?)line.Attribute("class") == "step")];

        Assert.All(steps, step => Assert.True(step.Attribute("x1")!.Value == step.Attribute("x2")!.Value || step.Attribute("y1")!.Value == step.Attribute("y2")!.Value));
        HashSet<(double, double)> corners = [.. steps.Select(step => (Percent(step, "x2"), Percent(step, "y2")))];
        Assert.All(summary.Trials.Where(trial => trial.OnFrontier), trial => Assert.Contains(Place(canvas, trial.Id), corners));
    }

    [Fact]
    public async Task Plot_LowerIsBetter_PutsTheBetterPlanHigher()
    {
        SweepSummary sample = SampleSummary.Create();
        SweepSummary summary = sample with { Metric = "kl", Higher = false, MaxDrop = 0.05 };
        XElement canvas = (await CanvasesAsync(summary))[^1];

        Assert.True(Place(canvas, sample.Trials[6].Id).Y < Place(canvas, sample.Trials[2].Id).Y); // pal4 and pal2
        Assert.Contains("lower is better", canvas.Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plot_SizesWithinFourTimes_HasAnEvenAxis()
    {
        SweepSummary sample = SampleSummary.Create();
        SweepSummary summary = sample with { Trials = [.. sample.Trials.Where(trial => trial.SizeBytes > 150_000)] };

        XElement canvas = (await CanvasesAsync(summary))[0];

        double[] places = [.. SizeTicks(canvas).Select(tick => tick.Place)];
        Assert.True(places.Length >= 4);
        Assert.All(places.Zip(places.Skip(1)), pair => Assert.Equal(places[1] - places[0], pair.Second - pair.First, 2));
    }

    [Fact]
    public async Task Plot_NoIntervals_DrawsNoWhiskers()
    {
        SweepSummary sample = SampleSummary.Create();
        Estimate Bare(double value) => new(value, value, value, 0);
        SweepSummary summary = sample with
        {
            Metric = "mAP",
            Baseline = sample.Baseline with { Choice = new MetricSummary(ImmutableSortedDictionary<string, Estimate>.Empty.Add("mAP", Bare(41.5)), Bare(0)) },
            Trials = [.. sample.Trials.Take(4).Select((trial, index) => trial with { Choice = new MetricSummary(ImmutableSortedDictionary<string, Estimate>.Empty.Add("mAP", Bare(40 + index * 0.3)), Bare(1.5 - index * 0.3)) })],
        };

        XElement canvas = Assert.Single(await CanvasesAsync(summary));

        Assert.DoesNotContain(canvas.Descendants("line"), line => line.Attribute("data-trial") is not null);
        Assert.Equal(5, canvas.Descendants("a").Count());
    }

    private static async Task<XElement[]> CanvasesAsync(SweepSummary summary)
    {
        XElement section = XElement.Parse((await ReportHtml.RenderFragmentAsync<FrontierPlot>(summary, CancellationToken.None)).Trim());
        return [.. section.Descendants("div").Where(element => (string?)element.Attribute("class") == "canvas")];
    }

    private static (double Value, double Place)[] SizeTicks(XElement canvas) =>
    [
        .. canvas.Descendants("text").Where(text => (string?)text.Attribute("text-anchor") == "middle" && (string?)text.Attribute("y") == "100%")
            .Select(text => (Bytes(text.Value), Percent(text, "x"))),
    ];

    private static (double Value, double Place)[] ScoreTicks(XElement canvas) =>
    [
        .. canvas.Descendants("text").Where(text => (string?)text.Attribute("x") == "0" && (string?)text.Attribute("text-anchor") == "end")
            .Select(text => (double.Parse(text.Value.Replace("\u00A0%", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 100, Percent(text, "y"))),
    ];

    private static double Bytes(string label)
    {
        string[] parts = label.Split('\u00A0');
        return double.Parse(parts[0], CultureInfo.InvariantCulture) * parts[1] switch { "KB" => 1e3, "MB" => 1e6, _ => 1 };
    }

    private static XElement Point(XElement canvas, string id) => canvas.Descendants("a").Single(point => point.Attribute("data-trial")!.Value == id);

    private static (double X, double Y) Place(XElement canvas, string id) => (Percent(Point(canvas, id).Element("svg")!, "x"), Percent(Point(canvas, id).Element("svg")!, "y"));

    private static double Percent(XElement element, string attribute) => double.Parse(element.Attribute(attribute)!.Value.TrimEnd('%'), CultureInfo.InvariantCulture);

    private static double Interpolate(double from, double fromPlace, double to, double toPlace, double value) => fromPlace + ((toPlace - fromPlace) * (value - from) / (to - from));
}
