using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using SweepCluster.Engine.Jobs;
using SweepCluster.Reports.Html;
using SweepCluster.Server.Api.Problems;
using SweepCluster.Server.Pages.Frame;

namespace SweepCluster.Server.Pages;

/// <summary>Answers with pages.</summary>
internal static class PageAnswers
{
    private const string FromScript = "X-Live"; // the script asks without leaving the page, and shows one line

    /// <summary>Answers with a page.</summary>
    internal static async Task SendAsync<TPage>(HttpContext context, IReadOnlyDictionary<string, object?> parameters, int status = StatusCodes.Status200OK)
        where TPage : IComponent
    {
        string html = await ReportHtml.RenderFragmentAsync<TPage>(parameters, context.RequestAborted);
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsync(html, context.RequestAborted);
    }

    /// <summary>Whether the page's script asks.</summary>
    internal static bool IsScript(HttpContext context) => context.Request.Headers.ContainsKey(FromScript);

    /// <summary>Runs what answers a request; what people did wrong, and what is not there, becomes a page that says so.</summary>
    internal static async Task GuardAsync(HttpContext context, string back, Func<Task> answer)
    {
        try
        {
            await answer();
        }
        catch (Exception error) when (!context.Response.HasStarted && StatusOf(error) is not null)
        {
            await RefuseAsync(context, StatusOf(error)!.Value, error.Message, back);
        }
    }

    /// <summary>Answers that something went otherwise than asked.</summary>
    internal static async Task RefuseAsync(HttpContext context, int status, string text, string back)
    {
        if (IsScript(context))
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(text, context.RequestAborted);
            return;
        }

        PageInfo info = PageInfos.Of(context, status switch { 404 => "Not found", 409 => "Not now", 503 => "The store cannot be reached", _ => "That cannot be done" }, "", isLive: false);
        await SendAsync<MessagePage>(context, new Dictionary<string, object?> { ["Info"] = info, ["Text"] = text, ["Back"] = back }, status);
    }

    // As the API has it, but that a page of a sweep that is not there is not there.
    private static int? StatusOf(Exception error) => error is SweepNotFoundException or SweepStoppedException ? StatusCodes.Status404NotFound : Problem.Of(error)?.Kind.Status;
}
