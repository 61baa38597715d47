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
using SweepCluster.Server.Api.Sweeps;
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
        OwnDocument.On(Transfer.On(routes.MapGet(path, (ISweepFeeds feeds, SweepFinder finder, ServerFolder folder, string id, CancellationToken cancellationToken) =>
            AnswerAsync(feeds, finder, folder, id, mediaType, write, cancellationToken))))
        .Describe(name, summary, AccessScope.Read, ProblemKind.NotFound, ProblemKind.Ambiguous, ProblemKind.NotMeasured, ProblemKind.FilesLost)
        .Produces<string>(StatusCodes.Status200OK, mediaType.Split(';')[0]);

    /// <summary>Writes the file beside the answer first: whoever reads slowly holds a file, not memory.</summary>
    private static async Task<IResult> AnswerAsync(
        ISweepFeeds feeds, SweepFinder finder, ServerFolder folder, string id, string mediaType, Func<SweepSummary, Stream, CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        SweepListing sweep = await finder.FindAsync(id, cancellationToken);
        SweepSummary summary = await feeds.SummarizeAsync(sweep.Id, cancellationToken)
            ?? throw new ProblemException(ProblemKind.NotMeasured, $"{sweep}: found nothing measured yet, expected the uncompressed model at least.");
        await s_writing.WaitAsync(cancellationToken);
        FileStream? file = null;
        try
        {
            file = folder.NewFile();
            await Task.Run(() => write(summary, file, cancellationToken), cancellationToken);
            file.Position = 0;
            return Results.Stream(file, mediaType);
        }
        catch
        {
            await (file?.DisposeAsync() ?? ValueTask.CompletedTask);
            throw;
        }
        finally
        {
            s_writing.Release();
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
