using System.Net;
using System.Net.Sockets;
using Npgsql;
using SweepCluster.Graphs;

namespace SweepCluster.Orleans.Silos;

/// <summary>An address of this machine with the two ports of a silo.</summary>
/// <param name="Address">The address.</param>
/// <param name="SiloPort">Port for other silos.</param>
/// <param name="GatewayPort">Port for clients.</param>
internal sealed record SiloEndpoint(IPAddress Address, int SiloPort, int GatewayPort)
{
    /// <summary>Fills in what the options leave open, and checks the rest.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="store">The store's connection string.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BadInputException">The address is none of this machine, or a port is taken.</exception>
    internal static async Task<SiloEndpoint> ChooseAsync(OrleansOptions options, string store, CancellationToken cancellationToken)
    {
        IPAddress address = options.Address ?? await AddressTowardsAsync(new NpgsqlConnectionStringBuilder(store), cancellationToken);
        if (options.SiloPort is { } port && port == options.GatewayPort)
        {
            throw new BadInputException($"--gateway-port: found {port}, which is the silo's port, expected another one.");
        }

        using Socket silo = Take(address, options.SiloPort, "--silo-port"), gateway = Take(address, options.GatewayPort, "--gateway-port"); // both at once: two ports
        return new SiloEndpoint(address, PortOf(silo), PortOf(gateway));
    }

    /// <summary>The address that this machine sends from when it talks to the store. Nothing is sent to find it.</summary>
    private static async Task<IPAddress> AddressTowardsAsync(NpgsqlConnectionStringBuilder store, CancellationToken cancellationToken)
    {
        string host = store.Host!.Split(',')[0];
        if (host.StartsWith('/') || host.StartsWith('@'))
        {
            return IPAddress.Loopback; // a socket of this machine
        }

        if (host.Count(letter => letter == ':') == 1)
        {
            host = host[..host.IndexOf(':', StringComparison.Ordinal)]; // a port of its own; which one does not matter here
        }

        try
        {
            IPAddress target = (await Dns.GetHostAddressesAsync(host.Trim('[', ']'), cancellationToken)).OrderBy(address => address.AddressFamily).First();
            using Socket socket = new(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            await socket.ConnectAsync(target, store.Port, cancellationToken);
            return ((IPEndPoint)socket.LocalEndPoint!).Address;
        }
        catch (SocketException error)
        {
            throw new BadInputException($"--address: found none from which '{host}' is reached ({error.Message}), expected --address with one of this machine.", error);
        }
    }

    private static Socket Take(IPAddress address, int? port, string option)
    {
        Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port ?? 0));
            return socket;
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw new BadInputException(
                error.SocketErrorCode == SocketError.AddressAlreadyInUse
                    ? $"{option}: found {port}, which is taken on {address}, expected a free one."
                    : $"--address: found {address} ({error.Message}), expected an address of this machine.",
                error);
        }
    }

    private static int PortOf(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;
}
