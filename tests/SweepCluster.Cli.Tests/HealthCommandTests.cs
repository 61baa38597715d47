using System.Net;
using System.Net.Sockets;
using System.Text;

namespace SweepCluster.Cli.Tests;

/// <summary><c>sweep health</c> against answers that are written out here, byte for byte.</summary>
public sealed class HealthCommandTests
{
    [Fact]
    public async Task Health_OfAReadyProcess_IsZero()
    {
        (int code, string output, string error, string asked) = await AskAsync("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nready\n", "/readyz");

        Assert.Equal((0, "ready", "", "GET /readyz HTTP/1.1"), (code, output, error, asked));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public async Task Health_WithoutAPath_AsksReadyz(string path)
    {
        (int code, _, _, string asked) = await AskAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", path);

        Assert.Equal((0, "GET /readyz HTTP/1.1"), (code, asked));
    }

    [Theory]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 40\r\n\r\nnot ready: the store does not answer\nxyz", "not ready: the store does not answer")]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 10\r\n\r\nnot\u001b[2Jr\ny", "not\uFFFD[2Jr")] // nothing moves a terminal's cursor
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", "answered 503, expected 200")]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\nabc", "answered 404, expected 200")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", "answered 302, expected 200")]
    public async Task Health_OfAProcessThatIsNotReady_IsOneAndItsLine(string answer, string expected)
    {
        (int code, string output, string error, _) = await AskAsync(answer, "/readyz");

        Assert.Equal((1, "", true), (code, output, error.EndsWith($"/readyz: {expected}", StringComparison.Ordinal)));
        Assert.DoesNotContain('\n', error);
    }

    [Fact]
    public async Task Health_OfNobody_IsOneLine()
    {
        using TcpListener gone = new(IPAddress.Loopback, 0);
        gone.Start();
        string url = $"http://{gone.LocalEndpoint}/readyz";
        gone.Stop();

        (int code, _, string error) = await RunAsync("health", url);

        Assert.Equal((1, true), (code, error.StartsWith($"{url}: cannot be reached (", StringComparison.Ordinal)));
        Assert.DoesNotContain('\n', error);
    }

    [Theory]
    [InlineData("readyz")]
    [InlineData("ftp://127.0.0.1/readyz")]
    [InlineData("http://user:word@127.0.0.1/readyz")]
    public async Task Health_AnAddressThatIsNone_IsBadInput(string url)
    {
        (int code, _, string error) = await RunAsync("health", url);

        Assert.Equal((2, $"url: found '{url}', expected an address as http://127.0.0.1:9464/readyz."), (code, error));
    }

    private static async Task<(int Code, string Output, string Error, string Asked)> AskAsync(string answer, string path)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task<string> serving = ServeAsync(listener, answer);
        (int code, string output, string error) = await RunAsync("health", $"http://{listener.LocalEndpoint}{path}");
        return (code, output, error, await serving);
    }

    private static async Task<string> ServeAsync(TcpListener listener, string answer)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync();
        using StreamReader reader = new(client.GetStream());
        string first = await reader.ReadLineAsync() ?? "";
        while (await reader.ReadLineAsync() is { Length: > 0 })
        {
            // The headers.
        }

        await client.GetStream().WriteAsync(Encoding.UTF8.GetBytes(answer));
        return first;
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using StringWriter output = new(), error = new();
        int code = await SweepProgram.RunAsync(arguments, output, error);
        return (code, output.ToString().TrimEnd(), error.ToString().TrimEnd());
    }
}
