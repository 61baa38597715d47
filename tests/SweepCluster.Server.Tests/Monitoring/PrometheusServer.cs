using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using SweepCluster.Testing;

namespace SweepCluster.Server.Tests.Monitoring;

/// <summary>A Prometheus of the tests' own, with the repository's configuration and rules, which looks every second.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    private readonly TemporaryFolder _folder = new();
    private readonly HttpClient _http;
    private readonly KeptProcess _process;
    private readonly DateTimeOffset _started = TimeProvider.System.GetUtcNow();

    /// <summary>Starts one.</summary>
    /// <param name="silos">Addresses of silos, as <c>127.0.0.1:9464</c>.</param>
    /// <param name="servers">Addresses of servers.</param>
    internal PrometheusServer(IEnumerable<string> silos, IEnumerable<string> servers)
    {
        foreach (string file in Directory.EnumerateFiles(Promtool.Folder, "*.yml", SearchOption.AllDirectories))
        {
            string copy = _folder.At(Path.GetRelativePath(Promtool.Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.WriteAllText(copy, File.ReadAllText(file).Replace("_interval: 15s", "_interval: 1s", StringComparison.Ordinal));
        }

        WriteTargets("silos", silos);
        WriteTargets("server", servers);
        string address = $"127.0.0.1:{FreePort()}";
        _http = new HttpClient { BaseAddress = new Uri($"http://{address}/api/v1/") };
        _process = new KeptProcess(
            "prometheus", $"--config.file={_folder.At("prometheus.yml")}", $"--storage.tsdb.path={_folder.At("data")}", $"--web.listen-address={address}", "--log.level=warn");
    }

    /// <summary>A port that nobody listens on now.</summary>
    internal static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    /// <summary>Waits until every target was scraped without an error.</summary>
    internal async Task ScrapesAllAsync(int targets)
    {
        using CancellationTokenSource limit = new(s_patience);
        while (true)
        {
            try
            {
                JsonElement active = (await GetAsync("targets?state=active")).GetProperty("activeTargets");
                if (active.GetArrayLength() == targets && active.EnumerateArray().All(target => target.GetProperty("health").GetString() == "up"))
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // It is not there, or not ready yet.
            }

            await PauseAsync("its targets are not all up", limit.Token);
        }
    }

    /// <summary>Waits until an expression gives something.</summary>
    internal async Task SeesAsync(string expression)
    {
        using CancellationTokenSource limit = new(s_patience);
        while ((await GetAsync($"query?query={Uri.EscapeDataString(expression)}")).GetProperty("result").GetArrayLength() == 0)
        {
            await PauseAsync($"it does not see {expression}", limit.Token);
        }
    }

    /// <summary>Evaluates an expression for every second since the start, up to and with the second that is under way: a range ends at a whole one, and what was scraped since then lies behind it.</summary>
    /// <returns>For each series its labels, and its values that are numbers.</returns>
    internal async Task<List<PrometheusSeries>> QueryAsync(string expression)
    {
        JsonElement data = await GetAsync(string.Create(
            CultureInfo.InvariantCulture, $"query_range?query={Uri.EscapeDataString(expression)}&start={_started.ToUnixTimeSeconds()}&end={TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 1}&step=1"));
        return [.. data.GetProperty("result").EnumerateArray().Select(PrometheusSeries.Of).Where(series => series.Values.Length > 0)];
    }

    /// <summary>Asks its HTTP API.</summary>
    /// <param name="path">After <c>/api/v1/</c>.</param>
    /// <returns>The answer's <c>data</c>.</returns>
    /// <exception cref="HttpRequestException">It is not ready.</exception>
    /// <exception cref="InvalidOperationException">It says what is wrong with the question.</exception>
    internal async Task<JsonElement> GetAsync(string path)
    {
        using HttpResponseMessage response = await _http.GetAsync(new Uri(path, UriKind.Relative));
        if (response.Content.Headers.ContentType?.MediaType != "application/json")
        {
            throw new HttpRequestException($"Prometheus answered {response.StatusCode}."); // it listens before it is ready
        }

        JsonElement answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        return response.IsSuccessStatusCode
            ? answer.GetProperty("data")
            : throw new InvalidOperationException($"{Uri.UnescapeDataString(path)}: {answer.GetProperty("error").GetString()}");
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
    }

    private async Task PauseAsync(string trouble, CancellationToken limit)
    {
        try
        {
            await Task.Delay(200, limit);
        }
        catch (OperationCanceledException)
        {
            throw new InvalidOperationException($"Prometheus: {trouble}. {_process.Output}");
        }
    }

    private void WriteTargets(string name, IEnumerable<string> addresses) =>
        File.WriteAllText(_folder.At($"targets/{name}.yml"), $"- targets: [{string.Join(", ", addresses.Select(address => $"'{address}'"))}]\n");
}
