using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using SweepCluster.Testing.Databases;

namespace SweepCluster.Deploy.Tests.Machines;

/// <summary>The program as a deployment starts it, with the test's own database, folders and ports in the place of the deployment's, and nothing else changed.</summary>
internal sealed class Deployed : IDisposable
{
    private readonly SweepProcess _process;

    private Deployed(SweepProcess process, string metrics, string[] arguments)
    {
        _process = process;
        Metrics = metrics;
        Arguments = arguments;
    }

    /// <summary>Where it tells metrics and health.</summary>
    internal string Metrics { get; }

    /// <summary>The command line that ran.</summary>
    internal string[] Arguments { get; }

    /// <summary>Starts it.</summary>
    /// <param name="arguments">The deployment's command line, without the program's name.</param>
    /// <param name="environment">The deployment's environment of the process.</param>
    /// <param name="folder">Takes what the deployment keeps under <c>/var</c>.</param>
    internal static async Task<Deployed> StartAsync(IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment, TemporaryFolder folder)
    {
        NpgsqlConnectionStringBuilder database = new(await (await PostgresServer.SharedAsync()).CreateDatabaseAsync());
        Dictionary<string, string> ports = [];
        string Here(string text)
        {
            if (Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme == Uri.UriSchemeHttp)
            {
                return ports.TryGetValue(text, out string? known) ? known : ports[text] = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}");
            }

            return text.StartsWith("/var/", StringComparison.Ordinal) ? folder[text[1..].Replace('/', '-')] : text;
        }

        Dictionary<string, string> variables = environment.ToDictionary(variable => variable.Key, variable => Here(variable.Value));
        if (variables["SWEEP_STORE"].Contains('=', StringComparison.Ordinal))
        {
            NpgsqlConnectionStringBuilder store = new(variables["SWEEP_STORE"]);
            Assert.Equal(("sweep", "sweep", null), (store.Username, store.Database, store.Password)); // the password comes from elsewhere
            (store.Host, store.Port, store.Database) = (database.Host, database.Port, database.Database);
            variables["SWEEP_STORE"] = store.ConnectionString;
            if (variables.ContainsKey("PGPASSWORD"))
            {
                variables["PGPASSWORD"] = database.Password!;
            }
            else
            {
                await File.WriteAllTextAsync(folder["pgpass"], $"# HOST:PORT:DATABASE:USER:PASSWORD\n*:*:*:{database.Username}:{database.Password}\n");
                variables["PGPASSFILE"] = folder["pgpass"];
            }
        }

        string[] words = [.. arguments.Select(Here)];
        string metrics = words[Array.IndexOf(words, "--metrics") + 1];
        return new Deployed(new SweepProcess([], variables, words), metrics, words);
    }

    /// <summary>Waits until <c>sweep health</c> says that it is ready; fails with the process's words where it ends.</summary>
    internal async Task ReadyAsync()
    {
        using CancellationTokenSource limit = new(TimeSpan.FromMinutes(3));
        while (await CommandLine.RunAsync("health", $"{Metrics}/readyz") is { ExitCode: not 0 } health)
        {
            Assert.False(limit.IsCancellationRequested, $"Not ready after three minutes: {health.Error}");
            if (_process.HasExited)
            {
                CommandLine end = await _process.FinishAsync();
                Assert.Fail($"It ended with {end.ExitCode}: {end.Error}");
            }

            await Task.Delay(100);
        }
    }

    /// <summary>Asks it to end as every supervisor does.</summary>
    internal Task<CommandLine> StopAsync()
    {
        _process.Terminate();
        return _process.FinishAsync();
    }

    public void Dispose() => _process.Dispose();

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
