using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using SweepCluster.Server.Access.Oidc;
using SweepCluster.Server.Access.Sessions;
using SweepCluster.Server.Access.Tokens;

namespace SweepCluster.Server.Access;

/// <summary>Finds out who asks, from the header <c>Authorization</c> or the session's cookie; from nowhere else.</summary>
internal sealed class Credentials(TokenBook tokens, SessionBook sessions, OidcValidator? oidc, AccessOptions options, TimeProvider time)
{
    private const string Scheme = "Bearer ";

    /// <summary>Who asks.</summary>
    /// <returns>The caller, or why it was refused; null where nothing was sent. The session, where it is by one.</returns>
    internal async Task<(SignIn? SignIn, SessionTicket? Session)> ReadAsync(HttpContext context)
    {
        if (!options.IsSignInOn)
        {
            return (SignIn.As(Caller.Local), null);
        }

        StringValues headers = context.Request.Headers.Authorization;
        if (headers.Count > 0)
        {
            return (await ReadHeaderAsync(headers, context.RequestAborted), null);
        }

        return SessionCookie.Read(context.Request) is { } secret && sessions.Find(secret) is { } session && Holds(session.Caller)
            ? (SignIn.As(session.Caller), session)
            : (null, null);
    }

    /// <summary>Whose a token is, of whatever kind.</summary>
    internal async Task<SignIn> ReadTokenAsync(string secret, CancellationToken cancellationToken)
    {
        if (TokenSecret.IsWellFormed(secret))
        {
            return tokens.Find(secret) is { } token ? SignIn.As(CallerOf(token)) : SignIn.Refused("the token is unknown, revoked or expired");
        }

        return secret.StartsWith(TokenSecret.Prefix, StringComparison.Ordinal) ? SignIn.Refused("the token is mistyped or cut off: its checksum is wrong")
            : oidc is null ? SignIn.Refused("it is no token of this server")
            : await oidc.ValidateAsync(secret, cancellationToken);
    }

    /// <summary>Whether a caller that was found earlier would be found now.</summary>
    internal bool Holds(Caller caller) => (caller.Way != SignInWay.Token || tokens.Holds(caller.Key)) && (caller.Expires is null || time.GetUtcNow() < caller.Expires);

    /// <summary>Whether a caller that was found earlier would be found now, by the same session where it was by one.</summary>
    internal bool Holds(Caller caller, SessionTicket? session) => Holds(caller) && (session is null || sessions.IsOpen(session));

    private async Task<SignIn> ReadHeaderAsync(StringValues headers, CancellationToken cancellationToken) =>
        headers.Count == 1 && headers[0] is { } header && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? await ReadTokenAsync(header[Scheme.Length..].Trim(), cancellationToken)
            : SignIn.Refused("the header Authorization is not one 'Bearer' and a token");

    private static Caller CallerOf(TokenEntry token) => new(token.Name, token.Scope, SignInWay.Token, TokenBook.KeyOf(token), token.Expires);
}
