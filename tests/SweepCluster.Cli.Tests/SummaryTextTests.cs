using System.Collections.Immutable;
using SweepCluster.Cli.Terminal;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Cli.Tests;

public sealed class SummaryTextTests
{
    [Fact]
    public async Task TrialTable_ARoomyLine_ShowsIntervals() => Assert.Equal(
        """
        id                plan    kind       size  ratio             top1 [95 %]            drop [95 %]  confirmed drop [95 %]
        ----------------------------------------------------------------------------------------------------------------------
        0123456789abcdef  pal4 *  uniform  164 KB  3.58x  87.30 % [85.77, 88.69]  0.40 pt [-0.20, 1.13]  0.50 pt [-0.10, 1.23]

        """,
        await TableAsync(null, Share(0.873, 0.8577, 0.8869)));

    [Fact]
    public async Task TrialTable_AnEightyCharacterLine_ShowsWhatDecides()
    {
        string table = await TableAsync(80, Share(0.873, 0.8577, 0.8869));

        Assert.Equal(
            """
            id          plan      size  ratio     top1  drop  confirmed  at most
            --------------------------------------------------------------------
            0123456789  pal4 *  164 KB  3.58x  87.30 %  0.40       0.50     1.23

            """,
            table);
    }

    [Fact]
    public async Task TrialTable_LabelsThatDoNotFit_AreCutToTheLine()
    {
        string table = await TableAsync(80, Share(0.873, 0.8577, 0.8869), "prune50/b4d1*+i4s/b1x32x0x0/mse");

        Assert.Equal(
            """
            id          plan                  size  ratio     top1  drop  confirmed  at most
            --------------------------------------------------------------------------------
            0123456789  prune50/b4d1*+.. *  164 KB  3.58x  87.30 %  0.40       0.50     1.23

            """,
            table);
        Assert.Contains("  prune50/b4d1*+i4s/b1x32x0x0/mse *  ", await TableAsync(null, Share(0.873, 0.8577, 0.8869), "prune50/b4d1*+i4s/b1x32x0x0/mse"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TrialTable_ACommandsOwnTop1_IsInItsOwnUnit()
    {
        string table = await TableAsync(80, new Estimate(41.5, 41.5, 41.5, 0));

        Assert.Contains("  41.5  ", table, StringComparison.Ordinal);
    }

    private static async Task<string> TableAsync(int? width, Estimate top1, string label = "pal4")
    {
        bool printed = top1.Samples == 0;
        MetricSummary Metrics(double drop) => new(
            ImmutableSortedDictionary<string, Estimate>.Empty.Add("top1", top1), printed ? new Estimate(0.4, 0.4, 0.4, 0) : Share(drop, drop - 0.006, drop + 0.0073));
        TrialSummary trial = new()
        {
            Id = "0123456789abcdef",
            Label = label,
            Kind = PlanKind.Uniform,
            Schemes = ImmutableSortedDictionary<string, string>.Empty,
            SizeBytes = 163_600,
            CompressionRatio = 3.58,
            WeightsHash = "",
            Choice = Metrics(0.004),
            Confirm = Metrics(0.005),
            OnFrontier = true,
            BeatsUniform = false,
            Failure = null,
        };
        SweepSummary summary = new()
        {
            Name = "test",
            Provenance = new Provenance("0.1.0", "net.mlpackage", "m", "Core ML package, iOS18", "iOS18", "data.npz", "d", 1, 256, 1000, 1000, ""),
            Metric = "top1",
            Higher = true,
            MaxDrop = null,
            Baseline = trial with { Kind = PlanKind.Baseline },
            Trials = [trial],
            Recommendation = new Recommendation(null, null, "", []),
            Layers = [],
            Schemes = [],
            Sensitivities = [],
            LeftAlone = [],
            Notices = [],
        };
        using StringWriter output = new() { NewLine = "\n" };
        await SummaryText.TrialTableAsync(output, width, summary, [trial]);
        return output.ToString();
    }

    private static Estimate Share(double value, double low, double high) => new(value, low, high, 1000);
}
