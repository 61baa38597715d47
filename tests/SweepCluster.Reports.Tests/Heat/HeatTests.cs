using System.Xml.Linq;
using SweepCluster.Reports.Components;
using SweepCluster.Reports.Heat;
using SweepCluster.Reports.Html;
using SweepCluster.Reports.Tests.Sample;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Reports.Tests.Heat;

public sealed class HeatTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Color_Steps_ChangeLightnessOneWayAndCarryReadableText(bool dark)
    {
        double[] luminance = [.. Enumerable.Range(0, HeatScale.Steps).Select(step => HeatScale.Luminance(HeatScale.Color(step, dark)))];

        Assert.All(luminance.Zip(luminance.Skip(1)), pair => Assert.True(dark ? pair.Second > pair.First : pair.Second < pair.First));
        Assert.All(luminance, value => Assert.True(Math.Max((value + 0.05) / 0.05, 1.05 / (value + 0.05)) >= 4.5));
    }

    [Fact]
    public void Step_LogarithmicScale_PutsTheMiddleInTheMiddle()
    {
        Assert.Equal(0, HeatScale.Step(0, 1e-4, 1));
        Assert.Equal(0, HeatScale.Step(1e-4, 1e-4, 1));
        Assert.Equal(HeatScale.Steps / 2, HeatScale.Step(0.010001, 1e-4, 1));
        Assert.Equal(HeatScale.Steps - 1, HeatScale.Step(1, 1e-4, 1));
        Assert.Equal(0, HeatScale.Step(double.NaN, 1e-4, 1));
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(12.4, "12")]
    [InlineData(2.14, "2.1")]
    [InlineData(0.354, ".35")]
    [InlineData(0.0123, ".012")]
    [InlineData(0.00123, ".0012")]
    [InlineData(0.0004, "4e-4")]
    [InlineData(-0.25, "\u2212.25")]
    [InlineData(123456, "1e5")]
    public void Brief_TwoDigits(double value, string expected) => Assert.Equal(expected, HeatLayout.Brief(value));

    [Fact]
    public async Task Map_Sample_HasACellForEachLayerAndSchemeColouredByItsKl()
    {
        SweepSummary summary = SampleSummary.Create();
        XElement map = XElement.Parse((await ReportHtml.RenderFragmentAsync<SensitivityMap>(summary, CancellationToken.None)).Trim());
        XElement[][] rows = [.. map.Descendants("tbody").Single().Elements("tr").Select(row => row.Elements("td").ToArray())];

        Assert.Equal(20, rows.Length);
        Assert.All(rows, row => Assert.Equal(30, row.Length));
        double[] kl = [.. summary.Sensitivities.Select(entry => entry.Kl?.Value ?? double.NaN)];
        (double Kl, int Step)[] colored =
        [
            .. rows.SelectMany(row => row).Select((cell, index) => (kl[index], Class(cell).StartsWith('h') ? int.Parse(Class(cell).Split(' ')[0][1..], System.Globalization.CultureInfo.InvariantCulture) : -1))
                .Where(cell => !double.IsNaN(cell.Item1)).OrderBy(cell => cell.Item1),
        ];
        Assert.Equal(588, colored.Length);
        Assert.Equal((0, HeatScale.Steps - 1), (colored[0].Step, colored[^1].Step));
        Assert.All(colored.Zip(colored.Skip(1)), pair => Assert.True(pair.First.Step <= pair.Second.Step));
        XElement[] refused = [.. rows.SelectMany(row => row).Where(cell => Class(cell).StartsWith("refused", StringComparison.Ordinal))];
        Assert.Equal(12, refused.Length);
        Assert.All(refused, cell => Assert.EndsWith("groups of 16 do not divide the 24 output channels", cell.Attribute("title")!.Value, StringComparison.Ordinal));
        Assert.Equal([("palettize", 12), ("quantize", 12), ("prune", 6)], map.Descendants("th").Where(head => head.Attribute("colspan") is not null).Select(head => (head.Value, (int)head.Attribute("colspan")!)));
    }

    [Fact]
    public async Task Map_NoOutputsCompared_ColoursByTheDrop()
    {
        SweepSummary sample = SampleSummary.Create();
        SweepSummary summary = sample with { Sensitivities = [.. sample.Sensitivities.Select(entry => entry with { Kl = null, Agreement = null })] };

        string text = await ReportHtml.RenderFragmentAsync<SensitivityMap>(summary, CancellationToken.None);

        Assert.Contains("Drop of top-1 accuracy when only that layer is compressed", text, StringComparison.Ordinal);
    }

    private static string Class(XElement element) => (string?)element.Attribute("class") ?? "";
}
