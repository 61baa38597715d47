using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using SweepCluster.Graphs;
using SweepCluster.Reports.Listing;
using SweepCluster.Server.Access;
using SweepCluster.Server.Access.Limits;
using SweepCluster.Server.Pages.Events;
using SweepCluster.Server.Pages.Frame;
using SweepCluster.Server.Pages.Live;
using SweepCluster.Server.Pages.Silos;
using SweepCluster.Server.Pages.Sweeps;

namespace SweepCluster.Server.Pages;

/// <summary>The pages to look at, and the events that keep them live.</summary>
internal static class PageEndpoints
{
    private const int LongestQuery = 200;

    /// <summary>Maps them.</summary>
    internal static void Map(WebApplication server)
    {
        Get(server, PagePaths.Sweeps, SweepsAsync, (context, sources, _) => List(context, sources));
        Get(server, PagePaths.Sweep, SweepAsync, (context, sources, options) => Sweep(context, sources, options));
        Get(server, PagePaths.Silos, SilosAsync, (_, sources, _) => new SilosView(sources.Silos, sources.Shelf));
        Get(server, PagePaths.Events, EventsAsync, (context, sources, _) => new EventsView(sources.Events, sources.Shelf, PageNumber(context)));
    }

    private static void Get(WebApplication server, string path, Func<HttpContext, ILiveView, Task> page, Func<HttpContext, PageSources, ServerOptions, ILiveView> view)
    {
        RequiredScope.On(
            server.MapGet(path, (HttpContext context, PageSources sources, ServerOptions options) =>
                PageAnswers.GuardAsync(context, PagePaths.Sweeps, () => page(context, view(context, sources, options)))), AccessScope.Read);
        RequiredScope.On(
            EndlessAnswer.On(server.MapGet(PagePaths.Live + path, (HttpContext context, PageSources sources, ServerOptions options) =>
                PageAnswers.GuardAsync(context, PagePaths.Sweeps, () => LiveStream.SendAsync(context, view(context, sources, options), options.Time, server.Lifetime.ApplicationStopping)))), AccessScope.Read);
        RequiredScope.On(server.MapMethods(PagePaths.Live + path, [HttpMethods.Head], static () => Results.Ok()), AccessScope.Read); // by which the script learns that it was signed out
    }

    private static SweepsView List(HttpContext context, PageSources sources) => new(sources.Index, sources.Feeds, sources.Shelf, Text(context, "find"), PageNumber(context));

    private static SweepView Sweep(HttpContext context, PageSources sources, ServerOptions options) =>
        new(sources, (string)context.Request.RouteValues["id"]!, Query(context), options.Time);

    private static async Task SweepsAsync(HttpContext context, ILiveView view)
    {
        PageView now = await view.NextAsync(0, context.RequestAborted);
        await PageAnswers.SendAsync<SweepsPage>(context, new Dictionary<string, object?>
        {
            ["Info"] = PageInfos.Of(context, now.Title, PagePaths.Sweeps, isLive: true),
            ["View"] = now,
            ["Search"] = Text(context, "find"),
        });
    }

    private static async Task SweepAsync(HttpContext context, ILiveView view)
    {
        string id = (string)context.Request.RouteValues["id"]!;
        PageView now;
        try
        {
            now = await view.NextAsync(0, context.RequestAborted);
        }
        catch (BadInputException)
        {
            throw new SweepNotFoundException(id);
        }

        await PageAnswers.SendAsync<SweepPage>(context, new Dictionary<string, object?>
        {
            ["Info"] = PageInfos.Of(context, now.Title, PagePaths.Sweeps, isLive: true),
            ["View"] = now,
            ["Export"] = PagePaths.Action(id, "export"),
        });
    }

    private static async Task SilosAsync(HttpContext context, ILiveView view)
    {
        PageView now = await view.NextAsync(0, context.RequestAborted);
        await PageAnswers.SendAsync<SilosPage>(context, new Dictionary<string, object?> { ["Info"] = PageInfos.Of(context, now.Title, PagePaths.Silos, isLive: true), ["View"] = now });
    }

    private static async Task EventsAsync(HttpContext context, ILiveView view)
    {
        PageView now = await view.NextAsync(0, context.RequestAborted);
        int page = PageNumber(context), pages = Math.Max(1, (((EventsView)view).Found + EventsView.PageSize - 1) / EventsView.PageSize);
        string Address(int number) => string.Create(CultureInfo.InvariantCulture, $"{PagePaths.Events}?page={number}");
        await PageAnswers.SendAsync<EventsPage>(context, new Dictionary<string, object?>
        {
            ["Info"] = PageInfos.Of(context, now.Title, PagePaths.Events, isLive: true),
            ["View"] = now,
            ["Newer"] = page > 1 ? Address(page - 1) : null,
            ["Older"] = page < pages ? Address(page + 1) : null,
        });
    }

    private static TrialQuery Query(HttpContext context) => new()
    {
        Sort = Text(context, "sort"),
        Descending = Text(context, "order") == "desc",
        Kind = Text(context, "kind"),
        Family = Text(context, "family"),
        FrontierOnly = Text(context, "front").Length > 0,
        Page = PageNumber(context),
        Trial = Text(context, "trial") is { Length: > 0 } trial ? trial : null,
    };

    private static int PageNumber(HttpContext context) => int.TryParse(Text(context, "page"), NumberStyles.None, CultureInfo.InvariantCulture, out int page) && page > 0 ? page : 1;

    private static string Text(HttpContext context, string name)
    {
        string text = context.Request.Query[name].ToString().Trim();
        return text.Length > LongestQuery ? text[..LongestQuery] : text;
    }
}
