using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using SweepCluster.Graphs;
using SweepCluster.Server.Access;
using SweepCluster.Server.Access.Tls;
using SweepCluster.Server.Clients;
using SweepCluster.Testing;

namespace SweepCluster.Server.Tests.Access;

/// <summary>Real handshakes with a real web server.</summary>
public sealed class TlsTests : IDisposable
{
    private static readonly SslApplicationProtocol[] s_both = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];

    private readonly TemporaryFolder _folder = new();
    private readonly HandTime _time = new();

    private string Pem => _folder["tls.pem"];

    private string Key => _folder["tls.key"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Handshake_WithPem_GivesTheCertificateAndHttp2(SslProtocols version)
    {
        using X509Certificate2 certificate = Certificates.Make();
        Certificates.WritePair(Pem, Key, certificate);
        await using Door door = await StartAsync();

        await using Handshake hands = await ShakeAsync(door, version, s_both);

        Assert.Equal((version, SslApplicationProtocol.Http2, certificate.Thumbprint), (hands.Version, hands.Protocol, hands.Thumbprint));
    }

    [Fact]
    public async Task Handshake_OlderThanTls12_IsRefused()
    {
        using X509Certificate2 certificate = Certificates.Make();
        Certificates.WritePair(Pem, Key, certificate);
        await using Door door = await StartAsync();

#pragma warning disable SYSLIB0039, CA5397 // what is refused here is just this
        Exception? fault = await Record.ExceptionAsync(() => ShakeAsync(door, SslProtocols.Tls11, s_both));
#pragma warning restore SYSLIB0039, CA5397

        Assert.True(fault is AuthenticationException or IOException, fault?.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("a password of the tests")]
    public async Task Request_WithPfx_IsAnsweredOverHttp2AndSaysToStayWithTls(string? password)
    {
        using X509Certificate2 certificate = Certificates.Make();
        string pfx = _folder["tls.pfx"];
        DoorTests.Write(pfx, "");
        await File.WriteAllBytesAsync(pfx, certificate.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, password));
        await using Door door = await StartAsync(access => access with { CertificateFile = pfx, KeyFile = null, CertificatePassword = password });
        using SocketsHttpHandler handler = new();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.Thumbprint;
        using HttpClient client = new(handler) { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };

        using HttpResponseMessage answer = await client.GetAsync(new Uri(door.Address, "/open"));

        Assert.Equal((HttpStatusCode.OK, HttpVersion.Version20), (answer.StatusCode, answer.Version));
        Assert.True(answer.Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public async Task Request_KeyInTheCertificatesFile_IsAnswered()
    {
        using X509Certificate2 certificate = Certificates.Make();
        Certificates.WritePair(Pem, Key, certificate);
        DoorTests.Write(Pem, await File.ReadAllTextAsync(Pem) + "\n" + await File.ReadAllTextAsync(Key));
        await using Door door = await StartAsync(access => access with { KeyFile = null });

        await using Handshake hands = await ShakeAsync(door, SslProtocols.Tls13, s_both);

        Assert.Equal(certificate.Thumbprint, hands.Thumbprint);
    }

    [Fact]
    public async Task Handshake_WithAChain_GivesTheIssuersToo()
    {
        (X509Certificate2 certificate, X509Certificate2 issuer) = Certificates.MakeChain();
        using X509Certificate2 first = certificate, second = issuer;
        Certificates.WritePair(Pem, Key, certificate);
        await File.AppendAllTextAsync(Pem, "\n" + issuer.ExportCertificatePem());
        await using Door door = await StartAsync();

        await using Handshake hands = await ShakeAsync(door, SslProtocols.Tls13, s_both);

        Assert.Equal(certificate.Thumbprint, hands.Thumbprint);
        Assert.Contains(issuer.Thumbprint, hands.Sent);
    }

    [Fact]
    public async Task Change_OfTheFiles_IsShownToConnectionsFromThenOn()
    {
        using X509Certificate2 first = Certificates.Make(), second = Certificates.Make();
        Certificates.WritePair(Pem, Key, first);
        await using Door door = await StartAsync();
        Assert.Equal(first.Thumbprint, await ThumbprintAsync(door));

        Certificates.WritePair(Pem, Key, second);
        Assert.Equal(first.Thumbprint, await ThumbprintAsync(door)); // it is looked at every five seconds
        _time.Move(TimeSpan.FromSeconds(5));

        Assert.Equal(second.Thumbprint, await ThumbprintAsync(door));
    }

    [Fact]
    public async Task Change_ToWhatCannotBeUsed_LeavesTheOneBeforeUntilItFits()
    {
        using X509Certificate2 first = Certificates.Make(), second = Certificates.Make(), expired = Certificates.Make(days: 1);
        Certificates.WritePair(Pem, Key, first);
        await using Door door = await StartAsync();

        await File.WriteAllTextAsync(Pem, second.ExportCertificatePem()); // the key is still the first's
        Assert.Equal(first.Thumbprint, await LaterAsync());
        await File.WriteAllTextAsync(Pem, "nothing");
        Assert.Equal(first.Thumbprint, await LaterAsync());
        Certificates.WritePair(Pem, Key, expired);
        Assert.Equal(first.Thumbprint, await LaterAsync());
        File.Delete(Pem);
        Assert.Equal(first.Thumbprint, await LaterAsync());
        Certificates.WritePair(Pem, Key, second);
        Assert.Equal(second.Thumbprint, await LaterAsync());

        Task<string> LaterAsync()
        {
            _time.Move(TimeSpan.FromSeconds(5));
            return ThumbprintAsync(door);
        }
    }

    [Fact]
    public void Open_KeyOfAnother_SaysSo()
    {
        using X509Certificate2 certificate = Certificates.Make(), other = Certificates.Make();
        Certificates.WritePair(Pem, Key, certificate);
        Certificates.WriteKey(Key, other);

        Assert.Equal($"--certificate {Pem}: found a key that is not the certificate's, expected the two that belong together.", FaultOf());
    }

    [Fact]
    public void Open_Expired_SaysSince()
    {
        using X509Certificate2 certificate = Certificates.Make(days: 1);
        Certificates.WritePair(Pem, Key, certificate);

        Assert.Equal($"--certificate {Pem}: found a certificate that expired on 2026-11-20, expected one that holds.", FaultOf());
    }

    [Theory]
    [InlineData("nothing", "found what is no PEM or PFX file, or one of another password (")]
    [InlineData("", "found what is no PEM or PFX file, or one of another password (")]
    [InlineData("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "found what is no PEM or PFX file, or one of another password (")]
    [InlineData("-----BEGIN RUBBISH-----\nAAAA\n-----END RUBBISH-----", "found no certificate, expected PEM files of a certificate and its key (--key FILE).")]
    public void Open_Damaged_IsOneLine(string content, string expected)
    {
        DoorTests.Write(Pem, content);

        string fault = FaultOf(access => access with { KeyFile = null });

        Assert.StartsWith($"--certificate {Pem}: {expected}", fault, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault);
    }

    [Fact]
    public void Open_WithoutItsKey_AsksForIt()
    {
        using X509Certificate2 certificate = Certificates.Make();
        DoorTests.Write(Pem, certificate.ExportCertificatePem());

        Assert.Equal($"--certificate {Pem}: found no key, expected PEM files of a certificate and its key (--key FILE).", FaultOf(access => access with { KeyFile = null }));
    }

    [Fact]
    public void Open_PfxOfAnotherPassword_IsOneLineWithoutIt()
    {
        using X509Certificate2 certificate = Certificates.Make();
        DoorTests.Write(Pem, "");
        File.WriteAllBytes(Pem, certificate.ExportPkcs12(Pkcs12ExportPbeParameters.Pbes2Aes256Sha256, "right"));

        string fault = FaultOf(access => access with { KeyFile = null, CertificatePassword = "wrong-one" });

        Assert.StartsWith($"--certificate {Pem}: found what is no PEM or PFX file, or one of another password (", fault, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong-one", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_FileThatIsAway_NamesIt()
    {
        string fault = FaultOf();

        Assert.StartsWith($"--certificate {Pem}: ", fault, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault);
    }

    [Fact]
    public void Open_KeyThatOthersMayRead_IsRefused()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using X509Certificate2 certificate = Certificates.Make();
        Certificates.WritePair(Pem, Key, certificate);
        File.SetUnixFileMode(Key, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        Assert.StartsWith($"{Key}: found the permissions 604", FaultOf(), StringComparison.Ordinal);
    }

    private string FaultOf(Func<AccessOptions, AccessOptions>? change = null)
    {
        AccessOptions access = new() { CertificateFile = Pem, KeyFile = Key };
        ServerCertificate certificate = new(change?.Invoke(access) ?? access, _time, NullLogger<ServerCertificate>.Instance);
        return Assert.Throws<BadInputException>(certificate.Open).Message;
    }

    [Theory]
    [InlineData("127.0.0.1", true, "found a certificate for another name, expected one that has the name in this address; use a name that the certificate has, or give the server one with this name.")]
    [InlineData(
        "127.0.0.1", false,
        "found a certificate for another name that is not trusted either (UntrustedRoot), expected one of an authority that this machine knows that has the name in this address; --ca FILE names another authority's certificate; use a name that the certificate has, or give the server one with this name.")]
    [InlineData("localhost", false, "found a certificate that is not trusted (UntrustedRoot), expected one of an authority that this machine knows; --ca FILE names another authority's certificate.")]
    public async Task Call_CertificateThatIsMisnamedOrUntrusted_SaysAllThatIsWrong(string host, bool hasAuthority, string expected)
    {
        using X509Certificate2 certificate = Certificates.Make(); // for localhost, and its own authority
        Certificates.WritePair(Pem, Key, certificate);
        await using Door door = await StartAsync();
        string address = $"https://{host}:{door.Address.Port}";
        using ServerCalls calls = new(ServerAddress.Read(address, null, hasAuthority ? Pem : null), TimeProvider.System);

        BadInputException refused = await Assert.ThrowsAsync<BadInputException>(() => calls.GetAsync<string>("/api/v1/sweeps", default));

        Assert.Equal($"--server {address}: {expected}", refused.Message);
    }

    private Task<Door> StartAsync(Func<AccessOptions, AccessOptions>? change = null) => Door.StartAsync(
        Door.MakeTokens(),
        access =>
        {
            AccessOptions with = access with { CertificateFile = Pem, KeyFile = Key };
            return change?.Invoke(with) ?? with;
        },
        _time, "https://127.0.0.1:0");

    private static async Task<string> ThumbprintAsync(Door door)
    {
        await using Handshake hands = await ShakeAsync(door, SslProtocols.Tls13, s_both);
        return hands.Thumbprint;
    }

    private static async Task<Handshake> ShakeAsync(Door door, SslProtocols version, SslApplicationProtocol[] protocols)
    {
        TcpClient client = new();
        List<string> sent = [];
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, door.Address.Port);
            SslStream stream = new(client.GetStream());
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "localhost",
                EnabledSslProtocols = version,
                ApplicationProtocols = [.. protocols],
                RemoteCertificateValidationCallback = (_, _, chain, _) =>
                {
                    sent.AddRange(chain!.ChainPolicy.ExtraStore.Select(certificate => certificate.Thumbprint));
                    return true; // compared by the test
                },
            });
            return new Handshake(client, stream, sent);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    private sealed class Handshake(TcpClient client, SslStream stream, IReadOnlyList<string> sent) : IAsyncDisposable
    {
        public SslProtocols Version => stream.SslProtocol;

        public SslApplicationProtocol Protocol => stream.NegotiatedApplicationProtocol;

        public string Thumbprint => ((X509Certificate2)stream.RemoteCertificate!).Thumbprint;

        public IReadOnlyList<string> Sent => sent;

        public async ValueTask DisposeAsync()
        {
            await stream.DisposeAsync();
            client.Dispose();
        }
    }
}
