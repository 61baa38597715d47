using SweepCluster.Reports.Tests.Sample;

namespace SweepCluster.Reports.Tests;

public sealed class ReportWriterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sweep-report-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task WriteAsync_EmptyFolder_LeavesExactlyTheFourFiles()
    {
        string folder = Path.Combine(_folder, "new", "result");

        await ReportWriter.WriteAsync(SampleSummary.Create(), folder, CancellationToken.None);

        Assert.Equal(["report.html", "report.json", "sensitivity.csv", "trials.csv"], Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }
}
