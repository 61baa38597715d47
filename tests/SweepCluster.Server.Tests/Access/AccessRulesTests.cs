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
    [InlineData("http://gateway:8080")]
    [InlineData("http://localhost.example.com:8080")]
    [InlineData("http://foo.localhost:8080")] // the web server binds every address for a name
    [InlineData("http://127.0.0.1.nip.io:8080")]
    [InlineData("https://0.0.0.0:8443")]
    public void Check_OthersMayReachItWithoutSignIn_SaysWhatToDo(string listen)
    {
        var fault = Assert.Throws<BadInputException>(() => AccessRules.Check(new ServerOptions { Listen = new Uri(listen), Access = new AccessOptions { CertificateFile = listen.StartsWith("https", StringComparison.Ordinal) ? "c.pem" : null } }));

        Assert.Contains("no sign-in", fault.Message, StringComparison.Ordinal);
        Assert.Contains("--tokens FILE", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
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
