using System.Net;
using System.Net.Sockets;
using System.Text;
using SweepCluster.Cli.Commands;

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
        (int code, _, _, string asked) = await AskAsync("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nready\n", path);

        Assert.Equal((0, "GET /readyz HTTP/1.1"), (code, asked));
    }

    [Theory]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 40\r\n\r\nnot ready: the store does not answer\nxyz", "not ready: the store does not answer")]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 18\r\n\r\nnot ready: \u001b[2Jr\ny", "not ready: \uFFFD[2Jr")] // nothing moves a terminal's cursor
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", "answered 503, expected 200")]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 5\r\n\r\nready", "answered 503, expected 200")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 18\r\n\r\n<html>hello</html>", "found an answer that no 'sweep serve' or silo gives, expected 'ready'")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nready\nhello", "found an answer that no 'sweep serve' or silo gives, expected 'ready'")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwell\n", "found an answer that no 'sweep serve' or silo gives, expected 'ready'")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "found an answer that no 'sweep serve' or silo gives, expected 'ready'")]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\nabc", "answered 404, expected 200")]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n", "answered 302, expected 200")]
    public async Task Health_OfAProcessThatIsNotReady_IsOneAndItsLine(string answer, string expected)
    {
        (int code, string output, string error, _) = await AskAsync(answer, "/readyz");

        Assert.Equal((1, "", true), (code, output, error.EndsWith($"/readyz: {expected}", StringComparison.Ordinal)));
        Assert.DoesNotContain('\n', error);
    }

    [Fact]
    public async Task Health_OfAnAnswerWithoutEnd_ReadsItsStartAlone()
    {
        // Long beyond what buffers between two sockets of a machine take, and never ended: who waits for its end waits for ever.
        (int code, _, string error, _) = await AskAsync($"HTTP/1.1 200 OK\r\nContent-Length: 9999999999\r\n\r\n{new string('r', 8192)}", "/readyz");

        Assert.Equal((1, true), (code, error.EndsWith("/readyz: found an answer that no 'sweep serve' or silo gives, expected 'ready'", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Health_OfHealthz_TakesItsWord()
    {
        (int code, string output, _, string asked) = await AskAsync("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwell\n", "/healthz");

        Assert.Equal((0, "well", "GET /healthz HTTP/1.1"), (code, output, asked));
    }

    [Theory]
    [InlineData("", "GET /readyz HTTP/1.1")]
    [InlineData("/", "GET /readyz HTTP/1.1")]
    [InlineData("/sweeps", "GET /sweeps/readyz HTTP/1.1")]
    public async Task Health_OfAServer_AsksItsReadyz(string path, string expected)
    {
        (int code, _, _, string asked) = await AskAsync("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nready\n", path, "--server");

        Assert.Equal((0, expected), (code, asked));
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080", null, "http://h:1", "http://127.0.0.1:8080/readyz", "")]
    [InlineData(null, "https://s.example.org/", "http://h:1", "https://s.example.org/readyz", "")]
    [InlineData(null, null, "http://h:1", "http://h:1/readyz", "; the address is that of the environment variable SWEEP_SERVER, 'sweep health URL' asks another")]
    [InlineData(null, null, "", "http://127.0.0.1:9464/readyz", "; nothing was named: 'sweep health URL', --server or the environment variable SWEEP_SERVER say whom to ask")]
    [InlineData(null, null, null, "http://127.0.0.1:9464/readyz", "; nothing was named: 'sweep health URL', --server or the environment variable SWEEP_SERVER say whom to ask")]
    public void Address_IsWhatIsNamedNearest(string? url, string? server, string? variable, string expected, string hint)
    {
        (Uri asked, string said) = HealthCommand.Address(url, server, variable);

        Assert.Equal((expected, true), (asked.AbsoluteUri, hint.Length == 0 ? said.Length == 0 : said.EndsWith(hint, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Health_OverTlsOfAServerThatSpeaksNone_SaysSo()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task serving = RefuseTlsAsync(listener);
        (int code, _, string error) = await RunAsync("health", $"https://{listener.LocalEndpoint}/readyz");
        await serving;

        Assert.Equal(1, code);
        Assert.Contains("/readyz: found a server that speaks no TLS (", error, StringComparison.Ordinal);
        Assert.EndsWith("), expected one, or the address with http", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_AnAddressAndAServer_IsBadInput()
    {
        (int code, _, string error) = await RunAsync("health", "http://127.0.0.1:1", "--server", "http://127.0.0.1:2");

        Assert.Equal((2, "sweep health: found an address and --server, expected one of them."), (code, error));
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

    private static async Task<(int Code, string Output, string Error, string Asked)> AskAsync(string answer, string path, params string[] before)
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task<string> serving = ServeAsync(listener, answer);
        (int code, string output, string error) = await RunAsync(["health", .. before, $"http://{listener.LocalEndpoint}{path}"]);
        return (code, output, error, await serving);
    }

    private static async Task RefuseTlsAsync(TcpListener listener)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync();
        NetworkStream stream = client.GetStream();
        byte[] head = new byte[5]; // of a TLS record: its last two bytes are how long the rest is (RFC 8446, section 5.1)
        await stream.ReadExactlyAsync(head);
        await stream.ReadExactlyAsync(new byte[(head[3] << 8) | head[4]]); // all of it: what is not read would reset the connection
        await stream.WriteAsync("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
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
