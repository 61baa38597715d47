using System.Net;

namespace SweepCluster.Server.Access;

/// <summary>What a server binds for an address that it is told to listen on. The host decides who can reach it, so it is read here alone and never by the web server.</summary>
/// <param name="Addresses">The addresses that are bound; none: every address of the machine.</param>
/// <param name="Port">The port; 0: a free one.</param>
/// <param name="IsTls">Whether it is HTTPS.</param>
internal sealed record ListenAddress(IReadOnlyList<IPAddress> Addresses, int Port, bool IsTls)
{
    /// <summary>Whether nobody but this machine can reach it.</summary>
    internal bool IsLoopback => Addresses.Count > 0 && Addresses.All(IsLoopbackAddress);

    /// <summary>Reads an address. <c>localhost</c> is both loopback addresses; any other name that is not a number could be any address of the machine, and is taken as all of them.</summary>
    internal static ListenAddress Of(Uri listen)
    {
        bool isTls = listen.Scheme == Uri.UriSchemeHttps;
        string host = listen.IdnHost.Trim('[', ']');
        return string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) ? new ListenAddress([IPAddress.Loopback, IPAddress.IPv6Loopback], listen.Port, isTls)
            : IPAddress.TryParse(host, out IPAddress? address) ? new ListenAddress([address], listen.Port, isTls)
            : new ListenAddress([], listen.Port, isTls);
    }

    /// <summary>Whether a number is of this machine alone, written as IPv4, IPv6 or one within the other.</summary>
    internal static bool IsLoopbackAddress(IPAddress address) => IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
}
