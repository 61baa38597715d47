using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using SweepCluster.Graphs;

namespace SweepCluster.Server.Access.Tls;

/// <summary>What stands in the way of listening, in one line for whoever started the server.</summary>
internal static class ListenFaults
{
    private const string ListenOption = "--listen";

    /// <summary>Finds out whether a server could listen now, before anything is opened or made for it.</summary>
    /// <exception cref="BadInputException">It could not.</exception>
    internal static void Check(Uri listen, string option = ListenOption)
    {
        ListenAddress.RequireNumber(listen, option);
        ListenAddress address = ListenAddress.Of(listen);
        if (address.Port == 0)
        {
            return; // any that is free
        }

        SocketException?[] faults = [.. address.Addresses.Select(one => FaultOf(new IPEndPoint(one, address.Port)))];
        if (faults.FirstOrDefault(fault => fault?.SocketErrorCode == SocketError.AddressAlreadyInUse) is { } taken)
        {
            throw Of(option, listen, taken);
        }

        if (faults.All(fault => fault is not null)) // of localhost, one of its addresses is enough
        {
            throw Of(option, listen, faults[0]!);
        }
    }

    /// <summary>Starts a server.</summary>
    /// <exception cref="BadInputException">It cannot listen.</exception>
    internal static async Task StartAsync(WebApplication server, Uri listen, CancellationToken cancellationToken, string option = ListenOption)
    {
        try
        {
            await server.StartAsync(cancellationToken);
        }
        catch (Exception error) when (error is IOException or SocketException or InvalidOperationException or FormatException)
        {
            throw Of(option, listen, error);
        }
    }

    private static SocketException? FaultOf(IPEndPoint place)
    {
        try
        {
            using Socket socket = new(place.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(place);
            socket.Listen();
            return null;
        }
        catch (SocketException error)
        {
            return error;
        }
    }

    private static BadInputException Of(string option, Uri listen, Exception error)
    {
        Exception cause = error;
        while (cause is not SocketException && cause.InnerException is { } inner)
        {
            cause = inner;
        }

        string text = (cause as SocketException)?.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse => $"found port {listen.Port} taken by another process, expected a free one",
            SocketError.AddressNotAvailable => "found an address that this machine does not have, expected one of its own",
            SocketError.AccessDenied => $"found port {listen.Port}, which this process may not take, expected another, as 8080",
            _ => $"cannot be listened on ({OneLine.Of(cause.Message).TrimEnd('.')}), expected an address of this machine and a free port",
        };
        return new BadInputException($"{option} {listen}: {text}.", error);
    }
}
