using System.CommandLine;
using System.Net;
using SweepCluster.Cli.Commands;
using SweepCluster.Graphs;
using SweepCluster.Server.Access;
using SweepCluster.Testing;

namespace SweepCluster.Cli.Tests.Access;

public sealed class AccessArgumentsTests
{
    [Fact]
    public void Read_Nothing_AsksNobodyToSignIn()
    {
        AccessOptions options = Read();

        Assert.Equal((null, null, null, null, null), (options.TokenFile, options.Oidc, options.CertificateFile, options.KeyFile, options.AuditFile));
        Assert.Empty(options.Proxies);
        Assert.Empty(options.Trusted);
    }

    [Fact]
    public void Read_Files_AreTakenAsTheyAre()
    {
        AccessOptions options = Read("--tokens", "t", "--certificate", "c.pem", "--key", "k.pem", "--audit", "a.jsonl");

        Assert.Equal(("t", "c.pem", "k.pem", "a.jsonl"), (options.TokenFile, options.CertificateFile, options.KeyFile, options.AuditFile));
    }

    [Fact]
    public void Read_AnIssuer_HasItsDefaults() =>
        Assert.Equal(
            new OidcOptions { Issuer = new Uri("https://login.example.com/realms/lab"), Audience = "sweep-server" },
            Read("--oidc-issuer", "https://login.example.com/realms/lab", "--oidc-audience", "sweep-server").Oidc);

    [Fact]
    public void Read_AnIssuerWithClaimsAndWords_TakesThem() =>
        Assert.Equal(
            new OidcOptions
            {
                Issuer = new Uri("https://login.example.com"),
                Audience = "sweep",
                ScopeClaim = "roles",
                NameClaim = "preferred_username",
                ReadWord = "sweep-read",
                SubmitWord = "a=b",
                AdminWord = "sweep:admin",
            },
            Read("--oidc-issuer", "https://login.example.com", "--oidc-audience", "sweep", "--oidc-scope-claim", "roles", "--oidc-name-claim", "preferred_username",
                "--oidc-scope", "read=sweep-read", "--oidc-scope", "submit=a=b").Oidc);

    [Fact]
    public void Read_Proxies_AreNetworks() =>
        Assert.Equal(
            ["10.0.0.0/8", "127.0.0.1/32", "fd00::/8", "::1/128"],
            Read("--behind-tls-proxy", "10.0.0.0/8", "--behind-tls-proxy", "127.0.0.1", "--behind-tls-proxy", "fd00::/8", "--behind-tls-proxy", "::1").Proxies.Select(network => network.ToString()));

    [Fact]
    public void Read_ProxysAddressWithItsNetwork_IsTheNetwork()
    {
        IPNetwork network = Assert.Single(Read("--behind-tls-proxy", "10.0.0.1/8").Proxies);

        Assert.True(network.Contains(IPAddress.Parse("10.200.0.1")));
        Assert.False(network.Contains(IPAddress.Parse("11.0.0.1")));
    }

    [Fact]
    public void Read_TrustedNetworks_AreNetworks() =>
        Assert.Equal(
            ["172.30.0.0/24", "10.88.0.1/32", "fd00:1::/64"],
            Read("--trust-network", "172.30.0.0/24", "--trust-network", "10.88.0.1", "--trust-network", "fd00:1::/64").Trusted.Select(network => network.ToString()));

    [Theory]
    [InlineData("--trust-network: found '0.0.0.0/0', expected a network as 10.0.0.0/8 or an address, and not all addresses.", "--trust-network", "0.0.0.0/0")]
    [InlineData("--trust-network: found '::/0', expected a network as 10.0.0.0/8 or an address, and not all addresses.", "--trust-network", "172.30.0.0/24", "--trust-network", "::/0")]
    [InlineData("--trust-network: found 'docker0', expected a network as 10.0.0.0/8 or an address, and not all addresses.", "--trust-network", "docker0")]
    [InlineData("--behind-tls-proxy: found '0.0.0.0/0', expected a network as 10.0.0.0/8 or an address, and not all addresses.", "--behind-tls-proxy", "0.0.0.0/0")]
    [InlineData("--behind-tls-proxy: found '::/0', expected a network as 10.0.0.0/8 or an address, and not all addresses.", "--behind-tls-proxy", "::/0")]
    [InlineData("--behind-tls-proxy: found '::ffff:0:0/96', expected a network as 10.0.0.0/8 or an address, and not all addresses.", "--behind-tls-proxy", "::ffff:0:0/96")]
    [InlineData("--behind-tls-proxy: found '::ffff:0.0.0.0/96', expected a network as 10.0.0.0/8 or an address, and not all addresses.", "--behind-tls-proxy", "::ffff:0.0.0.0/96")]
    [InlineData("--behind-tls-proxy: found '::/1', expected a network as 10.0.0.0/8 or an address, and not all addresses.", "--behind-tls-proxy", "::/1")]
    [InlineData("--behind-tls-proxy: found 'proxy', expected a network as 10.0.0.0/8 or an address, and not all addresses.", "--behind-tls-proxy", "proxy")]
    [InlineData("--oidc-audience: found nothing beside --oidc-issuer, expected the audience that tokens for this server name.", "--oidc-issuer", "https://a")]
    [InlineData("--oidc-issuer: found nothing beside other --oidc options, expected an address as https://login.example.com/realm.", "--oidc-audience", "a")]
    [InlineData("--oidc-issuer: found nothing beside other --oidc options, expected an address as https://login.example.com/realm.", "--oidc-scope", "read=a")]
    [InlineData("--oidc-issuer: found 'login', expected an https address.", "--oidc-issuer", "login", "--oidc-audience", "a")]
    [InlineData("--oidc-scope: found 'write=a', expected read=WORD, submit=WORD or admin=WORD, each once.", "--oidc-scope", "write=a")]
    [InlineData("--oidc-scope: found 'read', expected read=WORD, submit=WORD or admin=WORD, each once.", "--oidc-scope", "read")]
    [InlineData("--oidc-scope: found 'read=', expected read=WORD, submit=WORD or admin=WORD, each once.", "--oidc-scope", "read=")]
    [InlineData("--oidc-scope: found 'read=b', expected read=WORD, submit=WORD or admin=WORD, each once.", "--oidc-scope", "read=a", "--oidc-scope", "read=b")]
    public void Read_WhatCannotBeUsed_IsOneLine(string expected, params string[] arguments) => Assert.Equal(expected, Assert.Throws<BadInputException>(() => Read(arguments)).Message);

    [Theory]
    [InlineData("serve", "--store", "absent", "--listen", "http://0.0.0.0:0")]
    [InlineData("serve", "--store", "absent", "--listen", "https://127.0.0.1:0")]
    [InlineData("serve", "--store", "absent", "--tokens", "no such file")]
    [InlineData("serve", "--store", "absent", "--listen", "http://0.0.0.0:0", "--trust-network", "8.8.8.0/24")]
    [InlineData("serve", "--store", "absent", "--listen", "http://0.0.0.0:0", "--trust-network", "0.0.0.0/1")]
    [InlineData("serve", "--store", "absent", "--listen", "http://0.0.0.0:0", "--trust-network", "::ffff:0.0.0.0/96")]
    [InlineData("serve", "--store", "absent", "--listen", "http://0.0.0.0:0", "--metrics", "http://0.0.0.0:0")]
    [InlineData("serve", "--store", "absent", "--metrics", "https://0.0.0.0:0")]
    [InlineData("serve", "--store", "absent", "--metrics", "http://0.0.0.0:9464/metrics")]
    [InlineData("serve", "--store", "absent", "--listen", "http://127.0.0.1:47123", "--metrics", "http://0.0.0.0:47123")]
    [InlineData("silo", "--store", "Host=127.0.0.1;Port=1", "--listen", "http://0.0.0.0:0")]
    public async Task Program_ThatWouldBeOpen_DoesNotStart(params string[] arguments)
    {
        using TemporaryFolder folder = new();
        using StringWriter output = new(), error = new();
        string store = folder.At("absent");

        int code = await SweepProgram.RunAsync([.. arguments.Select(argument => argument == "absent" ? store : argument)], output, error);

        Assert.Equal((2, ""), (code, output.ToString()));
        Assert.Single(error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.False(Directory.Exists(store));
    }

    private static AccessOptions Read(params string[] arguments)
    {
        Command command = new("test");
        AccessArguments access = new();
        access.AddTo(command, trusts: true);
        ParseResult input = command.Parse(arguments);
        Assert.Empty(input.Errors);
        return access.Read(input);
    }
}
