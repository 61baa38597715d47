using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using SweepCluster.Engine.Clusters;
using SweepCluster.Graphs;
using SweepCluster.Server.Access;
using SweepCluster.Server.Access.Limits;
using SweepCluster.Server.Api.Contracts;
using SweepCluster.Server.Api.OpenApi;
using SweepCluster.Server.Api.Problems;
using SweepCluster.Server.Api.Submissions;
using SweepCluster.Server.Api.Sweeps;
using SweepCluster.Server.Api.Trials;
using SweepCluster.Server.Feeds;
using SweepCluster.Sweeps.Frontiers;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Server.Api.Exports;

/// <summary>Models of a finished sweep's trials, and the whole result.</summary>
internal static class ExportEndpoints
{
    private const int MostBody = 1 << 16;
    private const string Zip = "application/zip";
    private static readonly SemaphoreSlim s_packing = new(2); // results at a time

    internal static void Map(IEndpointRouteBuilder routes)
    {
        Transfer.On(routes.MapPost(ApiPaths.Exports, MakeAsync), MostBody)
            .Describe(
                "exportModel", "Writes the model of a trial, reads it back, and compares its weights with those that were measured.", AccessScope.Submit,
                ProblemKind.Malformed, ProblemKind.NotFound, ProblemKind.Conflict, ProblemKind.MediaType, ProblemKind.NotProven)
            .Produces<ExportResource>(StatusCodes.Status201Created)
            .WithMetadata(IdempotencyKeys.Parameter);
        Transfer.On(routes.MapMethods(ApiPaths.Export, [HttpMethods.Get, HttpMethods.Head], FetchAsync))
            .Describe("getExport", "The model of a trial as a zip archive, or a part of it; written where it is not there.", AccessScope.Submit, ProblemKind.NotFound, ProblemKind.Ambiguous, ProblemKind.Conflict, ProblemKind.Range)
            .Produces<byte[]>(StatusCodes.Status200OK, Zip).Produces<byte[]>(StatusCodes.Status206PartialContent, Zip);
        Transfer.On(routes.MapGet(ApiPaths.Result, ResultAsync))
            .Describe("getResult", "The result folder of a finished sweep as a zip archive: journal, model, timings, and the data where it is asked for.", AccessScope.Read, ProblemKind.NotFound, ProblemKind.Conflict)
            .Produces<byte[]>(StatusCodes.Status200OK, Zip);
    }

    private static async Task<IResult> MakeAsync(
        HttpContext context, ISweepFeeds feeds, SweepFinder finder, ExportShelf shelf, IdempotencyKeys keys, string id, ExportRequest request, CancellationToken cancellationToken)
    {
        string caller = context.Features.Get<Caller>()?.Key ?? "";
        ExportResource made = await keys.OnceAsync(context, caller, JsonSerializer.SerializeToUtf8Bytes(request, ApiJson.Default.ExportRequest), async () =>
        {
            (SweepListing sweep, SweepSummary summary) = await FindAsync(feeds, finder, id, cancellationToken);
            (TrialSummary trial, string? explanation) = Choose(summary, request);
            (PackedModel model, FileStream content) = await OpenAsync(shelf, sweep, trial, cancellationToken);
            await content.DisposeAsync();
            return new ExportResource(
                trial.Id, trial.Label, model.SizeBytes, trial.CompressionRatio, explanation, model.Name, $"{ApiPaths.Sweeps}/{sweep.Id}/exports/{trial.Id}", model.Sha256);
        });
        return Results.Created(made.Href, made);
    }

    private static async Task<IResult> FetchAsync(ISweepFeeds feeds, SweepFinder finder, ExportShelf shelf, string id, string trial, CancellationToken cancellationToken)
    {
        (SweepListing sweep, SweepSummary summary) = await FindAsync(feeds, finder, id, cancellationToken);
        (PackedModel model, FileStream content) = await OpenAsync(shelf, sweep, TrialEndpoints.Find(summary, trial), cancellationToken);
        return Results.Stream(content, Zip, $"{model.Name}.zip", entityTag: new EntityTagHeaderValue($"\"{model.Sha256}\""), enableRangeProcessing: true);
    }

    private static async Task<IResult> ResultAsync(HttpContext context, ServerParts parts, SweepFinder finder, ServerFolder folder, FileSeats seats, string id, bool? data, CancellationToken cancellationToken)
    {
        SweepListing sweep = await finder.FindAsync(id, cancellationToken);
        if (!sweep.Status.IsFinished)
        {
            throw Unfinished(sweep);
        }

        seats.TakeResult(context); // until it is sent: who fetches slowly holds the archive
        await s_packing.WaitAsync(cancellationToken);
        try
        {
            return Results.Stream(await PackAsync(parts, folder, sweep, data == true, cancellationToken), Zip, $"{sweep.Id}.zip");
        }
        finally
        {
            s_packing.Release();
        }
    }

    /// <summary>Packs a result into a file that is gone when it is closed.</summary>
    private static async Task<FileStream> PackAsync(ServerParts parts, ServerFolder folder, SweepListing sweep, bool withData, CancellationToken cancellationToken)
    {
        string place = folder.New();
        FileStream? archive = null;
        try
        {
            await parts.Desk.FetchAsync(sweep.Id, place, withData, cancellationToken);
            FileStream packed = archive = folder.NewFile();
            await Task.Run(() => Archives.Write(place, static name => name is not (".sweep/lock" or ".sweep/owner"), packed, cancellationToken), cancellationToken);
            packed.Position = 0;
            return packed;
        }
        catch
        {
            await (archive?.DisposeAsync() ?? ValueTask.CompletedTask);
            throw;
        }
        finally
        {
            ServerFolder.Remove(place);
        }
    }

    internal static async Task<(SweepListing Sweep, SweepSummary Summary)> FindAsync(ISweepFeeds feeds, SweepFinder finder, string id, CancellationToken cancellationToken)
    {
        SweepListing sweep = await finder.FindAsync(id, cancellationToken);
        return sweep.Status.IsFinished && await feeds.SummarizeAsync(sweep.Id, cancellationToken) is { } summary ? (sweep, summary) : throw Unfinished(sweep);
    }

    internal static async Task<(PackedModel Model, FileStream Content)> OpenAsync(ExportShelf shelf, SweepListing sweep, TrialSummary trial, CancellationToken cancellationToken) => trial.Failure is null
        ? await shelf.OpenAsync(sweep, trial, cancellationToken)
        : throw new ProblemException(ProblemKind.Conflict, $"trial {trial.Id} ({trial.Label}) failed: {trial.Failure}");

    internal static (TrialSummary Trial, string? Explanation) Choose(SweepSummary summary, ExportRequest request)
    {
        if (new object?[] { request.Trial, request.MaxDrop, request.MaxSizeBytes }.Count(given => given is not null) != 1)
        {
            throw new ProblemException(ProblemKind.Unusable, "found several or none of trial, maxDrop and maxSizeBytes, expected exactly one.");
        }

        if (request.Trial is not null)
        {
            return (TrialEndpoints.Find(summary, request.Trial), null);
        }

        if (request.MaxSizeBytes is { } most)
        {
            return Recommender.ForMaxSize(summary, most) is { } smallest ? (smallest, null) : throw new ProblemException(
                ProblemKind.NotProven, $"maxSizeBytes: no trial has at most {most} bytes; the smallest has {summary.Trials.Select(trial => trial.SizeBytes).DefaultIfEmpty().Min()}.");
        }

        double drop = request.MaxDrop!.Value;
        bool isShare = summary.IsShare(summary.Metric);
        if (!(drop >= 0) || double.IsInfinity(drop) || (isShare && drop > 100))
        {
            throw new ProblemException(ProblemKind.Unusable, FormattableString.Invariant($"maxDrop: found {drop}, expected {(isShare ? "0 to 100 points" : "a number, 0 or more")}."));
        }

        Recommendation advice = Recommender.ForMaxDrop(summary, isShare ? drop / 100 : drop);
        return advice.ProvenTrial is null ? throw new ProblemException(ProblemKind.NotProven, OneLine.Of(advice.Explanation)) : (TrialEndpoints.Find(summary, advice.ProvenTrial), advice.Explanation);
    }

    private static ProblemException Unfinished(SweepListing sweep) =>
        new(ProblemKind.Conflict, $"{sweep}: found it {sweep.Phase} with {sweep.Status.Results} of {sweep.Status.Jobs} jobs done, expected a finished one.");
}
