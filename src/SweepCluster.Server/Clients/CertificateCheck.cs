using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SweepCluster.Graphs;

namespace SweepCluster.Server.Clients;

/// <summary>Trusts the certificates that this machine's authorities signed, or those that some authorities signed and no others; names and dates must be right as ever.</summary>
internal sealed class CertificateCheck
{
    private readonly X509Certificate2Collection? _roots;

    /// <summary>Reads the authorities' certificates.</summary>
    /// <param name="file">One or more of them, as PEM; null: this machine's authorities.</param>
    /// <exception cref="BadInputException">The file holds none.</exception>
    internal CertificateCheck(string? file)
    {
        if (file is null)
        {
            return;
        }

        _roots = [];
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

    /// <summary>Checks a server's certificate.</summary>
    /// <returns>True: it may be used.</returns>
    /// <exception cref="CertificateRefusedException">It may not; says all that is wrong, which saying no would not.</exception>
    internal bool Check(object sender, X509Certificate? certificate, X509Chain? sent, SslPolicyErrors errors)
    {
        bool isMisnamed = errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch);
        string? fault = certificate is not X509Certificate2 leaf || errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) ? "none was sent"
            : _roots is not null ? FaultOf(leaf, sent, _roots)
            : errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors) ? FaultOf(sent)
            : null;
        return !isMisnamed && fault is null ? true : throw new CertificateRefusedException(isMisnamed, fault is not null, fault ?? "");
    }

    /// <summary>What is wrong with a chain to authorities of one's own; null where nothing is.</summary>
    private static string? FaultOf(X509Certificate2 leaf, X509Chain? sent, X509Certificate2Collection roots)
    {
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck; // an authority of one's own rarely keeps a list
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1")); // for servers
        chain.ChainPolicy.ExtraStore.AddRange(sent?.ChainElements.Select(element => element.Certificate).ToArray() ?? []);
        return chain.Build(leaf) ? null : FaultOf(chain);
    }

    private static string FaultOf(X509Chain? chain) =>
        chain is { ChainStatus: { Length: > 0 } faults } ? string.Join(", ", faults.Select(fault => fault.Status).Distinct()) : "its chain cannot be built";
}
