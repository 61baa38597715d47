using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using SweepCluster.EndToEnd.Tests;
using SweepCluster.Testing;
using SweepCluster.Testing.Databases;

namespace SweepCluster.Orleans.Tests.Processes;

/// <summary>The program itself: three silos and a server as processes of their own on a real database, one of them killed.</summary>
public sealed class SiloProcessTests(TinySweep undisturbed) : IClassFixture<TinySweep>
{
    private static readonly string[] s_reports = ["report.html", "report.json", "trials.csv", "sensitivity.csv"];
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Run_OneOfThreeSilosIsKilled_ReportsTheBytesOfARunAloneAndTheOthersNotice()
    {
        using TemporaryFolder folder = new();
        string store = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync(), cache = folder.At("cache"), results = folder.At("results");
        using SweepProcess first = Silo(store, cache), second = Silo(store, cache), victim = Silo(store, cache);
        await WaitForAsync(store, "SELECT count(*) FROM sweep_orleans.members WHERE state = 'active'", 3);
        using SweepProcess run = new("run", undisturbed.Spec, "--out", results, "--store", store, "--slots", "1", "--cache", cache, "--quiet");

        long job = await FreezeWithAJobAsync(victim, run, store);
        victim.Kill();
        await victim.FinishAsync();
        CommandLine end = await run.FinishAsync();

        Assert.True(end.ExitCode == 0, end.Error);
        foreach (string name in s_reports)
        {
            Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(undisturbed.Results, name)), await File.ReadAllBytesAsync(Path.Combine(results, name)));
        }

        Assert.Equal([(1L, 1L)], await StoreQuery.ReadAsync(store, $"SELECT count(*), count(DISTINCT job) FROM sweep.results WHERE job = {job}", row => (row.GetInt64(0), row.GetInt64(1))));
        Assert.Equal([true], await StoreQuery.ReadAsync<bool>(store, "SELECT jobs = results AND jobs = (SELECT count(*) FROM sweep.results) FROM sweep.sweeps"));
        await WaitForAsync(store, $"SELECT count(*) FROM sweep_orleans.members WHERE state = 'dead' AND suspicions IS NOT NULL AND starts_with(name, '{NameOf(victim)}')", 1);

        foreach (SweepProcess silo in (SweepProcess[])[first, second])
        {
            silo.Terminate();
            CommandLine stopped = await silo.FinishAsync();

            Assert.True(stopped.ExitCode == 0, stopped.Error);
            Assert.EndsWith("silo: stopped; what was running is given back to the others\n", stopped.Error, StringComparison.Ordinal);
            Assert.Equal(["dead"], await StoreQuery.ReadAsync<string>(store, $"SELECT state FROM sweep_orleans.members WHERE starts_with(name, '{NameOf(silo)}')"));
        }
    }

    [Fact]
    public async Task Serve_SilosComeAndGo_StaysReadyAndShowsTheStore()
    {
        using TemporaryFolder folder = new();
        string store = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        string address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}");
        using SweepProcess server = new("serve", "--store", store, "--listen", address);
        using HttpClient http = new() { BaseAddress = new Uri(address) };
        await WaitForAsync(async () => (await AskAsync(http, "/healthz")).Code == HttpStatusCode.OK);

        Assert.Equal((HttpStatusCode.OK, "ready\n"), await AskAsync(http, "/readyz")); // before the first silo
        using (SweepProcess silo = Silo(store, folder.At("cache")))
        {
            await server.SaysAsync("connected");
            Assert.Equal((HttpStatusCode.OK, "ready\n"), await AskAsync(http, "/readyz"));
            silo.Terminate();
            Assert.Equal(0, (await silo.FinishAsync()).ExitCode);
        }

        await Task.Delay(TimeSpan.FromSeconds(1.5)); // longer than an answer is kept
        Assert.Equal((HttpStatusCode.OK, "ready\n"), await AskAsync(http, "/readyz")); // after the last: it shows sweeps, takes them in and exports
        Assert.Equal(0, (await CommandLine.RunAsync("list", "--server", address)).ExitCode);
        server.Terminate();
        CommandLine end = await server.FinishAsync();
        Assert.True(end.ExitCode == 0, end.Error);
        Assert.Contains("server: connected to the cluster sweep-", end.Error, StringComparison.Ordinal);
        Assert.EndsWith("server: stopped\n", end.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--silo-port 70000", "sweep: --silo-port: found 70000, expected 1 to 65535.")]
    [InlineData("--address 0.0.0.0", "--address: found '0.0.0.0', expected the number of an address that other silos can reach, as 10.0.0.7.")]
    [InlineData("--address here", "--address: found 'here', expected the number of an address that other silos can reach, as 10.0.0.7.")]
    [InlineData("--address 192.0.2.1", "--address: found 192.0.2.1 (")]
    public async Task Silo_AddressThatCannotBeUsed_SaysSo(string options, string message)
    {
        string store = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();

        CommandLine silo = await CommandLine.RunAsync(["silo", "--store", store, .. options.Split(' ')]);

        Assert.Equal(2, silo.ExitCode);
        Assert.Contains(message, silo.Error, StringComparison.Ordinal);
    }

    private static SweepProcess Silo(string store, string cache) => new("silo", "--store", store, "--slots", "1", "--cache", cache);

    private static string NameOf(SweepProcess silo) => $"{Environment.MachineName}/{silo.ProcessId}/";

    /// <summary>Stops a silo in its tracks while it holds a job in mid-sweep whose result is not on the way.</summary>
    private static async Task<long> FreezeWithAJobAsync(SweepProcess silo, SweepProcess run, string store)
    {
        while (!run.HasExited)
        {
            if (await HeldAsync() is { Count: > 0 })
            {
                silo.Freeze();
                await StoreQuery.ReadAsync<int>(store, "SELECT number FROM sweep.sweeps FOR UPDATE"); // waits for a transaction of its that goes on
                if (await HeldAsync() is [long job, ..])
                {
                    return job;
                }

                silo.Thaw();
            }
        }

        throw new InvalidOperationException("The sweep ended before the silo could be stopped with a job in its hands.");

        Task<List<long>> HeldAsync() => StoreQuery.ReadAsync<long>(store, $"SELECT sequence FROM sweep.leases WHERE starts_with(silo, '{NameOf(silo)}') AND sequence > 5");
    }

    private static Task WaitForAsync(string store, string count, long expected) => WaitForAsync(async () =>
    {
        try
        {
            return (await StoreQuery.ReadAsync<long>(store, count))[0] == expected;
        }
        catch (PostgresException)
        {
            return false; // nobody has made the tables yet
        }
    });

    private static async Task WaitForAsync(Func<Task<bool>> condition)
    {
        using CancellationTokenSource limit = new(s_patience);
        while (!await condition())
        {
            await Task.Delay(50, limit.Token); // looks again
        }
    }

    private static async Task<(HttpStatusCode Code, string Text)> AskAsync(HttpClient http, string path)
    {
        try
        {
            using HttpResponseMessage answer = await http.GetAsync(new Uri(path, UriKind.Relative));
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
        catch (HttpRequestException)
        {
            return (0, ""); // it does not listen yet
        }
    }

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
