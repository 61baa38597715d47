using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace SweepCluster.Server.Api.Streams;

/// <summary>An answer of server-sent events. A comment goes out now and then while there is none, so that nobody between takes the line for dead.</summary>
internal sealed class EventStream
{
    private static readonly byte[] s_beat = ": still here\n\n"u8.ToArray();
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(15);

    private readonly HttpResponse _response;
    private readonly TimeProvider _time;
    private readonly CancellationToken _cancellationToken;

    private EventStream(HttpResponse response, TimeProvider time, CancellationToken cancellationToken)
    {
        _response = response;
        _time = time;
        _cancellationToken = cancellationToken;
    }

    /// <summary>Number of the last event that the client has; 0: none, or no number of ours.</summary>
    internal static long LastSeen(HttpRequest request) =>
        long.TryParse(request.Headers["Last-Event-ID"].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out long seen) ? seen : 0;

    /// <summary>Begins to answer.</summary>
    internal static async Task<EventStream> BeginAsync(HttpContext context, TimeProvider time, CancellationToken cancellationToken)
    {
        EventStream stream = Prepare(context, time, cancellationToken);
        await context.Response.StartAsync(cancellationToken);
        return stream;
    }

    /// <summary>An answer that begins with what is sent first; until then the request can still be answered otherwise.</summary>
    internal static EventStream Prepare(HttpContext context, TimeProvider time, CancellationToken cancellationToken)
    {
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        HttpResponse response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";
        response.Headers["X-Accel-Buffering"] = "no"; // proxies that gather answers would keep events back
        return new EventStream(response, time, cancellationToken);
    }

    /// <summary>An event as it goes over the line.</summary>
    internal static byte[] Render(string name, long? id, ReadOnlySpan<byte> json)
    {
        string head = id is null ? $"event: {name}\ndata: " : string.Create(CultureInfo.InvariantCulture, $"event: {name}\nid: {id}\ndata: ");
        return [.. Encoding.UTF8.GetBytes(head), .. json, .. "\n\n"u8];
    }

    /// <summary>Writes events, which go out with what is sent next.</summary>
    internal ValueTask WriteAsync(ReadOnlyMemory<byte> events) => _response.Body.WriteAsync(events, _cancellationToken);

    /// <summary>Sends events.</summary>
    internal async Task SendAsync(ReadOnlyMemory<byte> events)
    {
        await WriteAsync(events);
        await _response.Body.FlushAsync(_cancellationToken);
    }

    /// <summary>Waits for what comes next.</summary>
    internal async Task<T> WaitAsync<T>(Task<T> next)
    {
        while (!next.IsCompleted)
        {
            using CancellationTokenSource done = CancellationTokenSource.CreateLinkedTokenSource(_cancellationToken);
            Task pause = Task.Delay(s_pause, _time, done.Token);
            if (await Task.WhenAny(next, pause) == pause)
            {
                await pause; // says so where the client has gone
                await SendAsync(s_beat);
            }

            await done.CancelAsync();
        }

        return await next;
    }
}
