using System.Net.Security;
using System.Security.Authentication;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace SweepCluster.Server.Access.Tls;

/// <summary>How the web server listens: on the address that was checked and on no other, with limits on what may come in.</summary>
internal static class Listening
{
    /// <summary>Sets up the web server.</summary>
    internal static void Configure(KestrelServerOptions kestrel, ServerOptions options, Func<ServerCertificate> certificate)
    {
        kestrel.ConfigurationLoader = null; // no settings file or variable adds an address
        kestrel.AddServerHeader = false;
        kestrel.AllowSynchronousIO = false;
        Limit(kestrel.Limits, options.Access.Limits);
        ListenAddress listen = ListenAddress.Of(options.Listen);
        void Bind(ListenOptions endpoint)
        {
            if (listen.IsTls)
            {
                ServerCertificate chosen = certificate();
                endpoint.UseHttps(new TlsHandshakeCallbackOptions
                {
                    HandshakeTimeout = TimeSpan.FromSeconds(10),
                    OnConnection = _ => ValueTask.FromResult(new SslServerAuthenticationOptions
                    {
                        ServerCertificateContext = chosen.Current,
                        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                        AllowRenegotiation = false,
                    }),
                });
            }
            else
            {
                endpoint.Protocols = HttpProtocols.Http1; // without TLS nobody can ask for HTTP/2 by name
            }
        }

        switch (listen.Addresses)
        {
            case []:
                throw new InvalidOperationException($"'{options.Listen.IdnHost}' is no address that is listened on."); // a name: refused before
            case [var one]:
                kestrel.Listen(one, listen.Port, Bind);
                break;
            default:
                kestrel.ListenLocalhost(listen.Port, Bind);
                break;
        }
    }

    private static void Limit(KestrelServerLimits limits, LimitOptions options)
    {
        limits.MaxRequestBodySize = options.BodyBytes;
        limits.MaxRequestHeaderCount = 64;
        limits.MaxRequestHeadersTotalSize = 32 << 10;
        limits.MaxRequestLineSize = 8 << 10;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 1024, gracePeriod: TimeSpan.FromSeconds(10));
        limits.MaxConcurrentConnections = 16_384;
        limits.Http2.MaxStreamsPerConnection = 128;
    }
}
