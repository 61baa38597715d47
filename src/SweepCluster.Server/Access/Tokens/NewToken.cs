using SweepCluster.Graphs;

namespace SweepCluster.Server.Access.Tokens;

/// <summary>A token that was just made.</summary>
/// <param name="Secret">What its holder sends; it is nowhere else.</param>
/// <param name="Line">The line for the server's file of tokens.</param>
public sealed record NewToken(string Secret, string Line)
{
    /// <summary>Makes a token.</summary>
    /// <param name="name">Whose it is: letters, digits and <c>. _ @ -</c>, at most 64.</param>
    /// <param name="scope"><c>read</c>, <c>submit</c> or <c>admin</c>.</param>
    /// <param name="expires">From when it no longer holds, as <c>2027-01-31</c>; null: never.</param>
    /// <param name="now">The time, which <paramref name="expires"/> must be after.</param>
    /// <exception cref="BadInputException">One of them cannot be used.</exception>
    public static NewToken Make(string name, string scope, string? expires, DateTimeOffset now)
    {
        if (!TokenLines.IsName(name))
        {
            throw new BadInputException($"--name: found '{name}', expected letters, digits and . _ @ -, at most 64, a letter or digit first.");
        }

        AccessScope parsed = ScopeWords.Read(scope) ?? throw new BadInputException($"--scope: found '{scope}', expected read, submit or admin.");
        DateTimeOffset? end = expires is null ? null
            : TokenLines.ReadTime(expires) ?? throw new BadInputException($"--expires: found '{expires}', expected a day as 2027-01-31, or a time as 2027-01-31T12:00:00Z.");
        if (end <= now)
        {
            throw new BadInputException($"--expires: found '{expires}', which is past, expected a time to come.");
        }

        string secret = TokenSecret.New();
        return new NewToken(secret, TokenLines.Write(new TokenEntry(name, parsed, Convert.ToHexStringLower(TokenSecret.Hash(secret)), end)));
    }
}
