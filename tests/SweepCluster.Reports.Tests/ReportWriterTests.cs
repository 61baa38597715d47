using System.Collections.Immutable;
using System.Globalization;
using SweepCluster.Reports.Tests.Sample;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Reports.Tests;

public sealed class ReportWriterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sweep-report-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task WriteAsync_FolderIsMissing_LeavesExactlyTheFourFiles()
    {
        string folder = Path.Combine(_folder, "new", "result");

        await ReportWriter.WriteAsync(SampleSummary.Create(), folder, CancellationToken.None);

        Assert.Equal(["report.html", "report.json", "sensitivity.csv", "trials.csv"], Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task WriteAsync_EqualSummariesUnderAnotherCulture_WritesTheSameBytes()
    {
        await ReportWriter.WriteAsync(SampleSummary.Create(), Path.Combine(_folder, "first"), CancellationToken.None);
        await WithStrangeCultureAsync(async () =>
        {
            Assert.Equal("0;5", 0.5.ToString(CultureInfo.CurrentCulture)); // the culture is in force
            await ReportWriter.WriteAsync(SampleSummary.Create(), Path.Combine(_folder, "second"), CancellationToken.None);
        });

        foreach (string name in new[] { "report.html", "report.json", "sensitivity.csv", "trials.csv" })
        {
            byte[] first = await File.ReadAllBytesAsync(Path.Combine(_folder, "first", name));
            Assert.True(first.Length > 1000, name);
            byte[] second = await File.ReadAllBytesAsync(Path.Combine(_folder, "second", name));
            Assert.True(first.AsSpan().SequenceEqual(second), name);
            Assert.DoesNotContain((byte)'\r', first);
            Assert.NotEqual(0xEF, first[0]); // no byte order mark
        }
    }

    [Fact]
    public async Task WriteAsync_DictionariesInAnotherOrder_WritesTheSameBytes()
    {
        SweepSummary summary = SampleSummary.Create();
        IComparer<string> backwards = Comparer<string>.Create((a, b) => string.CompareOrdinal(b, a));
        SweepSummary turned = summary with
        {
            Trials =
            [
                .. summary.Trials.Select(trial => trial with
                {
                    Schemes = trial.Schemes.ToImmutableSortedDictionary(backwards),
                    Choice = trial.Choice is null ? null : trial.Choice with { Values = trial.Choice.Values.ToImmutableSortedDictionary(backwards) },
                }),
            ],
        };

        await ReportWriter.WriteAsync(summary, Path.Combine(_folder, "first"), CancellationToken.None);
        await ReportWriter.WriteAsync(turned, Path.Combine(_folder, "second"), CancellationToken.None);

        foreach (string name in new[] { "report.html", "report.json", "sensitivity.csv", "trials.csv" })
        {
            Assert.Equal(await File.ReadAllTextAsync(Path.Combine(_folder, "first", name)), await File.ReadAllTextAsync(Path.Combine(_folder, "second", name)));
        }
    }

    [Fact]
    public async Task WriteAsync_FilesOfAnEarlierRun_AreReplaced()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "trials.csv"), new string('x', 1_000_000));
        await File.WriteAllTextAsync(Path.Combine(_folder, "timings.json"), "{}");

        await ReportWriter.WriteAsync(SampleSummary.Create(), _folder, CancellationToken.None);

        Assert.StartsWith("id,label,kind,", await File.ReadAllTextAsync(Path.Combine(_folder, "trials.csv")), StringComparison.Ordinal);
        Assert.Equal("{}", await File.ReadAllTextAsync(Path.Combine(_folder, "timings.json")));
    }

    [Fact]
    public async Task WriteAsync_Cancelled_WritesNothing()
    {
        string folder = Path.Combine(_folder, "result");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ReportWriter.WriteAsync(SampleSummary.Create(), folder, new CancellationToken(canceled: true)));

        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task WriteAsync_FileCannotBeReplaced_LeavesNoPartialFile()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "trials.csv", "inside")); // a folder stands where the file belongs

        await Assert.ThrowsAnyAsync<Exception>(() => ReportWriter.WriteAsync(SampleSummary.Create(), _folder, CancellationToken.None));

        Assert.Equal(["report.json"], Directory.GetFiles(_folder).Select(Path.GetFileName));
    }

    private static async Task WithStrangeCultureAsync(Func<Task> action)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo strange = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        strange.NumberFormat.NumberDecimalSeparator = ";";
        strange.NumberFormat.NumberGroupSeparator = "'";
        strange.NumberFormat.NegativeSign = "~";
        try
        {
            CultureInfo.CurrentCulture = strange;
            CultureInfo.CurrentUICulture = strange;
            await action();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
            CultureInfo.CurrentUICulture = before;
        }
    }
}
