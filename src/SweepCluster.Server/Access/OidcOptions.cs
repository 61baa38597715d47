namespace SweepCluster.Server.Access;

/// <summary>An OpenID Connect issuer whose signed tokens (JWT) are taken as sign-in.</summary>
public sealed record OidcOptions
{
    /// <summary>The issuer, as its tokens name it; its configuration is at <c>/.well-known/openid-configuration</c> below it. HTTPS, or a loopback address.</summary>
    public required Uri Issuer { get; init; }

    /// <summary>What the tokens' <c>aud</c> must name: this server.</summary>
    public required string Audience { get; init; }

    /// <summary>The claim that says what its holder may do: words divided by spaces, or a list of them. Default: <c>scope</c>.</summary>
    public string ScopeClaim { get; init; } = "scope";

    /// <summary>The claim that names the holder in the audit log and on pages. Default: <c>sub</c>.</summary>
    public string NameClaim { get; init; } = "sub";

    /// <summary>The word that gives the scope read. Default: <c>sweep:read</c>.</summary>
    public string ReadWord { get; init; } = "sweep:read";

    /// <summary>The word that gives the scope submit. Default: <c>sweep:submit</c>.</summary>
    public string SubmitWord { get; init; } = "sweep:submit";

    /// <summary>The word that gives the scope admin. Default: <c>sweep:admin</c>.</summary>
    public string AdminWord { get; init; } = "sweep:admin";
}
