using System.Text.Json;
using SweepCluster.Graphs;
using SweepCluster.Reports.Json;
using SweepCluster.Reports.Tests.Sample;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Reports.Tests.Json;

public sealed class ReportJsonTests
{
    [Fact]
    public void Deserialize_OwnText_GivesTheSameSummary()
    {
        SweepSummary summary = SampleSummary.Create();

        SweepSummary back = ReportJson.Deserialize(ReportJson.Serialize(summary));

        Assert.Equal(summary.Provenance, back.Provenance);
        Assert.Equal(summary.Layers.AsEnumerable(), back.Layers.AsEnumerable());
        Assert.Equal(summary.Schemes.AsEnumerable(), back.Schemes.AsEnumerable());
        Assert.Equal(summary.Sensitivities.AsEnumerable(), back.Sensitivities.AsEnumerable());
        Assert.Equal(summary.LeftAlone.AsEnumerable(), back.LeftAlone.AsEnumerable());
        Assert.Equal(summary.Notices.AsEnumerable(), back.Notices.AsEnumerable());
        Assert.Equal((summary.Name, summary.Metric, summary.Higher, summary.MaxDrop), (back.Name, back.Metric, back.Higher, back.MaxDrop));
        Assert.Equal(summary.Recommendation.Tested.AsEnumerable(), back.Recommendation.Tested.AsEnumerable());
        Assert.Equal(summary.Recommendation.ProvenTrial, back.Recommendation.ProvenTrial);
        Assert.Equal(46, back.Trials.Length + 1);
        foreach ((TrialSummary expected, TrialSummary actual) in summary.Trials.Prepend(summary.Baseline).Zip(back.Trials.Prepend(back.Baseline)))
        {
            Assert.Equal(expected with { Schemes = actual.Schemes, Choice = null, Confirm = null }, actual with { Choice = null, Confirm = null });
            Assert.Equal(expected.Schemes.AsEnumerable(), actual.Schemes.AsEnumerable());
            Assert.Equal(expected.Choice?.Values, actual.Choice?.Values);
            Assert.Equal(expected.Choice?.Drop, actual.Choice?.Drop);
            Assert.Equal(expected.Confirm?.Values, actual.Confirm?.Values);
        }
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(1.0 / 3)]
    [InlineData(double.Epsilon)]
    [InlineData(-0.0)]
    [InlineData(double.MaxValue)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Deserialize_Doubles_KeepTheirBits(double value)
    {
        SweepSummary summary = SampleSummary.Create();
        summary = summary with { Baseline = summary.Baseline with { Choice = new MetricSummary(summary.Baseline.Choice!.Values, new Estimate(value, value, value, 3)) } };

        SweepSummary back = ReportJson.Deserialize(ReportJson.Serialize(summary));

        Assert.Equal(BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits(back.Baseline.Choice!.Drop.Value));
    }

    [Fact]
    public void Serialize_Sample_HasTheDocumentedShape()
    {
        using JsonDocument document = JsonDocument.Parse(ReportJson.Serialize(SampleSummary.Create()));
        JsonElement root = document.RootElement;

        Assert.Equal(
            ["schema", "name", "provenance", "metric", "higher", "maxDrop", "baseline", "trials", "recommendation", "layers", "schemes", "sensitivities", "leftAlone", "notices"],
            root.EnumerateObject().Select(property => property.Name));
        Assert.Equal("sweepcluster-report/1", root.GetProperty("schema").GetString());
        Assert.Equal("Baseline", root.GetProperty("baseline").GetProperty("kind").GetString());
        Assert.Equal(0.873, root.GetProperty("baseline").GetProperty("choice").GetProperty("values").GetProperty("top1").GetProperty("value").GetDouble());
        Assert.Equal(571_000, root.GetProperty("baseline").GetProperty("sizeBytes").GetInt64());
    }

    [Fact]
    public void Serialize_HostileNames_AreEscaped()
    {
        SweepSummary summary = SampleSummary.Create() with { Name = "</script><script>alert(1)</script>\u2028\0" };

        string text = ReportJson.Serialize(summary);

        Assert.DoesNotContain("<script", text, StringComparison.Ordinal);
        Assert.Equal(summary.Name, ReportJson.Deserialize(text).Name);
    }

    [Theory]
    [InlineData("{", "report.json, line 1: ")]
    [InlineData("[]", "report.json, key 'schema': found none, expected 'sweepcluster-report/1'.")]
    [InlineData("{\"schema\":\"sweepcluster-report/2\"}", "report.json, key 'schema': found 'sweepcluster-report/2', expected 'sweepcluster-report/1'.")]
    [InlineData("{\"schema\":\"sweepcluster-report/1\",\"name\":\"x\"}", "report.json, ")]
    public void Deserialize_Broken_SaysWhere(string json, string expected)
    {
        BadInputException error = Assert.Throws<BadInputException>(() => ReportJson.Deserialize(json));

        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Serialize_PlanKinds_AreNames() =>
        Assert.Equal(
            [PlanKind.Given, PlanKind.Mixed, PlanKind.Uniform],
            ReportJson.Deserialize(ReportJson.Serialize(SampleSummary.Create())).Trials.Select(trial => trial.Kind).Distinct().OrderByDescending(kind => kind));
}
