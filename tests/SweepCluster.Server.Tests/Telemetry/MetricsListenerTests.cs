using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using SweepCluster.Graphs;
using SweepCluster.Server.Access;
using SweepCluster.Testing;

namespace SweepCluster.Server.Tests.Telemetry;

/// <summary>The second address of a process: metrics and health, for anybody who can reach it, and nothing else.</summary>
public sealed class MetricsListenerTests : IDisposable
{
    private static readonly Uri s_free = new("http://127.0.0.1:0"), s_everywhere = new("http://0.0.0.0:0");

    private readonly TemporaryFolder _folder = new();
    private readonly CancellationTokenSource _stop = new();

    public void Dispose()
    {
        _stop.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Silo_WithMetricsAlone_AnswersThemToWhoeverAsksAndNothingElse()
    {
        List<string> notices = [];
        await using SiloListener listener = await SiloListener.StartMetricsAsync(new ServerOptions { Metrics = s_everywhere }, null, notices.Add, default);
        string address = Assert.Single(listener.Addresses);
        using HttpClient http = Client(address);

        Assert.StartsWith("http://0.0.0.0:", address, StringComparison.Ordinal);
        Assert.Equal([$"metrics: {address}/metrics, for whoever can reach it"], notices);
        await AssertOnlyMetricsAsync(http);
        Assert.Contains("\nsweepcluster_jobs_total{", await http.GetStringAsync("/metrics"), StringComparison.Ordinal);
        Assert.Equal("ready\n", await http.GetStringAsync("/readyz"));
    }

    [Fact]
    public async Task Silo_ThatListensToo_TellsTheSameOnBoth()
    {
        await using SiloListener listener = await SiloListener.StartAsync(new ServerOptions { Listen = s_free, Metrics = s_everywhere }, null, static _ => { }, default);
        using HttpClient first = Client(listener.Addresses.First()), second = Client(listener.Addresses.Last());

        Assert.Equal(2, listener.Addresses.Count());
        string[] before = await TypesAsync(first), told = await TypesAsync(second), after = await TypesAsync(first);
        Assert.NotEmpty(before);
        Assert.Empty(before.Except(told)); // other tests of this process may use a metric for the first time in between
        Assert.Empty(told.Except(after));
        await AssertOnlyMetricsAsync(second);
    }

    [Fact]
    public async Task Server_WithTokens_TellsMetricsOnTheSecondAddressAlone()
    {
        string audit = _folder["audit"];
        List<string> notices = [];
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        AccessOptions access = new() { TokenLines = Access.Door.Lines(Access.Door.MakeTokens()), AuditFile = audit, Trusted = [IPNetwork.Parse("172.30.57.0/24")] };
        Task server = ServerProgram.RunAsync(
            new ServerOptions { Listen = s_everywhere, Metrics = s_everywhere, Access = access }, _folder["store"], null, [],
            notice =>
            {
                notices.Add(notice);
                if (notice.Contains("172.30.57.0/24", StringComparison.Ordinal))
                {
                    started.SetResult();
                }
            },
            _stop.Token);
        await await Task.WhenAny(started.Task, server);
        using HttpClient metrics = Client(notices[0].Split(' ', '/')[3]), main = Client(notices[1].Split(' ', '/')[3]);

        Assert.StartsWith("metrics: http://0.0.0.0:", notices[0], StringComparison.Ordinal);
        Assert.Equal("server: callers from 172.30.57.0/24 are taken as this machine's: publish the port on 127.0.0.1 alone", notices[2]);
        await AssertOnlyMetricsAsync(metrics);
        Assert.Equal(HttpStatusCode.Unauthorized, (await main.GetAsync("/metrics")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await main.GetAsync("/readyz")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(metrics, "/metrics", ("Origin", "https://evil.example")));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(metrics, "/metrics", ("Sec-Fetch-Site", "cross-site")));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync(metrics, $"/metrics?access_token={Access.Door.MakeTokens()[0].Secret}"));
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => server);
        JsonElement[] refused = [.. (await File.ReadAllLinesAsync(audit)).Select(line => JsonDocument.Parse(line).RootElement).Where(line => line.GetProperty("path").GetString() == "/metrics")];
        Assert.Equal([401, 403, 403, 400], refused.Select(line => line.GetProperty("status").GetInt32()));
        Assert.All(refused, line => Assert.Equal(("refused", "127.0.0.1"), (line.GetProperty("outcome").GetString(), line.GetProperty("address").GetString())));
    }

    [Fact]
    public async Task Server_WhereNobodySignsIn_SaysSoOfTrustedNetworks()
    {
        List<string> notices = [];
        TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task server = ServerProgram.RunAsync(
            new ServerOptions { Listen = s_everywhere, Access = new AccessOptions { Trusted = [IPNetwork.Parse("172.30.57.0/24"), IPNetwork.Parse("fd00:1::/64")] } }, _folder["store"], null, [],
            notice =>
            {
                notices.Add(notice);
                _ = notices.Count == 2 && started.TrySetResult();
            },
            _stop.Token);
        await await Task.WhenAny(started.Task, server);
        await _stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => server);

        Assert.Equal("server: callers from 172.30.57.0/24, fd00:1::/64 are taken as this machine's, and nobody signs in: publish the port on 127.0.0.1 alone", notices[1]);
    }

    [Fact]
    public async Task Metrics_FloodOfOneAddress_IsRefused()
    {
        AccessOptions access = new() { Limits = new LimitOptions { AddressRate = 1, AddressBurst = 2 } };
        await using SiloListener listener = await SiloListener.StartMetricsAsync(new ServerOptions { Metrics = s_free, Access = access, Time = new HandTime() }, null, static _ => { }, default);
        using HttpClient http = Client(listener.Addresses.Single());

        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests],
            [await StatusAsync(http, "/healthz"), await StatusAsync(http, "/healthz"), await StatusAsync(http, "/healthz")]);
    }

    [Fact]
    public async Task StartMetricsAsync_OnATakenPort_NamesItsOption()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        Uri address = new($"http://{taken.LocalEndpoint}");

        BadInputException fault = await Assert.ThrowsAsync<BadInputException>(() => SiloListener.StartMetricsAsync(new ServerOptions { Metrics = address }, null, static _ => { }, default));

        Assert.Equal($"--metrics {address}: found port {address.Port} taken by another process, expected a free one.", fault.Message);
    }

    // Whoever can reach it could hold every seat, and a probe would find none.
    [Theory, InlineData(""), InlineData("GET /healthz HTTP/1.1\r\n")]
    public async Task Connection_ThatAsksNothing_IsEnded(string sent)
    {
        await using SiloListener listener = await SiloListener.StartMetricsAsync(new ServerOptions { Metrics = s_free }, null, static _ => { }, default);
        using TcpClient idle = new();
        await idle.ConnectAsync(IPAddress.Loopback, new Uri(listener.Addresses.Single()).Port);
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(100));
        await idle.GetStream().WriteAsync(Encoding.ASCII.GetBytes(sent), limit.Token);

        using StreamReader reader = new(idle.GetStream());
        string answer = await reader.ReadToEndAsync(limit.Token);

        Assert.Equal(sent.Length == 0 ? "" : "HTTP/1.1 408 Request Timeout", answer.Split("\r\n")[0]);
    }

    [Fact]
    public async Task Connection_OfAnAddressThatHasTooMany_IsEndedUnanswered()
    {
        AccessOptions access = new() { Limits = new LimitOptions { AddressConnections = 0 } };
        await using SiloListener listener = await SiloListener.StartMetricsAsync(new ServerOptions { Metrics = s_free, Access = access }, null, static _ => { }, default);
        using HttpClient http = Client(listener.Addresses.Single());

        HttpRequestException error = await Assert.ThrowsAsync<HttpRequestException>(() => http.GetAsync("/healthz"));

        Assert.IsAssignableFrom<IOException>(error.InnerException); // it was connected to
    }

    private static HttpClient Client(string address) => new() { BaseAddress = new Uri($"http://127.0.0.1:{address.Split(':')[^1].TrimEnd(',')}") };

    private static async Task<string[]> TypesAsync(HttpClient http) =>
        [.. (await http.GetStringAsync("/metrics")).Split('\n').Where(line => line.StartsWith("# TYPE sweepcluster_", StringComparison.Ordinal))];

    private static async Task AssertOnlyMetricsAsync(HttpClient http)
    {
        foreach (string path in (string[])["/metrics", "/healthz", "/readyz"])
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, path));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, path, ("Host", "sweepcluster-silo-0.example:9464"))); // whatever it is called
            using HttpResponseMessage post = await http.PostAsync(path, new StringContent("x"));
            Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
        }

        foreach (string path in (string[])["/", "/api/v1/sweeps", "/sign-in", "/silos", "/openapi.json", "/metrics/", "/metrics/x", "/pages.css"])
        {
            foreach ((string Name, string Value) header in ((string, string)[])[("Host", "localhost"), ("X-Forwarded-For", "127.0.0.1"), ("X-Original-URL", "/api/v1/sweeps")])
            {
                HttpStatusCode status = await StatusAsync(http, path, header);
                Assert.True(status == HttpStatusCode.NotFound || (path == "/metrics/" && status == HttpStatusCode.OK), $"{path}: {status}");
            }
        }

        using TcpClient raw = new();
        await raw.ConnectAsync(IPAddress.Loopback, http.BaseAddress!.Port);
        await raw.GetStream().WriteAsync(Encoding.ASCII.GetBytes("GET http://localhost/api/v1/sweeps HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        using StreamReader reader = new(raw.GetStream());
        Assert.Equal("HTTP/1.1 404 Not Found", await reader.ReadLineAsync());
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, string path, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        foreach ((string name, string value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        using HttpResponseMessage answer = await http.SendAsync(request);
        return answer.StatusCode;
    }
}
