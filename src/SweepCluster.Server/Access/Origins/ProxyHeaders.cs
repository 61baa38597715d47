using System.Collections.Immutable;
using System.Net;
using Microsoft.AspNetCore.Http;

namespace SweepCluster.Server.Access.Origins;

/// <summary>What named proxies say of a request: who asked them, and that it was over TLS. What anybody else says is not looked at; where tokens could be read on the way, the request is not taken.</summary>
internal static class ProxyHeaders
{
    /// <summary>Takes over what a named proxy says.</summary>
    /// <param name="context">The request; its address and scheme become those of who asked the proxy.</param>
    /// <param name="access">The networks of the proxies (none: no proxy stands in front of the server), and those that are taken as this machine.</param>
    /// <param name="isOpen">Whether the endpoint answers anybody and nothing secret is sent, so that it may be asked past the proxy, too.</param>
    /// <returns>Why the request is not taken; null: it is.</returns>
    internal static Refusal? Apply(HttpContext context, AccessOptions access, bool isOpen)
    {
        ImmutableArray<IPNetwork> proxies = access.Proxies;
        if (OriginGuard.AddressOf(context) is not { } sender)
        {
            return null;
        }

        if (proxies.IsEmpty)
        {
            // Plain http is for this machine and what is taken as it. Where nobody signs in, nobody else is answered at all.
            return isOpen || access.Trusted.IsEmpty || context.Request.IsHttps || CallerNetworks.AreOwn(access.Trusted, sender) ? null
                : Refusal.Origin("the request came over plain http from elsewhere, expected it from one of the networks of --trust-network");
        }

        if (!CallerNetworks.Hold(proxies, sender))
        {
            return isOpen || CallerNetworks.AreOwn(access.Trusted, sender) ? null : Refusal.Origin("the request came past the proxy that ends TLS, expected it from one of the networks of --behind-tls-proxy");
        }

        string[] schemes = Words(context.Request.Headers["X-Forwarded-Proto"]);
        if (schemes.Length > 0 && !schemes[^1].Equals("https", StringComparison.OrdinalIgnoreCase))
        {
            return Refusal.Origin("the request came to the proxy over plain http, expected https");
        }

        context.Request.Scheme = Uri.UriSchemeHttps;
        context.Connection.RemoteIpAddress = Client(proxies, sender, Words(context.Request.Headers["X-Forwarded-For"]));
        return null;
    }

    // From the nearest back: each proxy of ours is believed about who asked it, until somebody who is none of ours.
    private static IPAddress Client(ImmutableArray<IPNetwork> proxies, IPAddress sender, string[] chain)
    {
        IPAddress client = sender;
        for (int i = chain.Length - 1; i >= 0 && CallerNetworks.Hold(proxies, client); i--)
        {
            if (!IPEndPoint.TryParse(chain[i], out IPEndPoint? before))
            {
                break;
            }

            client = before.Address.IsIPv4MappedToIPv6 ? before.Address.MapToIPv4() : before.Address;
        }

        return client;
    }

    private static string[] Words(Microsoft.Extensions.Primitives.StringValues values) =>
        [.. values.SelectMany(value => (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
}
