using System.Net;
using Microsoft.AspNetCore.Connections;
using SweepCluster.Server.Telemetry;

namespace SweepCluster.Server.Access.Limits;

/// <summary>Ends connections of an address that has too many already, before a byte of them is read: whoever else comes finds a seat. Thread-safe.</summary>
/// <param name="perAddress">Connections of one address at once.</param>
/// <param name="inAll">Connections at once.</param>
internal sealed class AddressSeats(int perAddress, int inAll)
{
    private readonly CallerSeats _seats = new(perAddress, inAll);

    /// <summary>Lets a connection go on, or ends it.</summary>
    internal async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        string address = AddressKey.Of((connection.RemoteEndPoint as IPEndPoint)?.Address);
        if (!_seats.TryTake(address, isAlone: false))
        {
            ServerMetrics.Refused(ServerMetrics.Rate);
            connection.Abort();
            return;
        }

        try
        {
            await next(connection);
        }
        finally
        {
            _seats.Release(address);
        }
    }
}
