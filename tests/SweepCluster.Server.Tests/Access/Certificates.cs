using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using SweepCluster.Testing;

namespace SweepCluster.Server.Tests.Access;

/// <summary>Certificates of the tests' own, for localhost.</summary>
internal static class Certificates
{
    private const string Name = "localhost";

    /// <summary>A certificate that signs itself, with its key; holds from a day before the hand clock's start, for so many days.</summary>
    public static X509Certificate2 Make(int days = 3650)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return Request(key, Name, isAuthority: false).CreateSelfSigned(HandTime.Start.AddDays(-1), HandTime.Start.AddDays(-1 + days));
    }

    /// <summary>A certificate with its key, and the one in between that signed it; the root is nobody's business.</summary>
    public static (X509Certificate2 Leaf, X509Certificate2 Between) MakeChain()
    {
        using ECDsa rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256), betweenKey = ECDsa.Create(ECCurve.NamedCurves.nistP256), key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        (DateTimeOffset from, DateTimeOffset to) = (HandTime.Start.AddDays(-1), HandTime.Start.AddDays(3650));
        using X509Certificate2 root = Request(rootKey, "Root of the tests", isAuthority: true).CreateSelfSigned(from, to);
        X509Certificate2 between = Request(betweenKey, "Between of the tests", isAuthority: true).Create(root, from, to, [1]);
        using X509Certificate2 signing = between.CopyWithPrivateKey(betweenKey), leaf = Request(key, Name, isAuthority: false).Create(signing, from, to, [2]);
        return (leaf.CopyWithPrivateKey(key), between);
    }

    private static CertificateRequest Request(ECDsa key, string name, bool isAuthority)
    {
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(isAuthority, false, 0, true));
        if (!isAuthority)
        {
            SubjectAlternativeNameBuilder names = new();
            names.AddDnsName(name);
            request.CertificateExtensions.Add(names.Build());
        }

        return request;
    }

    /// <summary>Writes a key as PEM, readable for its owner alone.</summary>
    public static void WriteKey(string file, X509Certificate2 certificate)
    {
        using ECDsa key = certificate.GetECDsaPrivateKey()!;
        DoorTests.Write(file, key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>Writes a certificate and its key into two files.</summary>
    public static void WritePair(string certificateFile, string keyFile, X509Certificate2 certificate)
    {
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        WriteKey(keyFile, certificate);
    }
}
