using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using SweepCluster.Testing;
using SweepCluster.Testing.Databases;

namespace SweepCluster.EndToEnd.Tests;

/// <summary>A server as a process of its own, on a folder or beside a cluster, and the commands that talk to it from elsewhere.</summary>
public sealed class ServeTests(TinySweep undisturbed) : IClassFixture<TinySweep>, IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Serve_OnAFolder_TakesASweepFromHandingInToTheExportedModel()
    {
        using SweepProcess server = new("serve", "--store", _folder.At("store"), "--listen", _url, "--slots", "1");
        await server.SaysAsync("serves the store");

        CommandLine submit = await AtServerAsync("submit", undisturbed.Spec);
        CommandLine watch = await AtServerAsync("watch", "tiny", "--out", _folder.At("home"));
        CommandLine export = await AtServerAsync("export", "tiny", "--trial", "pal4", "-o", _folder.At("new/one.mlpackage"));
        CommandLine unknown = await AtServerAsync("export", "tiny", "--trial", "x", "-o", _folder.At("none.mlpackage"));
        CommandLine again = await AtServerAsync("submit", undisturbed.Spec);
        CommandLine pause = await AtServerAsync("pause", "tiny");
        CommandLine remove = await AtServerAsync("remove", "tiny", "--format", "json");
        CommandLine list = await AtServerAsync("list");
        server.Terminate();
        CommandLine end = await server.FinishAsync();

        Assert.True(submit.ExitCode == 0, submit.Error);
        string id = submit.Output.Trim();
        Assert.StartsWith($"sweep {id} 'tiny' is at the server {_url}. This watches it", submit.Error, StringComparison.Ordinal);
        Assert.True(watch.ExitCode == 0, watch.Error);
        SameBytes.AssertReports(undisturbed.Results, _folder.At("home"));
        Assert.True(export.ExitCode == 0, export.Error);
        Assert.Equal(0, (await CommandLine.RunAsync("export", undisturbed.Results, "--trial", "pal4", "-o", _folder.At("two.mlpackage"))).ExitCode);
        SameBytes.AssertFiles(_folder.At("two.mlpackage"), _folder.At("new/one.mlpackage"));
        Assert.Equal((2, "--trial x: found none, expected a label that 'sweep trials' lists, or an id or its first digits.\n"), (unknown.ExitCode, unknown.Error)); // as from a folder
        Assert.Equal((0, id), (again.ExitCode, again.Output.Trim()));
        Assert.Contains("is there already, finished", again.Error, StringComparison.Ordinal);
        Assert.Equal((1, $"sweep {id} 'tiny': found it finished, expected one that goes on.\n"), (pause.ExitCode, pause.Error));
        Assert.True(JsonDocument.Parse(remove.Output).RootElement.GetProperty("removed").GetBoolean());
        Assert.Equal((0, $"No sweep is at the server {_url}.\n"), (list.ExitCode, list.Error));
        Assert.Equal(0, end.ExitCode);
        Assert.EndsWith("server: stopped\n", end.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_KilledWhileSomebodyWatches_GoesOnWhereItWas()
    {
        using SweepProcess victim = new("serve", "--store", _folder.At("store"), "--listen", _url, "--slots", "1");
        await victim.SaysAsync("serves the store");
        CommandLine submit = await AtServerAsync("submit", undisturbed.Spec);
        using SweepProcess watch = new("watch", "tiny", "--server", _url, "--out", _folder.At("home"));
        await watch.SaysAsync("%");

        victim.Kill();
        await victim.FinishAsync();
        using SweepProcess next = new("serve", "--store", _folder.At("store"), "--listen", _url, "--slots", "1");
        CommandLine end = await watch.FinishAsync();

        Assert.True(submit.ExitCode == 0, submit.Error);
        Assert.True(end.ExitCode == 0, end.Error);
        SameBytes.AssertReports(undisturbed.Results, _folder.At("home"));
        next.Terminate();
        Assert.Equal(0, (await next.FinishAsync()).ExitCode);
    }

    [Fact]
    public async Task Serve_BesideACluster_HandsTheSilosASweepAndDoesNoWork()
    {
        string store = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync();
        using SweepProcess server = new("serve", "--store", store, "--listen", _url);
        await server.SaysAsync("serves the store");
        CommandLine submit = await AtServerAsync("submit", undisturbed.Spec, "--priority", "3");
        using SweepProcess silo = new("silo", "--store", store, "--slots", "1", "--cache", _folder.At("cache"));

        CommandLine watch = await AtServerAsync("watch", "tiny", "--out", _folder.At("home"));

        Assert.True(submit.ExitCode == 0, submit.Error);
        Assert.Contains("note: no silo is there; the sweep waits until one is started.", submit.Error, StringComparison.Ordinal);
        Assert.True(watch.ExitCode == 0, watch.Error);
        SameBytes.AssertReports(undisturbed.Results, _folder.At("home"));
        Assert.Equal([silo.ProcessId], (await StoreQuery.ReadAsync<string>(store, "SELECT DISTINCT silo FROM sweep.results")).Select(name => int.Parse(name.Split('/')[1], CultureInfo.InvariantCulture)));
        foreach (SweepProcess process in (SweepProcess[])[server, silo])
        {
            process.Terminate();
            Assert.Equal(0, (await process.FinishAsync()).ExitCode);
        }
    }

    [Fact]
    public async Task Serve_WithTokens_TakesWhoHasOne()
    {
        CommandLine token = await CommandLine.RunAsync("token", "--name", "me", "--scope", "read", "--add-to", _folder.At("tokens"));
        await File.WriteAllTextAsync(_folder.At("mine"), token.Output);
        using SweepProcess server = new("serve", "--store", _folder.At("store"), "--listen", _url, "--slots", "0", "--tokens", _folder.At("tokens"));
        await server.SaysAsync("serves the store");

        CommandLine none = await AtServerAsync("list");
        CommandLine mine = await AtServerAsync("list", "--token-file", _folder.At("mine"));
        CommandLine more = await AtServerAsync("submit", undisturbed.Spec, "--token-file", _folder.At("mine"));
        server.Terminate();
        await server.FinishAsync();

        Assert.Equal((2, $"--server {_url}: found no token, expected one of it, in the environment variable SWEEP_TOKEN or the file of --token-file.\n"), (none.ExitCode, none.Error));
        Assert.Equal((0, $"No sweep is at the server {_url}.\n"), (mine.ExitCode, mine.Error));
        Assert.Equal(2, more.ExitCode);
        Assert.StartsWith($"--server {_url}: ", Assert.Single(more.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.DoesNotContain(token.Output.Trim(), more.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("list --server http://127.0.0.1:1", 1, "the server http://127.0.0.1:1 cannot be reached: ")]
    [InlineData("list --server http://127.0.0.1:1 --store Host=x", 2, "--store: found it beside --server, expected one place: a store, or a server in front of it.")]
    [InlineData("list --server nowhere", 2, "--server: found 'nowhere', expected the address of a 'sweep serve'")]
    [InlineData("list --token-file /nowhere/token --server http://127.0.0.1:1", 2, "--token-file /nowhere/token: cannot be read (")]
    [InlineData("list --token-file /nowhere/token", 2, "--token-file: found it without a server, expected --server URL or the environment variable SWEEP_SERVER.")]
    [InlineData("list --server https://127.0.0.1:1 --ca /nowhere/ca.pem", 2, "--ca /nowhere/ca.pem: cannot be read (")]
    [InlineData("serve --store Host=x --slots 2", 2, "sweep serve: found --slots or --memory beside a database, expected a folder: on a database 'sweep silo' does the work.")]
    [InlineData("serve --store . --listen here", 2, "--listen: found 'here', expected an address as http://127.0.0.1:8080.")]
    [InlineData("serve --store . --slots 0 --memory abc", 2, "--memory: found 'abc', expected ")]
    [InlineData("serve --store . --listen http://localhos:8080", 2, "--listen http://localhos:8080: found the name 'localhos', expected an address of this machine as a number, or localhost")]
    [InlineData("serve --store . --metrics http://nosuch.invalid:9464", 2, "--metrics http://nosuch.invalid:9464: found the name 'nosuch.invalid', expected an address of this machine")]
    [InlineData("silo --store Host=x --metrics http://localhos:9464", 2, "--metrics http://localhos:9464: found the name 'localhos', expected an address of this machine")]
    [InlineData("silo --store Host=x --listen http://nosuch.invalid:9464", 2, "--listen http://nosuch.invalid:9464: found the name 'nosuch.invalid', expected an address of this machine")]
    public async Task AnyCommand_PlaceThatCannotBeUsed_SaysSoInOneLine(string line, int exitCode, string message)
    {
        CommandLine end = await CommandLine.RunAsync(line.Split(' '));

        Assert.Equal(exitCode, end.ExitCode);
        Assert.StartsWith(message, Assert.Single(end.Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private Task<CommandLine> AtServerAsync(params string[] arguments) => CommandLine.RunAsync([.. arguments, "--server", _url]);
}
