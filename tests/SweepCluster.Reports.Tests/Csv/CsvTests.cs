using System.Globalization;
using SweepCluster.Reports.Csv;
using SweepCluster.Reports.Tests.Sample;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Reports.Tests.Csv;

public sealed class CsvTests
{
    [Fact]
    public void Trials_Sample_HasOneRowATrialBaselineFirst()
    {
        SweepSummary summary = SampleSummary.Create();

        List<string[]> rows = CsvRows.Read(TrialsCsv.Write(summary));

        Assert.Equal(47, rows.Count);
        Assert.All(rows, row => Assert.Equal(rows[0].Length, row.Length));
        Assert.Equal("baseline", rows[1][1]);
        Assert.Equal(summary.Trials.Select(trial => trial.Id), rows.Skip(2).Select(row => row[0]));
        Assert.Equal(
            ["id", "label", "kind", "families", "size_bytes", "compression_ratio", "frontier", "beats_uniform", "recommended", "choice_samples", "choice_top1", "choice_top1_low", "choice_top1_high"],
            rows[0].Take(13));
        Assert.Single(rows, row => row[8] == "true");
    }

    [Fact]
    public void Trials_Numbers_ReadBackToTheSameBits()
    {
        SweepSummary summary = SampleSummary.Create();
        List<string[]> rows = CsvRows.Read(TrialsCsv.Write(summary));
        double At(int trial, string column)
        {
            return double.Parse(rows[trial + 2][Array.IndexOf(rows[0], column)], NumberStyles.Float, CultureInfo.InvariantCulture);
        }

        for (int index = 0; index < summary.Trials.Length; index++)
        {
            TrialSummary trial = summary.Trials[index];
            Assert.Equal(trial.SizeBytes, At(index, "size_bytes"));
            if (trial.Choice is { } choice)
            {
                Assert.Equal(choice.Values["kl"].High, At(index, "choice_kl_high"));
                Assert.Equal(choice.Drop.Low, At(index, "choice_drop_low"));
            }

            if (trial.Confirm is { } confirm)
            {
                Assert.Equal(confirm.Drop.High, At(index, "confirm_drop_high"));
            }
        }
    }

    [Fact]
    public void Trials_FailedTrial_HasReasonAndEmptyNumbers()
    {
        List<string[]> rows = CsvRows.Read(TrialsCsv.Write(SampleSummary.Create()));

        string[] failed = Assert.Single(rows, row => row[1] == "u4a/b32");
        Assert.Equal("scale is not finite in layer stage3.2.conv2.weight", failed[Array.IndexOf(rows[0], "failure")]);
        Assert.Equal("", failed[Array.IndexOf(rows[0], "choice_top1")]);
        Assert.Equal("", failed[Array.IndexOf(rows[0], "choice_samples")]);
    }

    [Theory]
    [InlineData("=cmd()", "'=cmd()")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\tx", "'\tx")]
    [InlineData("\rx", "'\rx")]
    [InlineData("a,\"b\"\nc", "a,\"b\"\nc")]
    [InlineData("plain", "plain")]
    public void Trials_HostileLabel_IsTextForASpreadsheet(string label, string expected)
    {
        SweepSummary summary = SampleSummary.Create();
        summary = summary with { Trials = [summary.Trials[0] with { Label = label }] };

        List<string[]> rows = CsvRows.Read(TrialsCsv.Write(summary));

        Assert.Equal(expected, rows[2][1]);
    }

    [Fact]
    public void Sensitivity_Sample_HasOneRowALayerAndScheme()
    {
        List<string[]> rows = CsvRows.Read(SensitivityCsv.Write(SampleSummary.Create()));

        Assert.Equal((20 * 30) + 1, rows.Count);
        string[] refused = rows.First(row => row[0] == "stage2.0.downsample" && row[7] == "pal4/g16");
        Assert.Equal("groups of 16 do not divide the 24 output channels", refused[^1]);
        Assert.Equal("", refused[Array.IndexOf(rows[0], "kl")]);
        string[] probed = rows.First(row => row[0] == "stage2.0.downsample" && row[7] == "pal4");
        Assert.Equal(("conv", "[32, 32, 1, 1]", "1024", "2048", "palettize", "256"), (probed[1], probed[2], probed[4], probed[5], probed[8], probed[Array.IndexOf(rows[0], "samples")]));
        Assert.Equal("", probed[^1]);
    }
}
