using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using SweepCluster.Server.Access;
using SweepCluster.Server.Access.Tokens;
using SweepCluster.Server.Tests.Access;
using SweepCluster.Server.Tests.Sweeps;

namespace SweepCluster.Server.Tests.Api;

/// <summary>Who uploads slowly holds a seat of its own and nobody else's.</summary>
public sealed class UploadSeatTests
{
    private static readonly byte[] s_part = [1, 2, 3];
    private static readonly string s_path = $"/api/v1/blobs/{Convert.ToHexStringLower(SHA256.HashData(s_part))}";

    [Fact]
    public async Task SlowUploads_OfOneCaller_AreBoundedAndNobodyElseWaits()
    {
        NewToken[] tokens = Door.MakeTokens();
        LimitOptions limits = new() { CallerUploads = 2, AllUploads = 3 };
        await using TinyServer server = await TinyServer.StartAsync(options: new ServerOptions { Access = new AccessOptions { TokenLines = Door.Lines(tokens), Limits = limits } });
        (string slow, string other) = (tokens[1].Secret, tokens[2].Secret);
        using SocketsHttpHandler patient = new() { Expect100ContinueTimeout = TimeSpan.FromMinutes(2) };
        using HttpClient client = new(patient) { BaseAddress = server.Client.BaseAddress };
        using SlowPart first = new(), second = new();
        Task<HttpResponseMessage> one = SendAsync(client, slow, first, asks: true), two = SendAsync(client, slow, second, asks: true);
        await Task.WhenAll(await Task.WhenAny(first.Begun, one), await Task.WhenAny(second.Begun, two));
        Assert.Equal((true, true), (first.Begun.IsCompleted, second.Begun.IsCompleted));

        using HttpResponseMessage refused = await SendAsync(server.Client, slow, new ByteArrayContent(s_part));
        using HttpResponseMessage taken = await SendAsync(server.Client, other, new ByteArrayContent(s_part));

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Contains("found too many uploads at once, expected at most 2 of one caller and 3 in all.", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, taken.StatusCode);
        first.End();
        second.End();
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), ((await one).StatusCode, (await two).StatusCode));
        using HttpResponseMessage again = await UntilTakenAsync(server.Client, slow);
    }

    // A seat is given back after the answer: until the server has taken note of that.
    private static async Task<HttpResponseMessage> UntilTakenAsync(HttpClient client, string token)
    {
        while (true)
        {
            HttpResponseMessage answer = await SendAsync(client, token, new ByteArrayContent(s_part));
            if (answer.StatusCode == HttpStatusCode.Created)
            {
                return answer;
            }

            Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
            answer.Dispose();
            await Task.Delay(50);
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, string token, HttpContent content, bool asks = false)
    {
        using HttpRequestMessage request = new(HttpMethod.Put, s_path) { Content = content };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.ExpectContinue = asks; // the server says that it may go on when it reads, which is when it has a seat
        return await client.SendAsync(request);
    }

    /// <summary>Sends all but the last byte, and that when it is told to.</summary>
    private sealed class SlowPart : HttpContent
    {
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously), _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => _begun.Task;

        public void End() => _end.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            _begun.SetResult();
            await stream.WriteAsync(s_part.AsMemory(0, s_part.Length - 1));
            await stream.FlushAsync();
            await _end.Task;
            await stream.WriteAsync(s_part.AsMemory(s_part.Length - 1));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = s_part.Length;
            return true;
        }
    }
}
