using Npgsql;
using SweepCluster.Testing;
using SweepCluster.Testing.Databases;

namespace SweepCluster.EndToEnd.Tests;

/// <summary>Silos as processes of their own on a real database; one dies without warning, and the report is that of an undisturbed run alone.</summary>
public sealed class ClusterTests(TinySweep undisturbed) : IClassFixture<TinySweep>
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Run_ASiloIsKilledWithWorkInItsHands_ReportsTheBytesOfARunAlone()
    {
        using TemporaryFolder folder = new();
        string store = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync(), results = folder.At("results");
        using SweepProcess survivor = Silo(store, folder.At("cache"));
        using SweepProcess run = new("run", undisturbed.Spec, "--out", results, "--store", store, "--slots", "1", "--cache", folder.At("cache"), "--quiet");

        (string victim, long job) = await KillASiloWithAJobAsync(store, folder.At("cache"));
        CommandLine end = await run.FinishAsync();
        survivor.Terminate();
        CommandLine stopped = await survivor.FinishAsync();

        Assert.True(end.ExitCode == 0, end.Error);
        Assert.True(stopped.ExitCode == 0, stopped.Error);
        Assert.Contains("silo: stopped; what was running is given back to the others", stopped.Error, StringComparison.Ordinal);
        SameBytes.AssertReports(undisturbed.Results, results);

        (long epoch, string silo) = Assert.Single(await StoreQuery.ReadAsync(store, $"SELECT epoch, silo FROM sweep.results WHERE job = {job}", row => (row.GetInt64(0), row.GetString(1))));
        Assert.True(epoch >= 2, "The killed silo's job was not claimed again.");
        Assert.DoesNotContain(victim, silo, StringComparison.Ordinal);
        Assert.Contains(
            await StoreQuery.ReadAsync<string>(store, "SELECT DISTINCT silo FROM sweep.results"), name => name.StartsWith(NameOf(survivor), StringComparison.Ordinal));
    }

    [Fact]
    public async Task List_SilosOfAnotherVersionAlone_SaysWhyTheSweepWaitsUntilOneOfItsOwnComes()
    {
        using TemporaryFolder folder = new();
        string store = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        CommandLine submit = await CommandLine.RunAsync("submit", undisturbed.Spec, "--store", store);
        List<string> version = await StoreQuery.ReadAsync<string>(store, "UPDATE sweep.sweeps SET version = '0.0.9' FROM (SELECT version FROM sweep.sweeps) AS before RETURNING before.version");
        using SweepProcess silo = Silo(store, folder.At("cache"));
        await StoreQuery.UntilAsync(store, "SELECT count(*) FROM sweep.silos", 1);

        using SweepProcess watch = new("watch", "tiny", "--store", store, "--out", folder.At("home"), "--plain");
        await watch.SaysAsync("waits: it is of version 0.0.9, and none of the silos that are there (1) is");
        CommandLine list = await CommandLine.RunAsync("list", "--store", store), silos = await CommandLine.RunAsync("silos", "--store", store);
        await PostgresServer.ExecuteAsync(store, $"UPDATE sweep.sweeps SET version = '{Assert.Single(version)}'");
        CommandLine end = await watch.FinishAsync();
        silo.Terminate();
        await silo.FinishAsync();

        string line = $"sweep {submit.Output.Trim()} 'tiny' waits: it is of version 0.0.9, and none of the silos that are there (1) is: "
            + $"they are of {version[0]}; start a silo of 0.0.9, or hand its spec in again with a program of their version.\n";
        Assert.EndsWith(line, list.Output, StringComparison.Ordinal);
        Assert.EndsWith(line, silos.Output, StringComparison.Ordinal);
        Assert.True(end.ExitCode == 0, end.Error);
        SameBytes.AssertReports(undisturbed.Results, folder.At("home"));
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1;Username=sweep;Password=hidden", 1, "the store 127.0.0.1:1/sweep cannot be reached: ")]
    [InlineData("Hots=db;Password=hidden", 2, "--store: found a text that is no connection string")]
    [InlineData("Host=127.0.0.1;Port=99999;Password=hidden", 2, "--store: found the port 99999, expected 1 to 65535.")]
    public async Task Silo_StoreThatCannotBeUsed_SaysSoInOneLine(string store, int exitCode, string message)
    {
        CommandLine silo = await CommandLine.RunAsync("silo", "--store", store);

        Assert.Equal(exitCode, silo.ExitCode);
        Assert.StartsWith(message, Assert.Single(silo.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.DoesNotContain("hidden", silo.Error, StringComparison.Ordinal);
    }

    private static SweepProcess Silo(string store, string cache) => new("silo", "--store", store, "--slots", "1", "--cache", cache);

    /// <summary>How the silo's name begins.</summary>
    private static string NameOf(SweepProcess silo) => $"{Environment.MachineName}/{silo.ProcessId}/";

    /// <summary>Starts a silo, stops it in its tracks while it holds a job, and kills it. If its result was on the way to the store at that moment, another silo is the victim.</summary>
    private static async Task<(string Silo, long Job)> KillASiloWithAJobAsync(string store, string cache)
    {
        while (true)
        {
            using SweepProcess silo = Silo(store, cache);
            long job = await FreezeWithAJobAsync(silo, store);
            silo.Kill();
            await silo.FinishAsync();
            await StoreQuery.ReadAsync<int>(store, "SELECT number FROM sweep.sweeps FOR UPDATE"); // waits for a transaction of its that goes on
            if ((await StoreQuery.ReadAsync<long>(store, $"SELECT job FROM sweep.results WHERE job = {job}")).Count == 0)
            {
                return (NameOf(silo), job);
            }
        }
    }

    private static async Task<long> FreezeWithAJobAsync(SweepProcess silo, string store)
    {
        using CancellationTokenSource limit = new(s_patience);
        while (true)
        {
            silo.Freeze();
            List<long> jobs = await HeldAsync();
            if (jobs.Count > 0)
            {
                return jobs[0];
            }

            silo.Thaw();
            await Task.Delay(5, limit.Token); // looks again; the kill hangs on what the silo holds, not on time
        }

        async Task<List<long>> HeldAsync()
        {
            try
            {
                return await StoreQuery.ReadAsync<long>(store, $"SELECT sequence FROM sweep.leases WHERE starts_with(silo, '{NameOf(silo)}') AND sequence > 5"); // in mid-sweep
            }
            catch (PostgresException)
            {
                return []; // nobody has made the tables yet
            }
        }
    }
}
