using System.Collections.Immutable;
using System.Net;

namespace SweepCluster.Server.Access;

/// <summary>Who may do what on a server, and over what kind of connection. By default nobody needs to sign in, which only a loopback address may have.</summary>
public sealed record AccessOptions
{
    /// <summary>Name of the environment variable that holds lines of tokens where no file does.</summary>
    public const string TokensVariable = "SWEEP_SERVER_TOKENS";

    /// <summary>Name of the environment variable that holds the password of a PFX file.</summary>
    public const string CertificatePasswordVariable = "SWEEP_CERTIFICATE_PASSWORD";

    /// <summary>File of tokens, one a line; null: none. It is read again when it changes.</summary>
    public string? TokenFile { get; init; }

    /// <summary>Tokens as the file has them, lines divided by line feeds or semicolons; null: none.</summary>
    public string? TokenLines { get; init; }

    /// <summary>An issuer whose signed tokens (JWT) are taken; null: none.</summary>
    public OidcOptions? Oidc { get; init; }

    /// <summary>Certificate for TLS: a PEM file with the chain, or a PFX file; null: none. It is read again when it changes.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>Key of a PEM certificate; null where <see cref="CertificateFile"/> holds it.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Password of a PFX file; null: none.</summary>
    public string? CertificatePassword { get; init; }

    /// <summary>Networks of the proxies that end TLS in front of the server: their forwarded headers are believed, and nobody else's requests are taken. Empty: no proxy.</summary>
    public ImmutableArray<IPNetwork> Proxies { get; init; } = [];

    /// <summary>
    /// Networks whose callers are taken as this machine's, by the other end of their connection: over plain http, without sign-in where nobody signs in, and then by the names of this machine alone.
    /// For a container whose port is published on a loopback address. Private networks only. Empty: this machine alone.
    /// </summary>
    public ImmutableArray<IPNetwork> Trusted { get; init; } = [];

    /// <summary>File that gets a line for every change and every refusal; null: none.</summary>
    public string? AuditFile { get; init; }

    /// <summary>How much anybody may ask for.</summary>
    public LimitOptions Limits { get; init; } = new();

    /// <summary>Whether somebody must sign in.</summary>
    internal bool IsSignInOn => TokenFile is not null || TokenLines is not null || Oidc is not null;
}
