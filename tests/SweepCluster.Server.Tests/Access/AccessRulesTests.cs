using System.Net;
using SweepCluster.Graphs;
using SweepCluster.Server.Access;

namespace SweepCluster.Server.Tests.Access;

public sealed class AccessRulesTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8080")]
    [InlineData("http://127.8.9.10:8080")]
    [InlineData("http://[::1]:8080")]
    [InlineData("http://[::ffff:127.0.0.1]:8080")]
    [InlineData("http://localhost:8080")]
    [InlineData("http://LOCALHOST:8080")]
    public void Check_LoopbackWithoutSignIn_Passes(string listen) => AccessRules.Check(new ServerOptions { Listen = new Uri(listen) });

    [Theory]
    [InlineData("http://0.0.0.0:8080")]
    [InlineData("http://[::]:8080")]
    [InlineData("http://10.1.2.3:8080")]
    [InlineData("http://192.168.1.1:8080")]
    [InlineData("http://[fe80::1]:8080")]
    [InlineData("http://[::ffff:10.0.0.1]:8080")]
    [InlineData("https://0.0.0.0:8443")]
    public void Check_OthersMayReachItWithoutSignIn_SaysWhatToDo(string listen)
    {
        var fault = Assert.Throws<BadInputException>(() => AccessRules.Check(new ServerOptions { Listen = new Uri(listen), Access = new AccessOptions { CertificateFile = listen.StartsWith("https", StringComparison.Ordinal) ? "c.pem" : null } }));

        Assert.Contains("no sign-in", fault.Message, StringComparison.Ordinal);
        Assert.Contains("--tokens FILE", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Theory]
    [InlineData("http://gateway:8080", "gateway")]
    [InlineData("http://localhos:8080", "localhos")]
    [InlineData("http://localhost.example.com:8080", "localhost.example.com")]
    [InlineData("http://foo.localhost:8080", "foo.localhost")] // the web server would bind every address for a name
    [InlineData("http://127.0.0.1.nip.io:8080", "127.0.0.1.nip.io")]
    public void Check_NameInsteadOfAnAddress_IsRefusedByNameWithAndWithoutSignIn(string address, string name)
    {
        ServerOptions listen = new() { Listen = new Uri(address) };
        ServerOptions signedIn = listen with { Access = new AccessOptions { TokenFile = "tokens", Proxies = [IPNetwork.Parse("10.0.0.0/8")] } };
        ServerOptions metrics = new() { Metrics = new Uri(address) };

        Assert.Equal(
            ["--listen", "--listen", "--metrics"],
            new[] { listen, signedIn, metrics }.Select(options =>
            {
                string fault = Assert.Throws<BadInputException>(() => AccessRules.Check(options)).Message;
                Assert.EndsWith($" {address}: found the name '{name}', expected an address of this machine as a number, or localhost; 0.0.0.0 and [::] are every address of it.", fault, StringComparison.Ordinal);
                return fault.Split(' ')[0];
            }));
    }

    [Fact]
    public void Check_PlainHttpOffLoopback_AsksForTlsOrAProxy()
    {
        AccessOptions access = new() { TokenFile = "tokens" };
        ServerOptions options = new() { Listen = new Uri("http://0.0.0.0:8080"), Access = access };

        var fault = Assert.Throws<BadInputException>(() => AccessRules.Check(options));

        Assert.Contains("--certificate", fault.Message, StringComparison.Ordinal);
        Assert.Contains("--behind-tls-proxy", fault.Message, StringComparison.Ordinal);
        AccessRules.Check(options with { Access = access with { Proxies = [IPNetwork.Parse("10.0.0.0/8")] } });
        AccessRules.Check(options with { Listen = new Uri("https://0.0.0.0:8443"), Access = access with { CertificateFile = "c.pem" } });
    }

    [Theory]
    [InlineData("10.88.0.0/16")]
    [InlineData("172.30.57.0/24")]
    [InlineData("192.168.65.1/32")]
    [InlineData("::ffff:172.30.57.0/120")]
    [InlineData("fd00:1::/64")]
    public void Check_TrustedPrivateNetwork_MayBeServedOverPlainHttpWithAndWithoutSignIn(string network)
    {
        ServerOptions options = new() { Listen = new Uri("http://0.0.0.0:8080"), Access = new AccessOptions { Trusted = [IPNetwork.Parse(network)] } };

        AccessRules.Check(options);
        AccessRules.Check(options with { Access = options.Access with { TokenFile = "tokens" } });
    }

    [Theory]
    [InlineData("0.0.0.0/0")]
    [InlineData("0.0.0.0/1")]
    [InlineData("172.0.0.0/8")] // more than 172.16.0.0/12
    [InlineData("8.8.8.8/32")]
    [InlineData("::/0")]
    [InlineData("::/95")]
    [InlineData("::ffff:0.0.0.0/96")]
    [InlineData("::ffff:8.8.8.0/120")]
    [InlineData("2001:db8::/32")]
    public void Check_TrustedNetworkOfTheInternet_IsRefused(string network)
    {
        ServerOptions options = new() { Access = new AccessOptions { Trusted = [IPNetwork.Parse("172.30.57.0/24"), IPNetwork.Parse(network)] } };

        Assert.Equal(
            $"--trust-network: found '{IPNetwork.Parse(network)}', expected a private network, as 172.30.0.0/24: whoever is in it is taken as this machine.",
            Assert.Throws<BadInputException>(() => AccessRules.Check(options)).Message);
    }

    [Fact]
    public void Check_MetricsOverHttps_IsRefused() =>
        Assert.StartsWith(
            "--metrics https://0.0.0.0:9464: found the scheme 'https', expected http",
            Assert.Throws<BadInputException>(() => AccessRules.Check(new ServerOptions { Metrics = new Uri("https://0.0.0.0:9464") })).Message, StringComparison.Ordinal);

    [Fact]
    public void Check_MetricsOnThePortOfListen_IsRefused() =>
        Assert.Equal(
            "--metrics http://0.0.0.0:9464: found the port of --listen, expected another, as 9464.",
            Assert.Throws<BadInputException>(() => AccessRules.Check(new ServerOptions { Listen = new Uri("http://127.0.0.1:9464"), Metrics = new Uri("http://0.0.0.0:9464") })).Message);

    [Fact]
    public void Check_ProxyWithoutSignIn_IsRefusedEvenOnLoopback() =>
        Assert.Contains("no sign-in", Assert.Throws<BadInputException>(() => AccessRules.Check(new ServerOptions { Access = new AccessOptions { Proxies = [IPNetwork.Parse("127.0.0.1/32")] } })).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("https://127.0.0.1:8443", null, null, "https without a certificate")]
    [InlineData("http://127.0.0.1:8080", "c.pem", null, "a certificate and plain http")]
    [InlineData("http://127.0.0.1:8080", null, "k.pem", "a key without a certificate")]
    [InlineData("ftp://127.0.0.1:8080", null, null, "the scheme 'ftp'")]
    public void Check_OptionsThatDoNotFit_NamesThem(string listen, string? certificate, string? key, string found)
    {
        ServerOptions options = new() { Listen = new Uri(listen), Access = new AccessOptions { CertificateFile = certificate, KeyFile = key } };

        Assert.Contains(found, Assert.Throws<BadInputException>(() => AccessRules.Check(options)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://login.example.com", false)]
    [InlineData("https://login.example.com?x=1", false)]
    [InlineData("https://user:pass@login.example.com", false)]
    [InlineData("file:///etc/issuer", false)]
    [InlineData("https://login.example.com/realm", true)]
    [InlineData("http://127.0.0.1:9000/realm", true)]
    public void Check_Issuer_MustBeOneThatNobodyOnTheWayCanChange(string issuer, bool isTaken)
    {
        ServerOptions options = new() { Access = new AccessOptions { Oidc = new OidcOptions { Issuer = new Uri(issuer), Audience = "sweep" } } };

        Exception? fault = Record.Exception(() => AccessRules.Check(options));

        Assert.Equal(isTaken, fault is null);
    }
}
