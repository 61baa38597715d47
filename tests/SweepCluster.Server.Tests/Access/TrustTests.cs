using System.Net;
using System.Text.Json;
using SweepCluster.Server.Access;
using SweepCluster.Server.Access.Tokens;
using SweepCluster.Testing;

namespace SweepCluster.Server.Tests.Access;

/// <summary>Callers of a network that is taken as this machine, as those of a container whose port is published on a loopback address.</summary>
public sealed class TrustTests
{
    private const string Api = "/api/v1/sweeps";

    [Theory]
    [InlineData("172.30.57.1")]
    [InlineData("::ffff:172.30.57.1")] // what a socket of both kinds says of an IPv4 address
    [InlineData("10.88.0.9")]
    [InlineData("fd00:1::7")]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public async Task Caller_OfATrustedNetwork_MayDoEverythingWithoutSignIn(string from)
    {
        await using Door door = await OpenAsync(from);

        Assert.Equal(HttpStatusCode.OK, await door.StatusAsync(Api));
        Assert.Equal(HttpStatusCode.OK, await door.StatusAsync(Api, null, ("Host", "localhost:9000")));
        using HttpResponseMessage submit = await door.SendAsync(HttpMethod.Post, Api), remove = await door.SendAsync(HttpMethod.Delete, $"{Api}/1");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (submit.StatusCode, remove.StatusCode));
        Assert.StartsWith("local|Admin|", await door.Client.GetStringAsync("/page"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("172.30.58.1")]
    [InlineData("::ffff:172.30.58.1")]
    [InlineData("10.88.0.10")]
    [InlineData("192.168.1.1")]
    [InlineData("203.0.113.7")]
    [InlineData("fd00:2::7")]
    [InlineData("::172.30.57.1")] // not the IPv4 address
    public async Task Caller_FromElsewhereWhereNobodySignsIn_IsRefusedWhateverItSays(string from)
    {
        await using Door door = await OpenAsync(from);

        Assert.Equal(HttpStatusCode.Forbidden, await door.StatusAsync(Api));
        Assert.Equal(HttpStatusCode.Forbidden, await door.StatusAsync("/open"));
        Assert.Equal(HttpStatusCode.Forbidden, await door.StatusAsync(Api, null, ("Host", "localhost")));
        Assert.Equal(HttpStatusCode.Forbidden, await door.StatusAsync(Api, null, ("X-Forwarded-For", "172.30.57.1")));
        Assert.Equal(HttpStatusCode.Forbidden, await door.StatusAsync(Api, null, ("X-Real-IP", "127.0.0.1")));
        Assert.Equal(HttpStatusCode.Forbidden, await door.StatusAsync(Api, "sweep_anything"));
    }

    [Theory]
    [InlineData("Host", "evil.example")] // a name that was made to point here
    [InlineData("Host", "172.30.57.2")]
    [InlineData("Host", "sweepcluster-server")]
    [InlineData("X-Forwarded-For", "127.0.0.1")]
    [InlineData("X-Forwarded-For", "172.30.57.1")]
    [InlineData("Forwarded", "for=127.0.0.1")]
    [InlineData("X-Real-IP", "127.0.0.1")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    public async Task Caller_OfATrustedNetworkByAnotherNameProxyOrSite_IsRefused(string name, string value)
    {
        await using Door door = await OpenAsync("172.30.57.1");

        Assert.Equal(HttpStatusCode.Forbidden, await door.StatusAsync(Api, null, (name, value)));
    }

    [Fact]
    public async Task Caller_OfATrustedNetwork_StandsInTheAuditLogWithItsAddress()
    {
        using TemporaryFolder folder = new();
        string audit = folder["audit"];
        await using (Door door = await OpenAsync("::ffff:172.30.57.1", access => access with { AuditFile = audit }))
        {
            using HttpResponseMessage done = await door.SendAsync(HttpMethod.Post, Api), refused = await door.SendAsync(HttpMethod.Post, Api, null, [("Host", "evil.example")]);
            Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden), (done.StatusCode, refused.StatusCode));
        }

        JsonElement[] lines = [.. (await File.ReadAllLinesAsync(audit)).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(
            [("local", "none", "172.30.57.1", "done"), (null, null, "172.30.57.1", "refused")],
            lines.Select(line => (line.GetProperty("caller").GetString(), line.GetProperty("signIn").GetString(), line.GetProperty("address").GetString(), line.GetProperty("outcome").GetString())));
    }

    [Theory]
    [InlineData("172.30.57.1", true)]
    [InlineData("::ffff:172.30.57.1", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("172.30.58.1", false)]
    [InlineData("203.0.113.7", false)]
    public async Task Token_OverPlainHttp_IsTakenFromTrustedNetworksAlone(string from, bool isTaken)
    {
        NewToken[] tokens = Door.MakeTokens();
        await using Door door = await Door.FromAsync(from, tokens, Trust);

        Assert.Equal(isTaken ? HttpStatusCode.OK : HttpStatusCode.Forbidden, await door.StatusAsync(Api, door.Read));
        Assert.Equal(isTaken ? HttpStatusCode.Unauthorized : HttpStatusCode.Forbidden, await door.StatusAsync(Api)); // nobody is let in for where it is from
        Assert.Equal(HttpStatusCode.OK, await door.StatusAsync("/open"));
        Assert.Equal(isTaken ? HttpStatusCode.OK : HttpStatusCode.Forbidden, await door.StatusAsync("/sign-in")); // a token would be typed into it
        Assert.Equal(isTaken ? HttpStatusCode.OK : HttpStatusCode.Forbidden, await door.StatusAsync("/Sign-In/"));
        Assert.Equal(isTaken ? HttpStatusCode.OK : HttpStatusCode.Forbidden, await door.StatusAsync(Api, door.Read, ("X-Forwarded-For", from)));
    }

    [Theory]
    [InlineData("10.9.9.9", "203.0.113.7", HttpStatusCode.OK)] // by the proxy
    [InlineData("172.30.57.1", "203.0.113.7", HttpStatusCode.OK)] // past it, as this machine
    [InlineData("203.0.113.7", "172.30.57.1", HttpStatusCode.Forbidden)]
    public async Task Token_BesideAProxy_IsTakenFromBoth(string from, string forwarded, HttpStatusCode expected)
    {
        await using Door door = await Door.FromAsync(from, Door.MakeTokens(), access => Trust(access) with { Proxies = [IPNetwork.Parse("10.9.9.0/24")] });

        Assert.Equal(expected, await door.StatusAsync(Api, door.Read, ("X-Forwarded-For", forwarded), ("X-Forwarded-Proto", "https")));
    }

    [Fact]
    public async Task SignIn_ByAProxysWordOfATrustedAddress_IsNotSpared()
    {
        await using Door door = await Door.FromAsync("10.9.9.9", Door.MakeTokens(), access => Trust(access) with { Proxies = [IPNetwork.Parse("10.9.9.0/24")] });

        Assert.Equal(HttpStatusCode.Unauthorized, await door.StatusAsync(Api, null, ("X-Forwarded-For", "172.30.57.1"), ("X-Forwarded-Proto", "https")));
    }

    private static AccessOptions Trust(AccessOptions access) =>
        access with { Trusted = [IPNetwork.Parse("::ffff:172.30.57.0/120"), IPNetwork.Parse("10.88.0.9/32"), IPNetwork.Parse("fd00:1::/64")] };

    private static Task<Door> OpenAsync(string from, Func<AccessOptions, AccessOptions>? change = null) => Door.FromAsync(from, null, access => Trust(change?.Invoke(access) ?? access));
}
