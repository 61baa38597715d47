using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SweepCluster.Graphs;

namespace SweepCluster.Server.Clients;

/// <summary>Trusts the certificates that some authorities signed, and no others; names and dates must be right as ever.</summary>
internal sealed class OwnAuthorities
{
    private readonly X509Certificate2Collection _roots = [];

    /// <summary>Reads the authorities' certificates.</summary>
    /// <param name="file">One or more of them, as PEM.</param>
    /// <exception cref="BadInputException">The file holds none.</exception>
    internal OwnAuthorities(string file)
    {
        try
        {
            _roots.ImportFromPemFile(file);
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new BadInputException($"--ca {file}: cannot be read ({OneLine.Of(error.Message).TrimEnd('.')}), expected a file of certificates as PEM.", error);
        }

        if (_roots.Count == 0)
        {
            throw new BadInputException($"--ca {file}: found no certificate, expected a file of certificates as PEM.");
        }
    }

    /// <summary>Whether a server's certificate is signed by one of them.</summary>
    /// <exception cref="AuthenticationException">It is for another name.</exception>
    internal bool IsTrusted(object sender, X509Certificate? certificate, X509Chain? sent, SslPolicyErrors errors)
    {
        if ((errors & SslPolicyErrors.RemoteCertificateNameMismatch) != SslPolicyErrors.None)
        {
            throw new AuthenticationException($"{SslPolicyErrors.RemoteCertificateNameMismatch}"); // which saying no would not tell
        }

        if (certificate is not X509Certificate2 leaf || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None)
        {
            return false;
        }

        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_roots);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // an authority of one's own rarely keeps a list
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1")); // for servers
        chain.ChainPolicy.ExtraStore.AddRange(sent?.ChainElements.Select(element => element.Certificate).ToArray() ?? []);
        return chain.Build(leaf);
    }
}
