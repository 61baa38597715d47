using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SweepCluster.Testing;
using SweepCluster.Testing.Databases;

namespace SweepCluster.EndToEnd.Tests;

/// <summary>What an operator does on a good day: every process is replaced while a sweep goes on and somebody watches.</summary>
public sealed class RollingRestartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Silos_EachIsReplacedWhileItHoldsAJob_NothingIsLostAndTheReportHasTheBytesOfARunAlone()
    {
        string store = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync(), spec = _folder.At("rolling.yaml");
        string url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}");
        TinySweep.WriteSpec(spec, "rolling", choice: 600);
        using SweepProcess alone = new("run", spec, "--out", _folder.At("alone"), "--quiet");
        using RollingRestart silos = new(store, _folder.At("cache"));
        await silos.StartAsync();
        SweepProcess server = await ServeAsync(store, url);
        Assert.Equal(0, (await alone.FinishAsync()).ExitCode);
        CommandLine submit = await CommandLine.RunAsync("submit", spec, "--server", url);
        using SweepProcess watch = new("watch", "rolling", "--server", url, "--out", _folder.At("home"));
        await watch.SaysAsync("%");
        await silos.RollAsync(async replaced =>
        {
            if (replaced == 1) // the gateway, too
            {
                server.Terminate();
                Assert.Equal(0, (await server.FinishAsync()).ExitCode);
                server.Dispose();
                server = await ServeAsync(store, url);
            }
        });
        CommandLine end = await watch.FinishAsync();
        await silos.StopAsync();
        server.Terminate();
        Assert.Equal(0, (await server.FinishAsync()).ExitCode);
        server.Dispose();

        Assert.True(submit.ExitCode == 0, submit.Error);
        Assert.True(end.ExitCode == 0, end.Error);
        SameBytes.AssertReports(_folder.At("alone"), _folder.At("home"));
        await silos.AssertNothingWasLostAsync();
    }

    private static async Task<SweepProcess> ServeAsync(string store, string url)
    {
        SweepProcess server = new("serve", "--store", store, "--listen", url);
        await server.SaysAsync("serves the store");
        return server;
    }

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
