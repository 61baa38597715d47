using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;
using SweepCluster.Graphs;

namespace SweepCluster.Server.Pages.Live;

/// <summary>Sends a page's parts as server-sent events: each when it reads otherwise than what the browser has.</summary>
internal static class LiveStream
{
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(15); // a sign of life, before a proxy or the browser gives up
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Sends until the browser leaves or nothing more is to come.</summary>
    /// <param name="context">The request; its query's <c>have</c> names what the browser has: <c>part:hash</c>, separated by commas.</param>
    /// <param name="view">The page.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stopping">The server stops.</param>
    internal static async Task SendAsync(HttpContext context, ILiveView view, TimeProvider time, CancellationToken stopping)
    {
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        CancellationToken left = ending.Token;
        Dictionary<string, string> known = Have(context.Request.Query["have"].ToString());
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        try
        {
            string title = "", said = "";
            for (long seen = 0; ;)
            {
                Task<PageView> next = view.NextAsync(seen, left);
                while (await Task.WhenAny(next, Task.Delay(s_silence, time, left)) != next)
                {
                    left.ThrowIfCancellationRequested();
                    await context.Response.WriteAsync(": still here\n\n", left);
                    await context.Response.Body.FlushAsync(left);
                }

                PageView now = await next;
                seen = now.Version;
                foreach (PagePart part in now.Parts.Where(part => known.GetValueOrDefault(part.Name) != part.Hash && !(part.IsPlaceholder && known.ContainsKey(part.Name))))
                {
                    known[part.Name] = part.Hash;
                    await WriteAsync(context, "part", new { name = part.Name, hash = part.Hash, html = part.Html }, left);
                }

                if ((title, said) != (now.Title, now.Said))
                {
                    (title, said) = (now.Title, now.Said);
                    await WriteAsync(context, "title", new { title, said }, left);
                }

                await WriteAsync(context, now.IsOver ? "over" : "current", new { }, left);
                await context.Response.Body.FlushAsync(left);
                if (now.IsOver)
                {
                    return;
                }

                await Task.Delay(now.Pause, time, left);
            }
        }
        catch (OperationCanceledException)
        {
            // The browser left, or the server stops: the browser comes again.
        }
        catch (StoreUnavailableException) when (context.Response.HasStarted)
        {
            // The browser comes again, and is told so then if that is still true.
        }
        catch (Exception error) when (error is BadInputException or SweepStoppedException)
        {
            await WriteAsync(context, "gone", new { said = error.Message }, CancellationToken.None);
        }
    }

    private static Task WriteAsync(HttpContext context, string name, object data, CancellationToken cancellationToken) =>
        context.Response.WriteAsync($"event: {name}\ndata: {JsonSerializer.Serialize(data, s_json)}\n\n", cancellationToken);

    private static Dictionary<string, string> Have(string text)
    {
        Dictionary<string, string> known = new(StringComparer.Ordinal);
        foreach (string entry in text.Split(',', StringSplitOptions.RemoveEmptyEntries).Take(64))
        {
            int colon = entry.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                known[entry[..colon]] = entry[(colon + 1)..];
            }
        }

        return known;
    }
}
