using Npgsql;
using SweepCluster.Testing.Databases;

namespace SweepCluster.Deploy.Tests.Machines;

/// <summary>The program as a deployment starts it, with the test's own database, folders and ports in the place of the deployment's, and nothing else changed.</summary>
internal sealed class Deployed : IDisposable
{
    private readonly SweepProcess _process;

    private Deployed(SweepProcess process) => _process = process;

    /// <summary>Starts it.</summary>
    /// <param name="arguments">The deployment's command line, without the program's name.</param>
    /// <param name="environment">The deployment's environment of the process.</param>
    /// <param name="folder">Takes what the deployment keeps under <c>/var</c>.</param>
    internal static async Task<Deployed> StartAsync(IEnumerable<string> arguments, IEnumerable<KeyValuePair<string, string>> environment, TemporaryFolder folder)
    {
        NpgsqlConnectionStringBuilder database = new(await (await PostgresServer.SharedAsync()).CreateDatabaseAsync());
        string Here(string text) => Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && url.Scheme == Uri.UriSchemeHttp ? "http://127.0.0.1:0"
            : text.StartsWith("/var/", StringComparison.Ordinal) ? folder[text[1..].Replace('/', '-')]
            : text;

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

        return new Deployed(new SweepProcess([], variables, [.. arguments.Select(Here)]));
    }

    /// <summary>Waits until <c>sweep health</c> says that it is ready; fails with the process's words where it ends.</summary>
    internal async Task ReadyAsync()
    {
        string? said = await _process.SaysAsync("metrics: "); // with the port that the system gave it
        string metrics = said?.Split("metrics: ")[1].Split("/metrics")[0] ?? "http://127.0.0.1:0";
        using CancellationTokenSource limit = new(TimeSpan.FromMinutes(3));
        while (await CommandLine.RunAsync("health", $"{metrics}/readyz") is { ExitCode: not 0 } health)
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
}
