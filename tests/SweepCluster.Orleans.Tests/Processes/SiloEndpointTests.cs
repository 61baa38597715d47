using System.Globalization;
using System.Net;
using System.Net.Sockets;
using SweepCluster.Graphs;
using SweepCluster.Orleans.Silos;

namespace SweepCluster.Orleans.Tests.Processes;

public sealed class SiloEndpointTests
{
    private const string Local = "Host=127.0.0.1;Database=sweep";

    [Theory]
    [InlineData(Local)]
    [InlineData("Host=localhost;Database=sweep")]
    [InlineData("Host=/var/run/postgresql;Database=sweep")]
    [InlineData("Host=127.0.0.1:5433,127.0.0.2;Database=sweep")]
    public async Task Choose_StoreOnThisMachine_IsTheLoopbackWithTwoFreePorts(string store)
    {
        SiloEndpoint first = await SiloEndpoint.ChooseAsync(new OrleansOptions(), store, default);

        Assert.True(IPAddress.IsLoopback(first.Address));
        Assert.NotEqual(first.SiloPort, first.GatewayPort);
        Assert.All([first.SiloPort, first.GatewayPort], port => Assert.InRange(port, 1024, 65535));
    }

    [Fact]
    public async Task Choose_EverythingGiven_IsTaken()
    {
        SiloEndpoint free = await SiloEndpoint.ChooseAsync(new OrleansOptions(), Local, default);

        SiloEndpoint endpoint = await SiloEndpoint.ChooseAsync(
            new OrleansOptions { Address = IPAddress.Loopback, SiloPort = free.SiloPort, GatewayPort = free.GatewayPort }, "Host=db.example.org", default);

        Assert.Equal(free, endpoint);
    }

    [Fact]
    public async Task Choose_PortThatIsTaken_IsRefused()
    {
        using Socket taken = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        int port = ((IPEndPoint)taken.LocalEndPoint!).Port;

        BadInputException error = await Assert.ThrowsAsync<BadInputException>(() => SiloEndpoint.ChooseAsync(new OrleansOptions { GatewayPort = port }, Local, default));

        Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"--gateway-port: found {port}, which is taken on 127.0.0.1, expected a free one."), error.Message);
    }

    [Fact]
    public async Task Choose_AddressOfAnotherMachine_IsRefused()
    {
        BadInputException error = await Assert.ThrowsAsync<BadInputException>(
            () => SiloEndpoint.ChooseAsync(new OrleansOptions { Address = IPAddress.Parse("192.0.2.1") }, Local, default));

        Assert.StartsWith("--address: found 192.0.2.1 (", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Choose_OnePortForBoth_IsRefused()
    {
        BadInputException error = await Assert.ThrowsAsync<BadInputException>(
            () => SiloEndpoint.ChooseAsync(new OrleansOptions { SiloPort = 7000, GatewayPort = 7000 }, Local, default));

        Assert.Equal("--gateway-port: found 7000, which is the silo's port, expected another one.", error.Message);
    }
}
