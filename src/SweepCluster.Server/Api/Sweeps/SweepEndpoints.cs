using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;
using SweepCluster.Graphs;
using SweepCluster.Server.Access;
using SweepCluster.Server.Api.Contracts;
using SweepCluster.Server.Api.OpenApi;
using SweepCluster.Server.Api.Problems;
using SweepCluster.Server.Feeds;

namespace SweepCluster.Server.Api.Sweeps;

/// <summary>Sweeps: list, one, change, remove, progress, frontier.</summary>
internal static class SweepEndpoints
{
    private const int AtOnce = 8; // questions to the store

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(ApiPaths.Sweeps, ListAsync).Describe("listSweeps", "Sweeps in the order in which they were handed in.", AccessScope.Read, ProblemKind.Malformed);
        routes.MapGet(ApiPaths.Sweep, FindAsync).Describe("getSweep", "One sweep.", AccessScope.Read, ProblemKind.NotFound, ProblemKind.Ambiguous);
        routes.MapPatch(ApiPaths.Sweep, ChangeAsync).Describe(
            "changeSweep", "Pauses, resumes or cancels a sweep, or changes its priority, attempts and time limit.", AccessScope.Submit,
            ProblemKind.Malformed, ProblemKind.NotFound, ProblemKind.Conflict, ProblemKind.Changed, ProblemKind.MediaType, ProblemKind.Unusable)
            .WithMetadata(new HeaderParameter("If-Match", "The ETag that the sweep had when it was looked at: where somebody changed it since, nothing is done.", 100));
        routes.MapDelete(ApiPaths.Sweep, RemoveAsync).Describe(
            "removeSweep", "Removes a sweep that does not run, with its results, and files and cells that no other sweep needs.", AccessScope.Admin, ProblemKind.NotFound, ProblemKind.Conflict);
        routes.MapGet(ApiPaths.Progress, ProgressAsync).Describe("getProgress", "How far a sweep is.", AccessScope.Read, ProblemKind.NotFound, ProblemKind.Ambiguous);
        routes.MapGet(ApiPaths.Frontier, FrontierAsync).Describe("getFrontier", "The frontier of a sweep so far.", AccessScope.Read, ProblemKind.NotFound, ProblemKind.Ambiguous);
    }

    private static async Task<Page<SweepResource>> ListAsync(SweepFinder finder, int? limit, string? after, string? phase, string? name, CancellationToken cancellationToken)
    {
        int most = PageLimits.Check(limit);
        if (phase is not null && !SweepListing.Phases.Contains(phase))
        {
            throw new ProblemException(ProblemKind.Malformed, $"phase: found '{(phase.Length <= 32 ? phase : phase[..32] + "..")}', expected one of {string.Join(", ", SweepListing.Phases)}.");
        }

        ImmutableArray<SweepRecord> sweeps = await finder.ListAsync(cancellationToken);
        int place = after is null ? 0 : sweeps.Select(sweep => sweep.Id).ToList().IndexOf(after) + 1;
        if (after is not null && place == 0)
        {
            throw PageLimits.NoSuchPlace(after);
        }

        List<SweepListing> items = [];
        for (; place < sweeps.Length; place += AtOnce)
        {
            SweepListing?[] listed = await Task.WhenAll(sweeps.AsSpan()[place..Math.Min(place + AtOnce, sweeps.Length)].ToArray()
                .Where(sweep => name is null || sweep.Name == name)
                .Select(sweep => finder.TryReadAsync(sweep, cancellationToken)));
            foreach (SweepListing sweep in listed.OfType<SweepListing>().Where(sweep => phase is null || sweep.Phase == phase))
            {
                if (items.Count == most)
                {
                    return await PageAsync(items[^1].Id);
                }

                items.Add(sweep);
            }
        }

        return await PageAsync(null);

        async Task<Page<SweepResource>> PageAsync(string? next) => new([.. (await finder.TellAsync([.. items], cancellationToken)).Select(SweepResources.Of)], next);
    }

    private static async Task<SweepResource> FindAsync(HttpContext context, SweepFinder finder, string id, CancellationToken cancellationToken)
    {
        SweepListing sweep = await finder.FindAsync(id, cancellationToken);
        context.Response.Headers.ETag = SweepResources.TagOf(sweep.Status.Control);
        return SweepResources.Of((await finder.TellAsync([sweep], cancellationToken))[0]);
    }

    private static async Task<SweepResource> ChangeAsync(HttpContext context, ServerParts parts, SweepFinder finder, string id, ChangeRequest request, CancellationToken cancellationToken)
    {
        SweepChange change = Read(request);
        SweepListing sweep = await finder.FindAsync(id, cancellationToken);
        string wanted = context.Request.Headers.IfMatch.ToString();
        if (wanted.Length > 0 && wanted != "*")
        {
            change = change with
            {
                Expected = wanted == SweepResources.TagOf(sweep.Status.Control) ? sweep.Status.Control : throw new ProblemException(
                ProblemKind.Changed, $"{sweep}: found the ETag {SweepResources.TagOf(sweep.Status.Control)}, expected that of If-Match; somebody changed it meanwhile.")
            };
        }

        try
        {
            await parts.Desk.ChangeAsync(sweep.Id, change, cancellationToken);
        }
        catch (StoreConflictException) when (change.Expected is not null)
        {
            throw new ProblemException(ProblemKind.Changed, $"{sweep}: somebody changed it meanwhile.");
        }
        catch (Exception removed) when (IsRemoved(removed))
        {
            throw new ProblemException(ProblemKind.NotFound, removed.Message);
        }

        return await FindAsync(context, finder, sweep.Id, cancellationToken);
    }

    private static SweepChange Read(ChangeRequest request)
    {
        if (request is { Attempts: < 1 })
        {
            throw new ProblemException(ProblemKind.Unusable, $"attempts: found {request.Attempts}, expected 1 or more.");
        }

        return new SweepChange
        {
            Phase = request.Phase switch
            {
                null => null,
                "running" => SweepPhase.Running,
                "paused" => SweepPhase.Paused,
                "cancelled" => SweepPhase.Cancelled,
                _ => throw new ProblemException(ProblemKind.Unusable, $"phase: found '{OneLine.Of(request.Phase)}', expected running, paused or cancelled."),
            },
            Priority = request.Priority,
            MaxAttempts = request.Attempts,
            TimeLimit = request.TimeLimitSeconds switch { null => null, 0 => Timeout.InfiniteTimeSpan, double seconds => TimeLimits.Read(seconds) },
        };
    }

    private static async Task<RemovalResource> RemoveAsync(ServerParts parts, SweepFinder finder, string id, CancellationToken cancellationToken)
    {
        SweepListing sweep = await finder.FindAsync(id, cancellationToken);
        try
        {
            return new RemovalResource(await parts.Desk.RemoveAsync(sweep.Id, cancellationToken));
        }
        catch (Exception removed) when (IsRemoved(removed))
        {
            throw new ProblemException(ProblemKind.NotFound, removed.Message);
        }
    }

    // A desk that is given a whole id has no other fault to find with it: a wrong phase is an exception of its own.
    private static bool IsRemoved(Exception error) => error is SweepStoppedException or BadInputException;

    private static async Task<ProgressResource> ProgressAsync(ISweepFeeds feeds, SweepFinder finder, string id, CancellationToken cancellationToken) =>
        SweepResources.ProgressOf(await PresentAsync(feeds, await finder.FindAsync(id, cancellationToken), cancellationToken));

    private static async Task<FrontierResource> FrontierAsync(ISweepFeeds feeds, SweepFinder finder, string id, CancellationToken cancellationToken) =>
        SweepResources.FrontierOf(await PresentAsync(feeds, await finder.FindAsync(id, cancellationToken), cancellationToken));

    /// <summary>A state that is no older than the counts that the store gave just now: who changed something sees it, though others watch already.</summary>
    private static async Task<SweepState> PresentAsync(ISweepFeeds feeds, SweepListing sweep, CancellationToken cancellationToken)
    {
        SweepState state = await feeds.NextAsync(sweep.Id, 0, cancellationToken);
        while (state.Sweep.Status.Results < sweep.Status.Results && !state.Sweep.Status.IsFinished)
        {
            state = await feeds.NextAsync(sweep.Id, state.Version, cancellationToken);
        }

        return state.Sweep.Status.Control == sweep.Status.Control ? state : state with { Sweep = state.Sweep with { Status = state.Sweep.Status with { Control = sweep.Status.Control } } };
    }
}
