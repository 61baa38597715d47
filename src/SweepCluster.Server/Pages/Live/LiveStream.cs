using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;
using SweepCluster.Graphs;
using SweepCluster.Server.Api.Streams;

namespace SweepCluster.Server.Pages.Live;

/// <summary>Sends a page's parts as server-sent events: each when it reads otherwise than what the browser has.</summary>
internal static class LiveStream
{
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Sends until the browser leaves or nothing more is to come.</summary>
    /// <param name="context">The request; its query's <c>have</c> names what the browser has: <c>part:hash</c>, separated by commas.</param>
    /// <param name="view">The page.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stopping">The server stops.</param>
    internal static async Task SendAsync(HttpContext context, ILiveView view, TimeProvider time, CancellationToken stopping)
    {
        using CancellationTokenSource ending = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        Dictionary<string, string> known = Have(context.Request.Query["have"].ToString());
        EventStream stream = EventStream.Prepare(context, time, ending.Token); // a store that is away is said with a status of its own
        try
        {
            await SendAsync(stream, view, known, time, ending.Token);
        }
        catch (OperationCanceledException)
        {
            // The browser left, or the server stops: the browser comes again.
        }
        catch (StoreUnavailableException) when (context.Response.HasStarted)
        {
            // The browser comes again, and is told so then if that is still true.
        }
    }

    private static async Task SendAsync(EventStream stream, ILiveView view, Dictionary<string, string> known, TimeProvider time, CancellationToken left)
    {
        try
        {
            string title = "", said = "";
            for (long seen = 0; ;)
            {
                PageView now = await stream.WaitAsync(view.NextAsync(seen, left));
                seen = now.Version;
                foreach (PagePart part in now.Parts.Where(part => known.GetValueOrDefault(part.Name) != part.Hash && !(part.IsPlaceholder && known.ContainsKey(part.Name))))
                {
                    known[part.Name] = part.Hash;
                    await stream.WriteAsync(Render("part", new { name = part.Name, hash = part.Hash, html = part.Html }));
                }

                if ((title, said) != (now.Title, now.Said))
                {
                    (title, said) = (now.Title, now.Said);
                    await stream.WriteAsync(Render("title", new { title, said }));
                }

                await stream.SendAsync(Render(now.IsOver ? "over" : "current", new { }));
                if (now.IsOver)
                {
                    return;
                }

                await Task.Delay(now.Pause, time, left);
            }
        }
        catch (Exception error) when (error is BadInputException or SweepStoppedException)
        {
            await stream.SendAsync(Render("gone", new { said = error.Message }));
        }
    }

    private static byte[] Render<T>(string name, T data) => EventStream.Render(name, null, JsonSerializer.SerializeToUtf8Bytes(data, s_json));

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
