using System.Net;
using System.Net.Sockets;
using SweepCluster.Cli;
using SweepCluster.Graphs;

namespace SweepCluster.Server.Tests.Telemetry;

/// <summary>What listens beside a silo.</summary>
public sealed class SiloListenerTests
{
    [Fact]
    public async Task StartAsync_OnLoopback_AnswersMetricsAndHealth()
    {
        List<string> notices = [];
        await using SiloListener listener = await SiloListener.StartAsync(new ServerOptions { Listen = new Uri("http://127.0.0.1:0") }, null, notices.Add, default);
        using HttpClient http = new() { BaseAddress = new Uri(listener.Addresses.Single()) };

        using HttpResponseMessage metrics = await http.GetAsync("/metrics"), health = await http.GetAsync("/healthz"), ready = await http.GetAsync("/readyz"), other = await http.GetAsync("/api/v1/sweeps");

        Assert.Equal((HttpStatusCode.OK, "text/plain; version=0.0.4; charset=utf-8"), (metrics.StatusCode, metrics.Content.Headers.ContentType!.ToString()));
        Assert.Contains("\nsweepcluster_jobs_total{", await metrics.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.NotFound), (health.StatusCode, ready.StatusCode, other.StatusCode));
        Assert.Equal([$"metrics: {listener.Addresses.Single()}/metrics"], notices);
    }

    [Fact]
    public async Task StartAsync_WhereOthersReachItWithoutSignIn_IsRefused()
    {
        BadInputException fault = await Assert.ThrowsAsync<BadInputException>(() =>
            SiloListener.StartAsync(new ServerOptions { Listen = new Uri("http://0.0.0.0:0") }, null, static _ => { }, default));

        Assert.StartsWith("--listen http://0.0.0.0:0: found an address that others can reach and no sign-in", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StartAsync_OnATakenPort_SaysSoInOneLine()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();

        BadInputException fault = await Assert.ThrowsAsync<BadInputException>(() =>
            SiloListener.StartAsync(new ServerOptions { Listen = new Uri($"http://{taken.LocalEndpoint}") }, null, static _ => { }, default));

        Assert.Equal($"--listen http://{taken.LocalEndpoint}/: found port {((IPEndPoint)taken.LocalEndpoint).Port} taken by another process, expected a free one.", fault.Message);
    }

    [Theory]
    [InlineData("--tokens", "tokens")]
    [InlineData("--audit", "audit.jsonl")]
    [InlineData("--oidc-scope", "read=look")]
    public async Task Silo_OptionOfAListenerWithoutOne_IsBadInput(string option, string value)
    {
        using StringWriter output = new(), error = new();

        int code = await SweepProgram.RunAsync(["silo", "--store", "Host=127.0.0.1;Port=1", option, value], output, error);

        Assert.Equal(
            (2, $"{option}: found it without --listen, expected an address to listen on beside it, as --listen http://127.0.0.1:9464."), (code, error.ToString().TrimEnd()));
    }

    [Theory]
    [InlineData("--listen", "9464", "--listen: found '9464', expected an address as http://127.0.0.1:9464.")]
    [InlineData("--otlp", "ftp://a", "--otlp: found 'ftp://a', expected an address as http://127.0.0.1:4318.")]
    [InlineData("--otlp", "http://user:word@a", "--otlp: found 'http://user:word@a', expected an address as http://127.0.0.1:4318.")]
    public async Task Silo_AnAddressThatIsNone_IsBadInput(string option, string text, string expected)
    {
        using StringWriter output = new(), error = new();

        int code = await SweepProgram.RunAsync(["silo", "--store", "Host=127.0.0.1;Port=1", option, text], output, error);

        Assert.Equal((2, expected), (code, error.ToString().TrimEnd()));
    }
}
