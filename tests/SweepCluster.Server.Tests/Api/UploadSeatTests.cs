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
        using SlowPart first = new(), second = new();
        Task<HttpResponseMessage> one = SendAsync(server, slow, first), two = SendAsync(server, slow, second);

        using HttpResponseMessage refused = await UntilAsync(server, slow, HttpStatusCode.TooManyRequests);
        using HttpResponseMessage taken = await SendAsync(server, other, new ByteArrayContent(s_part));

        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Contains("found too many uploads at once, expected at most 2 of one caller and 3 in all.", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Created, taken.StatusCode);
        first.End();
        second.End();
        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.Created), ((await one).StatusCode, (await two).StatusCode));
        using HttpResponseMessage again = await UntilAsync(server, slow, HttpStatusCode.Created);
    }

    // Until the server has taken note of what began or ended.
    private static async Task<HttpResponseMessage> UntilAsync(TinyServer server, string token, HttpStatusCode status)
    {
        while (true)
        {
            HttpResponseMessage answer = await SendAsync(server, token, new ByteArrayContent(s_part));
            if (answer.StatusCode == status)
            {
                return answer;
            }

            Assert.True(answer.StatusCode is HttpStatusCode.Created or HttpStatusCode.TooManyRequests, answer.StatusCode.ToString());
            answer.Dispose();
            await Task.Delay(50);
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(TinyServer server, string token, HttpContent content)
    {
        using HttpRequestMessage request = new(HttpMethod.Put, s_path) { Content = content };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await server.Client.SendAsync(request);
    }

    /// <summary>Sends all but the last byte, and that when it is told to.</summary>
    private sealed class SlowPart : HttpContent
    {
        private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void End() => _end.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
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
