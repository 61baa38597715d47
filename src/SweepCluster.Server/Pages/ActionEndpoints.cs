using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Stores;
using SweepCluster.Graphs;
using SweepCluster.Server.Access;
using SweepCluster.Server.Access.Limits;
using SweepCluster.Server.Access.Sessions;
using SweepCluster.Server.Api.Contracts;
using SweepCluster.Server.Api.Exports;
using SweepCluster.Server.Api.Sweeps;
using SweepCluster.Server.Feeds;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Server.Pages;

/// <summary>What the buttons of a sweep's page do. They are form posts, so they work without script.</summary>
internal static class ActionEndpoints
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    /// <summary>Maps them.</summary>
    internal static void Map(WebApplication server)
    {
        Post(server, "pause", AccessScope.Submit, (parts, feeds, id, _, cancel) => ChangeAsync(parts, feeds, id, new SweepChange { Phase = SweepPhase.Paused }, cancel));
        Post(server, "resume", AccessScope.Submit, (parts, feeds, id, _, cancel) => ChangeAsync(parts, feeds, id, new SweepChange { Phase = SweepPhase.Running }, cancel));
        Post(server, "cancel", AccessScope.Submit, (parts, feeds, id, _, cancel) => ChangeAsync(parts, feeds, id, new SweepChange { Phase = SweepPhase.Cancelled }, cancel));
        Post(server, "priority", AccessScope.Submit, (parts, feeds, id, form, cancel) => ChangeAsync(parts, feeds, id, new SweepChange { Priority = PriorityField.Read(form["priority"]) }, cancel));
        Post(server, "remove", AccessScope.Admin, async (parts, feeds, id, _, cancel) =>
        {
            long seen = await feeds.NextChangeAsync(0, cancel);
            await parts.Desk.RemoveAsync(id, cancel);
            await ShownAsync(patience => feeds.NextChangeAsync(seen, patience), cancel);
            return PagePaths.Sweeps;
        });
        RequiredScope.On(
            Transfer.On(server.MapPost(PagePaths.Sweep + "/export", (HttpContext context, ISweepFeeds feeds, SweepFinder finder, ExportShelf shelf) => ExportAsync(context, feeds, finder, shelf))), AccessScope.Submit);
    }

    private static Task ExportAsync(HttpContext context, ISweepFeeds feeds, SweepFinder finder, ExportShelf shelf)
    {
        string id = (string)context.Request.RouteValues["id"]!;
        return PageAnswers.GuardAsync(context, PagePaths.Of(id), async () =>
        {
            IFormCollection form = await context.Request.ReadFormAsync(context.RequestAborted);
            ExportRequest request = form["way"] == "max-drop" ? new ExportRequest { MaxDrop = MaxDrop(form) } : new ExportRequest { Trial = form["trial"].ToString() };
            (SweepListing sweep, SweepSummary summary) = await ExportEndpoints.FindAsync(feeds, finder, id, context.RequestAborted);
            (PackedModel model, FileStream content) = await ExportEndpoints.OpenAsync(shelf, sweep, ExportEndpoints.Choose(summary, request).Trial, context.RequestAborted);
            await using (content)
            {
                context.Response.ContentType = "application/zip";
                context.Response.ContentLength = content.Length;
                ContentDispositionHeaderValue attachment = new("attachment");
                attachment.SetHttpFileName(model.Name + ".zip");
                context.Response.Headers.ContentDisposition = attachment.ToString();
                await content.CopyToAsync(context.Response.Body, context.RequestAborted);
            }
        });
    }

    private static double MaxDrop(IFormCollection form) => double.TryParse(form["max-drop"], NumberStyles.Float, CultureInfo.InvariantCulture, out double drop)
        ? drop
        : throw new BadInputException($"Smallest plan proven to lose at most: found '{form["max-drop"]}', expected a number.");

    private static void Post(WebApplication server, string action, AccessScope scope, Func<ServerParts, ISweepFeeds, string, IFormCollection, CancellationToken, Task<string>> act) =>
        RequiredScope.On(server.MapPost(PagePaths.Sweep + "/" + action, (HttpContext context, ServerParts parts, ISweepFeeds feeds, SweepFinder finder) =>
        {
            string id = (string)context.Request.RouteValues["id"]!;
            return PageAnswers.GuardAsync(context, PagePaths.Of(id), async () =>
            {
                IFormCollection form = await Forms.ReadAsync(context) ?? throw new BadInputException("The request: found no form, expected one.");
                string next = await act(parts, feeds, await ExistingAsync(finder, id, context.RequestAborted), form, context.RequestAborted);
                if (PageAnswers.IsScript(context))
                {
                    context.Response.StatusCode = StatusCodes.Status204NoContent;
                    return;
                }

                context.Response.StatusCode = StatusCodes.Status303SeeOther;
                context.Response.Headers.Location = next;
            });
        }), scope);

    // An address has a whole id; first digits and names are for people at a terminal.
    private static async Task<string> ExistingAsync(SweepFinder finder, string id, CancellationToken cancellationToken)
    {
        SweepListing found = await finder.FindAsync(id, cancellationToken);
        return found.Id == id ? id : throw new SweepNotFoundException(id);
    }

    private static async Task<string> ChangeAsync(ServerParts parts, ISweepFeeds feeds, string id, SweepChange change, CancellationToken cancellationToken)
    {
        SweepControl control = await parts.Desk.ChangeAsync(id, change, cancellationToken);
        await ShownAsync(
            async patience =>
            {
                SweepState state = await feeds.NextAsync(id, 0, patience);
                while (state.Sweep.Status.Control != control && !state.IsOver)
                {
                    state = await feeds.NextAsync(id, state.Version, patience);
                }
            },
            cancellationToken);
        return PagePaths.Of(id);
    }

    // The feeds are a moment behind the store, and a page without script shows what it showed first: it must be what was done.
    private static async Task ShownAsync(Func<CancellationToken, Task> wait, CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_patience);
        try
        {
            await wait(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The page comes a little too early, and the next look is right.
        }
    }
}
