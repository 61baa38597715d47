using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace SweepCluster.Server.Access.Tokens;

/// <summary>Lines of tokens: <c>name scope sha256:digits [expires=2027-01-31]</c>; empty lines and those that begin with <c>#</c> say nothing.</summary>
internal static partial class TokenLines
{
    private const string Form = "expected 'name read|submit|admin sha256:digits [expires=2027-01-31]' as 'sweep token' prints it";
    private const int MostTokens = 10_000;

    /// <summary>One token's line.</summary>
    internal static string Write(TokenEntry token) =>
        $"{token.Name} {ScopeWords.Of(token.Scope)} sha256:{token.Hash}{(token.Expires is { } end ? $" expires={end.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}" : "")}";

    /// <summary>Reads lines; a line that cannot be read is a fault, and gives no token.</summary>
    /// <param name="place">Where they stand, for the faults' messages.</param>
    /// <param name="text">The lines.</param>
    internal static (ImmutableArray<TokenEntry> Tokens, ImmutableArray<string> Faults) Read(string place, string text)
    {
        ImmutableArray<TokenEntry>.Builder tokens = ImmutableArray.CreateBuilder<TokenEntry>();
        ImmutableArray<string>.Builder faults = ImmutableArray.CreateBuilder<string>();
        HashSet<string> names = [];
        int number = 0;
        foreach (string line in text.Split('\n', ';'))
        {
            number++;
            string trimmed = line.Trim();
            if (trimmed.Length == 0 || trimmed[0] == '#')
            {
                continue;
            }

            // The line is not repeated: somebody may have put a secret there.
            string? fault = ReadLine(trimmed, out TokenEntry? token) ?? (tokens.Count == MostTokens ? $"found more tokens than {MostTokens}" : names.Add(token!.Name) ? null : $"found the name '{token.Name}' a second time");
            if (fault is null)
            {
                tokens.Add(token!);
            }
            else
            {
                faults.Add($"{place}, line {number}: {fault}.");
            }
        }

        return (tokens.ToImmutable(), faults.ToImmutable());
    }

    /// <summary>Whether a name can stand in a line.</summary>
    internal static bool IsName(string name) => Name().IsMatch(name);

    /// <summary>Reads a day, or a day and time with its offset.</summary>
    internal static DateTimeOffset? ReadTime(string text) =>
        DateTimeOffset.TryParseExact(text, ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:sszzz"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) ? time : null;

    private static string? ReadLine(string line, out TokenEntry? token)
    {
        token = null;
        string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Any(word => word.StartsWith(TokenSecret.Prefix, StringComparison.Ordinal) && TokenSecret.IsWellFormed(word)))
        {
            return $"found a token's secret, {Form}: this file holds hashes only, and whoever read it could use the secret";
        }

        if (words.Length is not (3 or 4) || !IsName(words[0]) || ScopeWords.Read(words[1]) is not { } scope || !Hash().IsMatch(words[2]))
        {
            return $"found something else, {Form}";
        }

        DateTimeOffset? expires = null;
        if (words.Length == 4 && (!words[3].StartsWith("expires=", StringComparison.Ordinal) || (expires = ReadTime(words[3]["expires=".Length..])) is null))
        {
            return $"found a last word that is no time, {Form}";
        }

        token = new TokenEntry(words[0], scope, words[2]["sha256:".Length..].ToLowerInvariant(), expires);
        return null;
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}\\z")]
    private static partial Regex Name();

    [GeneratedRegex("^sha256:[0-9A-Fa-f]{64}\\z")]
    private static partial Regex Hash();
}
