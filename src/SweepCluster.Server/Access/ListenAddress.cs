using System.Net;
using SweepCluster.Graphs;

namespace SweepCluster.Server.Access;

/// <summary>What a server binds for an address that it is told to listen on. The host decides who can reach it, so it is read here alone and never by the web server.</summary>
/// <param name="Addresses">The addresses that are bound; none: a name, which is refused, since it could be anybody's.</param>
/// <param name="Port">The port; 0: a free one.</param>
/// <param name="IsTls">Whether it is HTTPS.</param>
internal sealed record ListenAddress(IReadOnlyList<IPAddress> Addresses, int Port, bool IsTls)
{
    /// <summary>Whether nobody but this machine can reach it.</summary>
    internal bool IsLoopback => Addresses.Count > 0 && Addresses.All(IsLoopbackAddress);

    /// <summary>Reads an address. <c>localhost</c> is both loopback addresses; another name is none: what it means could change between the check and the start.</summary>
    internal static ListenAddress Of(Uri listen)
    {
        bool isTls = listen.Scheme == Uri.UriSchemeHttps;
        string host = listen.IdnHost.Trim('[', ']');
        return string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) ? new ListenAddress([IPAddress.Loopback, IPAddress.IPv6Loopback], listen.Port, isTls)
            : IPAddress.TryParse(host, out IPAddress? address) ? new ListenAddress([address], listen.Port, isTls)
            : new ListenAddress([], listen.Port, isTls);
    }

    /// <summary>Checks that it is an address, and no name that may be misspelt or another machine's.</summary>
    /// <param name="listen">The address as it was given.</param>
    /// <param name="option">Where it was given.</param>
    /// <exception cref="BadInputException">It is a name other than <c>localhost</c>.</exception>
    internal static void RequireNumber(Uri listen, string option)
    {
        if (Of(listen).Addresses.Count == 0)
        {
            throw new BadInputException(
                $"{option} {listen.GetLeftPart(UriPartial.Authority)}: found the name '{OneLine.Short(listen.IdnHost)}', expected an address of this machine as a number, or localhost; 0.0.0.0 and [::] are every address of it.");
        }
    }

    /// <summary>Whether a number is of this machine alone, written as IPv4, IPv6 or one within the other.</summary>
    internal static bool IsLoopbackAddress(IPAddress address) => IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
}
