using System.Net;
using System.Net.Sockets;

namespace SweepCluster.Server.Access.Limits;

/// <summary>By what addresses are told apart.</summary>
internal static class AddressKey
{
    /// <summary>Most addresses that are told apart at a time.</summary>
    internal const int MostAddresses = 50_000;

    /// <summary>An IPv4 address, or the network of 64 bits of an IPv6 address: whoever has one has all of it.</summary>
    internal static string Of(IPAddress? address) => address switch
    {
        null => "unknown",
        { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false } => Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8)),
        _ => (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString(),
    };
}
