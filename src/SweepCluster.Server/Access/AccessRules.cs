using System.Net;
using SweepCluster.Graphs;
using SweepCluster.Server.Access.Origins;

namespace SweepCluster.Server.Access;

/// <summary>What a server refuses to start with.</summary>
internal static class AccessRules
{
    private const string Recipe =
        "expected sign-in, by --tokens FILE (a line for it: sweep token --name NAME --scope read) or --oidc-issuer URL with --oidc-audience NAME; without it only 127.0.0.1, [::1] and localhost are served.";

    /// <summary>Checks how a server is started.</summary>
    /// <exception cref="BadInputException">It would be open to whom it must not be.</exception>
    internal static void Check(ServerOptions options)
    {
        AccessOptions access = options.Access;
        ListenAddress listen = ListenAddress.Of(options.Listen);
        string place = $"--listen {options.Listen.GetLeftPart(UriPartial.Authority)}";
        if (options.Listen.Scheme != Uri.UriSchemeHttp && options.Listen.Scheme != Uri.UriSchemeHttps)
        {
            throw new BadInputException($"{place}: found the scheme '{options.Listen.Scheme}', expected http or https.");
        }

        ListenAddress.RequireNumber(options.Listen, "--listen");
        if (!access.IsSignInOn && !listen.IsLoopback && access.Trusted.IsEmpty)
        {
            throw new BadInputException($"{place}: found an address that others can reach and no sign-in, {Recipe}");
        }

        if (!access.IsSignInOn && !access.Proxies.IsEmpty)
        {
            throw new BadInputException($"--behind-tls-proxy: found a proxy, through which others reach this server, and no sign-in, {Recipe}");
        }

        foreach (IPNetwork network in access.Trusted.Where(network => !CallerNetworks.IsPrivate(network)))
        {
            throw new BadInputException($"--trust-network: found '{network}', expected a private network, as 172.30.0.0/24: whoever is in it is taken as this machine.");
        }

        CheckTls(access, listen, place);
        CheckMetrics(options);
        CheckOidc(access.Oidc);
    }

    private static void CheckTls(AccessOptions access, ListenAddress listen, string place)
    {
        if (listen.IsTls && access.CertificateFile is null)
        {
            throw new BadInputException($"{place}: found https without a certificate, expected --certificate FILE --key FILE.");
        }

        if (!listen.IsTls && access.CertificateFile is not null)
        {
            throw new BadInputException($"{place}: found a certificate and plain http, expected an address as https://0.0.0.0:8443.");
        }

        if (!listen.IsTls && !listen.IsLoopback && access.Proxies.IsEmpty && access.Trusted.IsEmpty)
        {
            throw new BadInputException(
                $"{place}: found plain http on an address that others can reach: tokens could be read on the way. Expected https with --certificate FILE --key FILE, or --behind-tls-proxy NETWORK where a proxy of that network ends TLS.");
        }

        if (access.KeyFile is not null && access.CertificateFile is null)
        {
            throw new BadInputException("--key: found a key without a certificate, expected --certificate FILE.");
        }
    }

    /// <summary>Checks where metrics and health are told to anybody.</summary>
    /// <exception cref="BadInputException">Not there.</exception>
    internal static void CheckMetrics(ServerOptions options)
    {
        if (options.Metrics is not { } metrics)
        {
            return;
        }

        if (metrics.Scheme != Uri.UriSchemeHttp)
        {
            throw new BadInputException($"--metrics {metrics.GetLeftPart(UriPartial.Authority)}: found the scheme '{metrics.Scheme}', expected http: it answers /metrics, /healthz and /readyz to anybody.");
        }

        ListenAddress.RequireNumber(metrics, "--metrics");
        if (metrics.Port != 0 && metrics.Port == options.Listen.Port)
        {
            throw new BadInputException($"--metrics {metrics.GetLeftPart(UriPartial.Authority)}: found the port of --listen, expected another, as 9464.");
        }
    }

    private static void CheckOidc(OidcOptions? oidc)
    {
        if (oidc is not null && !IsTrustworthy(oidc.Issuer))
        {
            throw new BadInputException($"--oidc-issuer: found '{oidc.Issuer}', expected an https address without query or fragment.");
        }

        if (oidc is not null && string.IsNullOrWhiteSpace(oidc.Audience))
        {
            throw new BadInputException("--oidc-audience: found nothing, expected the audience that tokens for this server name.");
        }
    }

    /// <summary>Whether keys may be fetched from an address: nobody on the way can change them.</summary>
    internal static bool IsTrustworthy(Uri address) =>
        address.IsAbsoluteUri && address.UserInfo.Length == 0 && address.Query.Length == 0 && address.Fragment.Length == 0
        && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && ListenAddress.Of(address).IsLoopback));
}
