using System.Net;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;

namespace SweepCluster.Server.Clients;

/// <summary>Server-sent events, taken up again where the connection is lost: after a pause that grows, for two minutes, from the last event on.</summary>
internal sealed class ProgressStream(ServerCalls calls, string path, TimeProvider time)
{
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(45); // a server says something every 15 s, if only that it is there
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private string? _last;

    /// <summary>Events, until the server says that no other follows.</summary>
    /// <exception cref="Graphs.SweepException">As <see cref="ServerCalls.OpenAsync"/>.</exception>
    internal async IAsyncEnumerable<SseItem<string>> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            using HttpResponseMessage answer = await calls.OpenAsync(Ask, cancellationToken);
            if (answer.StatusCode == HttpStatusCode.NoContent)
            {
                yield break;
            }

            await using Stream body = new WatchedStream(await answer.Content.ReadAsStreamAsync(cancellationToken), s_silence, time);
            await using IAsyncEnumerator<SseItem<string>> items = SseParser.Create(body).EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
            while (await TryMoveAsync(items, cancellationToken))
            {
                _last = items.Current.EventId ?? _last;
                yield return items.Current;
            }

            await Task.Delay(s_pause, time, cancellationToken); // a server that ends every stream at once is not asked without a break
        }
    }

    private static async Task<bool> TryMoveAsync(IAsyncEnumerator<SseItem<string>> items, CancellationToken cancellationToken)
    {
        try
        {
            return await items.MoveNextAsync();
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested && (ServerFaults.IsTransient(error) || error is OperationCanceledException))
        {
            return false;
        }
    }

    private HttpRequestMessage Ask()
    {
        HttpRequestMessage request = new(HttpMethod.Get, ServerCalls.Relative(path));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (_last is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", _last);
        }

        return request;
    }
}
