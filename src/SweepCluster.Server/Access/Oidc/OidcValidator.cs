using System.Collections.Immutable;
using System.Text.Json;

namespace SweepCluster.Server.Access.Oidc;

/// <summary>Decides whether a token that an issuer signed is for this server, holds now, and what its holder may do. Sources: RFC 7519 section 7.2, RFC 8725, RFC 9068.</summary>
internal sealed class OidcValidator(OidcOptions options, IssuerKeys keys, TimeProvider time)
{
    private const int MostNameCharacters = 128;

    private static readonly TimeSpan s_skew = TimeSpan.FromMinutes(1); // between the issuer's clock and ours

    /// <summary>Whose a token is.</summary>
    internal async Task<SignIn> ValidateAsync(string text, CancellationToken cancellationToken)
    {
        (JsonWebToken? token, string fault) = JsonWebToken.Read(text);
        if (token is null)
        {
            return SignIn.Refused(fault);
        }

        // Cheap questions before the signature; nothing of the answers is kept before it is verified.
        if (FaultOf(token.Claims, out DateTimeOffset expires) is { } claim)
        {
            return SignIn.Refused(claim);
        }

        if (await keys.FindAsync(token, cancellationToken) is not { } found)
        {
            return SignIn.Unavailable("the issuer's keys cannot be fetched now");
        }

        return found.Any(key => key.Verifies(token)) ? SignIn.As(CallerOf(token.Claims, expires)) : SignIn.Refused("it is not signed by a key of the issuer");
    }

    private static DateTimeOffset? Time(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double seconds) && seconds is >= 0 and < 253_402_300_799
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : null;

    private static bool IsWrongTime(JsonElement claims, string name) => claims.TryGetProperty(name, out _) && Time(claims, name) is null;

    private static IEnumerable<string> Words(JsonElement claims, string name) =>
        !claims.TryGetProperty(name, out JsonElement value) ? []
        : JsonWebToken.Text(value) is { } text ? text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        : value.ValueKind == JsonValueKind.Array ? value.EnumerateArray().Select(JsonWebToken.Text).OfType<string>()
        : [];

    private string? FaultOf(JsonElement claims, out DateTimeOffset expires)
    {
        DateTimeOffset now = time.GetUtcNow();
        expires = Time(claims, "exp") ?? DateTimeOffset.MinValue;
        string? issuer = JsonWebToken.Text(claims, "iss");
        if (issuer != options.Issuer.OriginalString && issuer != options.Issuer.AbsoluteUri)
        {
            return "it is of another issuer";
        }

        return !Audiences(claims).Contains(options.Audience) ? "it is for another audience"
            : expires == DateTimeOffset.MinValue ? "it does not say when it expires"
            : now - s_skew >= expires ? "it has expired"
            : IsWrongTime(claims, "nbf") || Time(claims, "nbf") > now + s_skew ? "it does not hold yet"
            : IsWrongTime(claims, "iat") || Time(claims, "iat") > now + s_skew ? "it was issued in the future"
            : string.IsNullOrEmpty(JsonWebToken.Text(claims, "sub")) ? "it names nobody"
            : null;
    }

    // An audience with spaces is one audience, unlike scopes.
    private static ImmutableArray<string> Audiences(JsonElement claims) =>
        JsonWebToken.Text(claims, "aud") is { } one ? [one]
        : claims.TryGetProperty("aud", out JsonElement several) && several.ValueKind == JsonValueKind.Array ? [.. Words(claims, "aud")] : [];

    private Caller CallerOf(JsonElement claims, DateTimeOffset expires)
    {
        string subject = JsonWebToken.Text(claims, "sub")!;
        string name = JsonWebToken.Text(claims, options.NameClaim) is { Length: > 0 } given ? given : subject;
        HashSet<string> words = [.. Words(claims, options.ScopeClaim)];
        AccessScope? scope = words.Contains(options.AdminWord) ? AccessScope.Admin
            : words.Contains(options.SubmitWord) ? AccessScope.Submit
            : words.Contains(options.ReadWord) ? AccessScope.Read
            : null;
        return new Caller(name.Length > MostNameCharacters ? name[..MostNameCharacters] : name, scope, SignInWay.Oidc, $"oidc:{subject}", expires < DateTimeOffset.MaxValue - s_skew ? expires + s_skew : expires);
    }
}
