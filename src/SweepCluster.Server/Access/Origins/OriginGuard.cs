using System.Collections.Immutable;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using SweepCluster.Server.Access.Tokens;
using SweepCluster.Server.Telemetry;

namespace SweepCluster.Server.Access.Origins;

/// <summary>Refuses what a page of another site makes a browser ask, names that were made to point here, and secrets in addresses.</summary>
internal static class OriginGuard
{
    /// <summary>What is wrong with a request; null: nothing.</summary>
    internal static Refusal? Find(HttpContext context, AccessOptions options) =>
        (options.IsSignInOn ? null : FindStranger(context, options.Trusted)) ?? FindForeign(context.Request);

    /// <summary>What is wrong with a request, whoever it is from: a page of another site asked, or there is a secret in the address; null: nothing.</summary>
    internal static Refusal? FindForeign(HttpRequest request) => FindCrossSite(request) ?? FindSecret(request);

    /// <summary>The other end of a connection as it is shown and counted: an IPv4 address, or an IPv6 address.</summary>
    internal static IPAddress? AddressOf(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address ? address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address : null;

    // Nobody signs in: only this machine and what is taken as it may ask, by the other end of the connection and nothing that the request says, and only by a name of this machine.
    // A page of another site whose name was made to point here sends that name.
    private static Refusal? FindStranger(HttpContext context, ImmutableArray<IPNetwork> trusted)
    {
        if (context.Connection.RemoteIpAddress is { } remote && !CallerNetworks.AreOwn(trusted, remote))
        {
            return Refusal.Origin(trusted.IsEmpty ? "this server is for its own machine alone" : "this server is for its own machine and the networks of --trust-network alone");
        }

        string host = context.Request.Host.Host.Trim('[', ']');
        if (!host.Equals("localhost", StringComparison.OrdinalIgnoreCase) && !(IPAddress.TryParse(host, out IPAddress? address) && ListenAddress.IsLoopbackAddress(address)))
        {
            return Refusal.Origin("nobody signs in here, so it answers to 127.0.0.1, [::1] and localhost alone, and the request names another host");
        }

        // A proxy on this machine would make everybody who reaches it a caller of this machine.
        return context.Request.Headers.ContainsKey("X-Forwarded-For") || context.Request.Headers.ContainsKey("Forwarded") || context.Request.Headers.ContainsKey("X-Real-IP")
            ? Refusal.Origin("the request came through a proxy, and nobody signs in here: start the server with --tokens and --behind-tls-proxy")
            : null;
    }

    private static Refusal? FindCrossSite(HttpRequest request)
    {
        string site = request.Headers["Sec-Fetch-Site"].ToString();
        bool isFromElsewhere = site.Length > 0 && site is not ("same-origin" or "none");
        bool isLink = HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Mode"] == "navigate" && request.Headers["Sec-Fetch-Dest"] == "document";
        if (isFromElsewhere && !isLink)
        {
            return Refusal.Origin("a page of another site asked");
        }

        if (request.Headers.Origin.Count > 0 && !IsOwn(request))
        {
            return Refusal.Origin($"a page of another origin asked, expected {request.Scheme}://{request.Host.Value} (a proxy must pass the header Host on)");
        }

        return null;
    }

    private static bool IsOwn(HttpRequest request) =>
        request.Headers.Origin is [{ } origin] && Uri.TryCreate(origin, UriKind.Absolute, out Uri? from) && Uri.TryCreate($"{request.Scheme}://{request.Host.Value}", UriKind.Absolute, out Uri? own)
        && from.Scheme == own.Scheme && from.Port == own.Port && string.Equals(from.IdnHost, own.IdnHost, StringComparison.OrdinalIgnoreCase);

    private static bool HasSecret(string? path) => path?.Split('/').Any(TokenSecret.IsWellFormed) == true;

    // Addresses are written into logs and histories. A secret that came in one is no secret any more; better to say so than to take it.
    private static Refusal? FindSecret(HttpRequest request) =>
        request.Query.ContainsKey("access_token") || request.QueryString.Value?.Contains(TokenSecret.Prefix, StringComparison.Ordinal) == true || HasSecret(request.Path.Value)
            ? new Refusal(StatusCodes.Status400BadRequest, ServerMetrics.Origin, "Secret in the address", $"tokens are taken from the header {HeaderNames.Authorization} alone, not from an address; make a new one, this one stands in logs")
            : null;
}
