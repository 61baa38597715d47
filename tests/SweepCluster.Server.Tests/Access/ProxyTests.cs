using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using SweepCluster.Server.Access;
using SweepCluster.Server.Access.Origins;
using SweepCluster.Testing;

namespace SweepCluster.Server.Tests.Access;

public sealed class ProxyTests
{
    private static readonly ImmutableArray<IPNetwork> s_proxies = [IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("fd00::/8")];

    [Theory]
    [InlineData("10.0.0.1", "203.0.113.7", "203.0.113.7")]
    [InlineData("::ffff:10.0.0.1", "203.0.113.7", "203.0.113.7")]
    [InlineData("fd00::1", "2001:db8::7", "2001:db8::7")]
    [InlineData("10.0.0.1", "203.0.113.7:41000", "203.0.113.7")]
    [InlineData("10.0.0.1", "[2001:db8::7]:41000", "2001:db8::7")]
    [InlineData("10.0.0.1", "198.51.100.1, 203.0.113.7", "203.0.113.7")] // what the client itself wrote before is not believed
    [InlineData("10.0.0.1", "198.51.100.1, 203.0.113.7, 10.9.9.9", "203.0.113.7")] // two proxies of ours
    [InlineData("10.0.0.1", "127.0.0.1, 203.0.113.7", "203.0.113.7")]
    [InlineData("10.0.0.1", "unknown", "10.0.0.1")]
    [InlineData("10.0.0.1", "", "10.0.0.1")]
    public void Apply_FromANamedProxy_TakesWhoAskedIt(string sender, string forwarded, string expected)
    {
        DefaultHttpContext context = Request(sender, forwarded, "https");

        Refusal? refusal = ProxyHeaders.Apply(context, new AccessOptions { Proxies = s_proxies }, isOpen: false);

        Assert.Null(refusal);
        Assert.Equal((expected, "https"), (OriginGuard.AddressOf(context)!.ToString(), context.Request.Scheme));
    }

    [Theory]
    [InlineData("203.0.113.9")]
    [InlineData("11.0.0.1")]
    [InlineData("::ffff:11.0.0.1")]
    public void Apply_PastTheProxy_IsRefusedUnlessAnybodyMay(string sender)
    {
        DefaultHttpContext closed = Request(sender, "10.0.0.1", "https"), open = Request(sender, "10.0.0.1", "https");

        Assert.Equal(403, ProxyHeaders.Apply(closed, new AccessOptions { Proxies = s_proxies }, isOpen: false)?.Status);
        Assert.Null(ProxyHeaders.Apply(open, new AccessOptions { Proxies = s_proxies }, isOpen: true));
        Assert.Equal(("http", IPAddress.Parse(sender)), (open.Request.Scheme, open.Connection.RemoteIpAddress)); // nothing that it said was taken
    }

    [Theory]
    [InlineData("http")]
    [InlineData("https, http")]
    [InlineData("ftp")]
    public void Apply_PlainHttpToTheProxy_IsRefused(string scheme) =>
        Assert.Equal(403, ProxyHeaders.Apply(Request("10.0.0.1", "203.0.113.7", scheme), new AccessOptions { Proxies = s_proxies }, isOpen: false)?.Status);

    [Fact]
    public void Apply_WhereNoProxyIsNamed_LooksAtNothing()
    {
        DefaultHttpContext context = Request("127.0.0.1", "203.0.113.7", "https");

        Assert.Null(ProxyHeaders.Apply(context, new AccessOptions(), isOpen: false));
        Assert.Equal(("http", IPAddress.Loopback), (context.Request.Scheme, context.Connection.RemoteIpAddress));
    }

    [Theory]
    [InlineData("127.0.0.1/32", "203.0.113.7", "https")] // the test is the proxy
    [InlineData("10.0.0.0/8", "127.0.0.1", "http")] // the test is none
    public async Task Request_WithForwardedHeaders_IsWrittenDownAsOfWhoAsked(string proxy, string address, string scheme)
    {
        using TemporaryFolder folder = new();
        string audit = folder["audit"];
        await using Door door = await Door.WithTokensAsync(access => access with { AuditFile = audit, Proxies = [IPNetwork.Parse(proxy)] });

        using HttpResponseMessage answer = await door.SendAsync(HttpMethod.Post, "/api/v1/sweeps", door.Submit, [("X-Forwarded-For", "203.0.113.7"), ("X-Forwarded-Proto", "https")]);

        Assert.Equal((HttpStatusCode.OK, scheme == "https"), (answer.StatusCode, answer.Headers.Contains("Strict-Transport-Security")));
        string line = "";
        for (int attempt = 0; attempt < 3_000 && line.Length == 0; attempt++)
        {
            await Task.Delay(20); // until the request is over
            line = await File.ReadAllTextAsync(audit);
        }

        Assert.Equal(address, JsonDocument.Parse(line).RootElement.GetProperty("address").GetString());
    }

    [Fact]
    public async Task Rate_BehindAProxy_CountsWhoAskedTheProxy()
    {
        await using Door door = await Door.WithTokensAsync(
            access => access with { Proxies = [IPNetwork.Parse("127.0.0.1/32")], Limits = new LimitOptions { AddressRate = 1, AddressBurst = 1 } }, new HandTime());

        Assert.Equal(HttpStatusCode.OK, await door.StatusAsync("/open", null, ("X-Forwarded-For", "203.0.113.7")));
        Assert.Equal(HttpStatusCode.TooManyRequests, await door.StatusAsync("/open", null, ("X-Forwarded-For", "198.51.100.1, 203.0.113.7")));
        Assert.Equal(HttpStatusCode.OK, await door.StatusAsync("/open", null, ("X-Forwarded-For", "203.0.113.8")));
    }

    private static DefaultHttpContext Request(string sender, string forwarded, string scheme)
    {
        DefaultHttpContext context = new();
        context.Connection.RemoteIpAddress = IPAddress.Parse(sender);
        context.Request.Scheme = "http";
        context.Request.Headers["X-Forwarded-For"] = forwarded;
        context.Request.Headers["X-Forwarded-Proto"] = scheme;
        return context;
    }
}
