using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;
using SweepCluster.Graphs;
using SweepCluster.Server.Access;
using SweepCluster.Server.Access.Limits;
using SweepCluster.Server.Api.Contracts;
using SweepCluster.Server.Api.OpenApi;
using SweepCluster.Server.Api.Problems;
using SweepCluster.Server.Api.Sweeps;
using SweepCluster.Server.Feeds;

namespace SweepCluster.Server.Api.Streams;

/// <summary>Server-sent events.</summary>
internal static class StreamEndpoints
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        EndlessAnswer.On(routes.MapGet(ApiPaths.SweepChanges, FollowAsync)).Describe(
            "followSweep",
            "Server-sent events of a sweep: progress, frontier where it changed, and at last end.", AccessScope.Read, ProblemKind.NotFound, ProblemKind.Ambiguous)
            .Produces<string>(StatusCodes.Status200OK, "text/event-stream").Produces(StatusCodes.Status204NoContent)
            .WithMetadata(new HeaderParameter("Last-Event-ID", "Number of the last event that came: what is new since follows.", 20));
        EndlessAnswer.On(routes.MapGet(ApiPaths.Changes, FollowListAsync)).Describe(
            "followList", "Server-sent events: the list of sweeps or of silos reads otherwise.", AccessScope.Read)
            .Produces<string>(StatusCodes.Status200OK, "text/event-stream");
    }

    private static async Task FollowAsync(
        HttpContext context, ServerOptions options, ISweepFeeds feeds, SweepFinder finder, IHostApplicationLifetime lifetime, string id, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        SweepListing sweep = await finder.FindAsync(id, cancellationToken);
        SweepState state = await feeds.NextAsync(sweep.Id, 0, stop.Token);
        long seen = EventStream.LastSeen(context.Request);
        if (state.IsOver && state.Version == seen)
        {
            context.Response.StatusCode = StatusCodes.Status204NoContent; // which tells a browser not to ask again
            return;
        }

        EventStream stream = await EventStream.BeginAsync(context, options.Time, stop.Token);
        try
        {
            state = state.Version == seen ? await stream.WaitAsync(feeds.NextAsync(sweep.Id, seen, stop.Token)) : state;
            for (SweepState? before = null; ; state = await stream.WaitAsync(feeds.NextAsync(sweep.Id, state.Version, stop.Token)))
            {
                StateEvents events = StateEvents.Of(state);
                await stream.SendAsync(before is not null && before.Frontier == state.Frontier ? events.Progress : events.ProgressAndFrontier);
                before = state;
                if (state.IsOver)
                {
                    await stream.SendAsync(StateEvents.End(state.Sweep.Phase, state.Sweep.Status.Control.Reason));
                    return;
                }
            }
        }
        catch (Exception removed) when (removed is SweepStoppedException or BadInputException)
        {
            await stream.SendAsync(StateEvents.End("removed", null));
        }
        catch (Exception error) when (error is OperationCanceledException or StoreUnavailableException)
        {
            // The client has gone, the server stops, or the store is away; who comes again goes on with what is new.
        }
    }

    private static async Task FollowListAsync(HttpContext context, ServerOptions options, ISweepFeeds feeds, IHostApplicationLifetime lifetime, CancellationToken cancellationToken)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        EventStream stream = await EventStream.BeginAsync(context, options.Time, stop.Token);
        try
        {
            for (long seen = EventStream.LastSeen(context.Request); ;)
            {
                seen = await stream.WaitAsync(feeds.NextChangeAsync(seen, stop.Token));
                await stream.SendAsync(EventStream.Render("change", seen, JsonSerializer.SerializeToUtf8Bytes(new ChangeResource(seen), ApiJson.Default.ChangeResource)));
            }
        }
        catch (Exception error) when (error is OperationCanceledException or StoreUnavailableException)
        {
            // The client has gone, the server stops, or the store is away; who comes again is told.
        }
    }
}
