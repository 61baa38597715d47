using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace SweepCluster.Server.Access.Origins;

/// <summary>Networks by which callers are told apart: those that are taken as this machine, and those of proxies.</summary>
public static class CallerNetworks
{
    private const int MappedBits = 96; // in front of an IPv4 address that is written as IPv6, ::ffff:a.b.c.d

    // RFC 1918, 6598, 3927, 4193, 4291 and loopback: addresses that nobody on the Internet has.
    private static readonly ImmutableArray<IPNetwork> s_private =
    [
        IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("100.64.0.0/10"), IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("fc00::/7"), IPNetwork.Parse("fe80::/10"), IPNetwork.Parse("::1/128"),
    ];

    /// <summary>Whether an address is in one of the networks, however either of them is written.</summary>
    internal static bool Hold(ImmutableArray<IPNetwork> networks, IPAddress address)
    {
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return networks.Any(network => Plain(network).Contains(plain));
    }

    /// <summary>Whether an address is of this machine, or of a network that is taken as this machine.</summary>
    internal static bool AreOwn(ImmutableArray<IPNetwork> trusted, IPAddress address) => ListenAddress.IsLoopbackAddress(address) || Hold(trusted, address);

    /// <summary>Whether nobody on the Internet can have an address of the network.</summary>
    internal static bool IsPrivate(IPNetwork network)
    {
        IPNetwork plain = Plain(network);
        return s_private.Any(range => range.Contains(plain.BaseAddress) && plain.PrefixLength >= range.PrefixLength);
    }

    /// <summary>Whether a network holds all addresses of a family; of IPv4 also where they are written as IPv6, in ::ffff:0:0/96 and in wider networks around it.</summary>
    /// <remarks>By its bits: <see cref="IPNetwork.Contains"/> takes such an address for the IPv4 address that it is.</remarks>
    public static bool HoldsAll(IPNetwork network) => network.PrefixLength == 0
        || (network.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6 && network.PrefixLength <= MappedBits
            && (BinaryPrimitives.ReadUInt128BigEndian(network.BaseAddress.GetAddressBytes()) ^ ((UInt128)0xFFFF << 32)) >> (128 - network.PrefixLength) == 0);

    private static IPNetwork Plain(IPNetwork network) => network.BaseAddress.IsIPv4MappedToIPv6 && network.PrefixLength >= MappedBits
        ? new IPNetwork(network.BaseAddress.MapToIPv4(), network.PrefixLength - MappedBits)
        : network;
}
