using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging;
using SweepCluster.Graphs;

namespace SweepCluster.Server.Access.Tls;

/// <summary>The certificate of a server, read again when its files change; files that do not fit together, as in the middle of a change, leave the one before in use. Thread-safe.</summary>
internal sealed partial class ServerCertificate(AccessOptions options, TimeProvider time, ILogger<ServerCertificate> logger)
{
    private const int MostBytes = 1 << 20;
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5); // between two looks at the files

    private readonly Lock _lock = new();
    private volatile SslStreamCertificateContext? _context;
    private byte[] _seen = [];
    private long _looked;

    /// <summary>The certificate that connections get now.</summary>
    internal SslStreamCertificateContext Current
    {
        get
        {
            if (time.GetElapsedTime(Interlocked.Read(ref _looked)) >= s_pause)
            {
                Refresh();
            }

            return _context!;
        }
    }

    /// <summary>Reads it for the first time.</summary>
    /// <exception cref="BadInputException">The files cannot be read, others may read the key, they do not fit together, or the certificate has expired.</exception>
    internal void Open()
    {
        try
        {
            _seen = ReadFiles();
            _context = Load(_seen);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new BadInputException($"--certificate {options.CertificateFile}: {Describe(error)}", error);
        }

        Interlocked.Exchange(ref _looked, time.GetTimestamp());
    }

    private static string Describe(Exception error) => error switch
    {
        ArgumentException { ParamName: "privateKey" } => "found a key that is not the certificate's, expected the two that belong together.",
        CryptographicException or ArgumentException => $"found what is no PEM or PFX file, or one of another password ({OneLine.Of(error.Message)}), expected a certificate and its key.",
        _ => OneLine.Of(error.Message),
    };

    private static byte[] ReadFile(string path, bool isSecret)
    {
        using FileStream stream = File.OpenRead(path);
        if (isSecret && !OperatingSystem.IsWindows() && FileSecrets.FaultOf(path, stream) is { } fault)
        {
            throw new BadInputException(fault);
        }

        byte[] content = new byte[Math.Min(stream.Length, MostBytes)];
        int length = stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
        return content[..length];
    }

    private void Refresh()
    {
        lock (_lock)
        {
            if (time.GetElapsedTime(_looked) < s_pause)
            {
                return;
            }

            try
            {
                byte[] files = ReadFiles();
                if (!files.AsSpan().SequenceEqual(_seen))
                {
                    _seen = files;
                    _context = Load(files);
                    LogRead(options.CertificateFile!, _context.TargetCertificate.NotAfter);
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException or BadInputException)
            {
                LogFault(options.CertificateFile!, Describe(error));
            }

            Interlocked.Exchange(ref _looked, time.GetTimestamp());
        }
    }

    // Both files in one array, the key's after the certificate's: what is compared is what is used.
    private byte[] ReadFiles() =>
        [.. ReadFile(options.CertificateFile!, options.KeyFile is null), .. options.KeyFile is null ? [] : (byte[])[(byte)'\n', .. ReadFile(options.KeyFile, isSecret: true)]];

    private SslStreamCertificateContext Load(byte[] files)
    {
        X509Certificate2Collection chain = [];
        X509Certificate2 leaf;
        if (files.AsSpan().IndexOf("-----BEGIN "u8) >= 0)
        {
            string text = Encoding.UTF8.GetString(files);
            chain.ImportFromPem(text);
            if (chain.Count == 0 || !text.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
            {
                throw new BadInputException($"--certificate {options.CertificateFile}: found no {(chain.Count == 0 ? "certificate" : "key")}, expected PEM files of a certificate and its key (--key FILE).");
            }

            leaf = text.Contains("-----BEGIN ENCRYPTED PRIVATE KEY-----", StringComparison.Ordinal)
                ? X509Certificate2.CreateFromEncryptedPem(text, text, options.CertificatePassword)
                : X509Certificate2.CreateFromPem(text, text);
        }
        else
        {
            chain = X509CertificateLoader.LoadPkcs12Collection(files, options.CertificatePassword, X509KeyStorageFlags.EphemeralKeySet);
            leaf = chain.FirstOrDefault(certificate => certificate.HasPrivateKey)
                ?? throw new BadInputException($"--certificate {options.CertificateFile}: found no certificate with its key.");
        }

        if (leaf.NotAfter.ToUniversalTime() <= time.GetUtcNow().UtcDateTime)
        {
            throw new BadInputException($"--certificate {options.CertificateFile}: found a certificate that expired on {leaf.NotAfter.ToUniversalTime():yyyy-MM-dd}, expected one that holds.");
        }

        X509Certificate2Collection others = [.. chain.Where(certificate => !certificate.RawData.AsSpan().SequenceEqual(leaf.RawData))];
        return SslStreamCertificateContext.Create(leaf, others, offline: true);
    }

    [LoggerMessage(EventId = 5021, Level = LogLevel.Information, Message = "TLS: the certificate {File} was read again, it holds until {NotAfter}")]
    private partial void LogRead(string file, DateTime notAfter);

    [LoggerMessage(EventId = 5022, Level = LogLevel.Error, Message = "TLS: the certificate {File} could not be read again, the one before stays in use: {Fault}")]
    private partial void LogFault(string file, string fault);
}
