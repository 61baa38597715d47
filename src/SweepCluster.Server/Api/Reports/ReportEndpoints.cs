using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SweepCluster.Engine.Clusters;
using SweepCluster.Reports.Csv;
using SweepCluster.Reports.Html;
using SweepCluster.Reports.Json;
using SweepCluster.Server.Access;
using SweepCluster.Server.Access.Headers;
using SweepCluster.Server.Access.Limits;
using SweepCluster.Server.Api.OpenApi;
using SweepCluster.Server.Api.Problems;
using SweepCluster.Server.Feeds;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Server.Api.Reports;

/// <summary>The files of a report. Of a finished sweep they have the bytes that a run on one machine writes.</summary>
internal static class ReportEndpoints
{
    private static readonly SemaphoreSlim s_writing = new(2); // reports at a time: a large one takes memory while it is drawn
    private static readonly UTF8Encoding s_encoding = new(encoderShouldEmitUTF8Identifier: false);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        Map(routes, ApiPaths.Report, "getReport", "The report as JSON, of what is recorded so far.", "application/json", static (summary, stream, _) =>
        {
            ReportJson.Write(summary, stream);
            return Task.CompletedTask;
        });
        Map(routes, ApiPaths.ReportPage, "getReportPage", "The report as one page that works offline.", "text/html; charset=utf-8", static async (summary, stream, cancellationToken) =>
            Write(stream, await ReportHtml.RenderAsync(summary, cancellationToken)));
        Map(routes, ApiPaths.TrialsCsv, "getTrialsTable", "Trials as a table, one row each.", "text/csv; charset=utf-8", static (summary, stream, _) => Write(stream, output => TrialsCsv.Write(summary, output)));
        Map(routes, ApiPaths.SensitivityCsv, "getSensitivityTable", "Sensitivities as a table, one row for each layer and scheme.", "text/csv; charset=utf-8", static (summary, stream, _) =>
            Write(stream, output => SensitivityCsv.Write(summary, output)));
    }

    private static void Map(IEndpointRouteBuilder routes, string path, string name, string summary, string mediaType, Func<SweepSummary, Stream, CancellationToken, Task> write) =>
        OwnDocument.On(Transfer.On(routes.MapGet(path, async (ReportSources sources, string id, CancellationToken cancellationToken) =>
            Results.Stream(await OpenAsync(sources, id, name, write, cancellationToken), mediaType))))
        .Describe(name, summary, AccessScope.Read, ProblemKind.NotFound, ProblemKind.Ambiguous, ProblemKind.NotMeasured, ProblemKind.FilesLost)
        .Produces<string>(StatusCodes.Status200OK, mediaType.Split(';')[0]);

    /// <summary>Writes the file beside the answer first: whoever reads slowly holds a file, not memory.</summary>
    private static async Task<FileStream> OpenAsync(ReportSources sources, string id, string name, Func<SweepSummary, Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        SweepListing sweep = await sources.Finder.FindAsync(id, cancellationToken);
        return Kept() ?? await WriteAsync();

        FileStream? Kept() => sweep.Status.IsFinished ? sources.Shelf.TryOpen(sweep, name) : null;

        async Task<FileStream> WriteAsync()
        {
            SweepSummary summary = await sources.Feeds.SummarizeAsync(sweep.Id, cancellationToken)
                ?? throw new ProblemException(ProblemKind.NotMeasured, $"{sweep}: found nothing measured yet, expected the uncompressed model at least.");
            await s_writing.WaitAsync(cancellationToken);
            try
            {
                return Kept() ?? (sweep.Status.IsFinished // when it was found, so the summary has everything
                    ? await sources.Shelf.WriteAsync(sweep, name, Draw)
                    : await WriteOnceAsync(sources.Folder, Draw));
            }
            finally
            {
                s_writing.Release();
            }

            Task Draw(Stream stream) => Task.Run(() => write(summary, stream, cancellationToken), cancellationToken);
        }
    }

    private static async Task<FileStream> WriteOnceAsync(ServerFolder folder, Func<Stream, Task> write)
    {
        FileStream file = folder.NewFile();
        try
        {
            await write(file);
            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    private static void Write(Stream stream, string text) => _ = Write(stream, output => output.Write(text));

    private static Task Write(Stream stream, Action<TextWriter> write)
    {
        using StreamWriter output = new(stream, s_encoding, bufferSize: 1 << 16, leaveOpen: true);
        write(output);
        return Task.CompletedTask;
    }
}
