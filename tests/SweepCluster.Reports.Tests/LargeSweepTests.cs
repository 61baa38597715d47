using System.Collections.Immutable;
using System.Globalization;
using SweepCluster.Reports.Csv;
using SweepCluster.Reports.Findings;
using SweepCluster.Reports.Html;
using SweepCluster.Reports.Json;
using SweepCluster.Reports.Tests.Sample;
using SweepCluster.Sweeps.Evaluation;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Reports.Tests;

/// <summary>A sweep that is too large to be shown whole.</summary>
public sealed class LargeSweepTests
{
    private const int Mixed = 30_000;
    private const int LargestPiece = 1 << 20;

    [Fact]
    public async Task RenderAsync_ManyTrials_ShowsTheFrontierAndTheBestAndSaysWhereTheRestIs()
    {
        SweepSummary summary = Large();

        string page = await ReportHtml.RenderAsync(summary, CancellationToken.None);

        HashSet<string> rows = [.. page.Split("id=\"t-").Skip(1).Select(rest => rest[..rest.IndexOf('"', StringComparison.Ordinal)])];
        Assert.All(summary.Trials.Where(trial => trial.OnFrontier || trial.Confirm is not null), trial => Assert.Contains(trial.Id, rows));
        Assert.Contains(summary.Recommendation.ProvenTrial!, rows);
        Assert.InRange(rows.Count, 1000, 6000);
        Assert.InRange(page.Length, 1, 25_000_000);
        Assert.Contains(
            $"The other {(summary.Trials.Length + 1 - rows.Count).ToString("#,0", CultureInfo.InvariantCulture)} rows are in <a href=\"trials.csv\">trials.csv</a>", page, StringComparison.Ordinal);
        Assert.All(page.Split("href=\"#t-").Skip(1).Select(rest => rest[..rest.IndexOf('"', StringComparison.Ordinal)]), link => Assert.Contains(link, rows)); // every point has its row
        Assert.Equal(page, await ReportHtml.RenderAsync(Large(), CancellationToken.None));
    }

    [Fact]
    public void PageTrials_UpToTheLimit_AreAll()
    {
        SweepSummary large = Large();
        SweepSummary fits = large with { Trials = large.Trials[..PageTrials.Most] };

        Assert.Equal([fits.Baseline, .. fits.Trials], PageTrials.Of(fits).Shown);
        Assert.Equal(0, PageTrials.Of(fits).LeftOut);
        Assert.InRange(PageTrials.Of(large with { Trials = large.Trials[..(PageTrials.Most + 1)] }).LeftOut, 1, PageTrials.Most);
    }

    [Fact]
    public void PageTrials_OfEachSize_AreTheBest()
    {
        SweepSummary summary = Large();
        HashSet<string> shown = [.. PageTrials.Of(summary).Shown.Select(trial => trial.Id)];

        // Of plans of one size no better one is left out.
        foreach (IGrouping<long, TrialSummary> size in summary.Trials.Where(trial => trial.Kind == PlanKind.Mixed && !trial.OnFrontier && trial.Confirm is null).GroupBy(trial => trial.SizeBytes))
        {
            TrialSummary[] missing = [.. size.Where(trial => !shown.Contains(trial.Id))], kept = [.. size.Where(trial => shown.Contains(trial.Id))];
            Assert.True(missing.Length == 0 || kept.Length == 0 || kept.Max(trial => trial.Choice!.Drop.Value) <= missing.Min(trial => trial.Choice!.Drop.Value));
        }
    }

    [Fact]
    public void Write_ManyTrials_GoesToTheStreamInPieces()
    {
        SweepSummary summary = Large();
        using CountingStream json = new();
        using CountingStream table = new();

        ReportJson.Write(summary, json);
        using (StreamWriter output = new(table))
        {
            TrialsCsv.Write(summary, output);
        }

        Assert.InRange(json.Total, 20 * LargestPiece, long.MaxValue);
        Assert.InRange(json.LargestPiece, 1, LargestPiece);
        Assert.InRange(table.Total, 5 * LargestPiece, long.MaxValue);
        Assert.InRange(table.LargestPiece, 1, LargestPiece);
    }

    private static SweepSummary Large()
    {
        SweepSummary sample = SampleSummary.Create();
        TrialSummary model = sample.Trials.First(trial => trial.Kind == PlanKind.Mixed && trial.Choice is not null);
        TrialSummary[] trials = [.. sample.Trials, .. Enumerable.Range(0, Mixed).Select(number => Dominated(model, number))];
        return sample with { Trials = ImmutableArray.Create(trials) };
    }

    // Behind the frontier of the sample: larger than what it was made from and a little worse, in sizes that repeat.
    private static TrialSummary Dominated(TrialSummary model, int number)
    {
        double drop = model.Choice!.Drop.Value + 0.01 + (number % 977 / 10_000.0);
        return model with
        {
            Id = number.ToString("x16", CultureInfo.InvariantCulture),
            Label = $"mixed-{number + 1000}",
            SizeBytes = model.SizeBytes + (number % 499 * 1000),
            Choice = model.Choice with { Drop = new Estimate(drop, drop - 0.01, drop + 0.01, 1000) },
            Confirm = null,
            OnFrontier = false,
            BeatsUniform = false,
        };
    }

    private sealed class CountingStream : Stream
    {
        internal long Total { get; private set; }

        internal int LargestPiece { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => Total;

        public override long Position
        {
            get => Total;
            set => throw new NotSupportedException();
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count)
        {
            Total += count;
            LargestPiece = Math.Max(LargestPiece, count);
        }
    }
}
