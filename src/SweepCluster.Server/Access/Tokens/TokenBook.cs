using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using SweepCluster.Graphs;

namespace SweepCluster.Server.Access.Tokens;

/// <summary>The tokens that a server knows, read again when their file changes: a line that is gone signs nobody in from then on. Thread-safe.</summary>
internal sealed partial class TokenBook(string? file, string? lines, TimeProvider time, ILogger<TokenBook> logger)
{
    private const int MostBytes = 4 << 20;
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1); // between two looks at the file

    private readonly Lock _lock = new();
    private State _state = new([], [], null);
    private long _looked;

    /// <summary>Reads the tokens for the first time.</summary>
    /// <exception cref="BadInputException">The file cannot be read, others may read it, or a line of it is wrong.</exception>
    internal void Open()
    {
        (ImmutableArray<TokenEntry> given, ImmutableArray<string> faults) = lines is null ? ([], []) : TokenLines.Read(AccessOptions.TokensVariable, lines);
        State state = new(given, faults, null);
        if (file is not null)
        {
            state = ReadFile(given) is { } found ? found with { Faults = [.. faults, .. found.Faults] } : state;
        }

        if (!state.Faults.IsEmpty)
        {
            throw new BadInputException(string.Join('\n', state.Faults));
        }

        if (state.Tokens.IsEmpty && (file ?? lines) is not null)
        {
            throw new BadInputException($"{file ?? AccessOptions.TokensVariable}: found no token, expected a line as 'sweep token --name NAME --scope read' prints it.");
        }

        _state = state;
        _looked = time.GetTimestamp();
    }

    /// <summary>Whose a secret is; null where nobody's. Every token is compared, in a time that does not tell which was near.</summary>
    internal TokenEntry? Find(string secret)
    {
        byte[] hash = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(TokenSecret.Hash(secret)));
        TokenEntry? found = null;
        foreach (TokenEntry token in Current().Tokens)
        {
            found = CryptographicOperations.FixedTimeEquals(hash, Encoding.ASCII.GetBytes(token.Hash)) ? token : found;
        }

        return found is not null && IsAlive(found) ? found : null;
    }

    /// <summary>Whether a token that was found earlier still stands there as it did and holds.</summary>
    internal bool Holds(string key) => Current().Tokens.Any(token => KeyOf(token) == key && IsAlive(token));

    /// <summary>Tells a token from all others, and from itself with another scope.</summary>
    internal static string KeyOf(TokenEntry token) => $"token:{token.Name}:{ScopeWords.Of(token.Scope)}:{token.Hash}";

    private bool IsAlive(TokenEntry token) => token.Expires is null || time.GetUtcNow() < token.Expires;

    private State Current()
    {
        if (file is null || time.GetElapsedTime(Interlocked.Read(ref _looked)) < s_pause)
        {
            return _state;
        }

        lock (_lock)
        {
            if (time.GetElapsedTime(_looked) >= s_pause)
            {
                _state = Refresh(file, _state);
                Interlocked.Exchange(ref _looked, time.GetTimestamp());
            }

            return _state;
        }
    }

    private State Refresh(string path, State old)
    {
        ImmutableArray<TokenEntry> given = lines is null ? [] : TokenLines.Read(AccessOptions.TokensVariable, lines).Tokens;
        State fresh = ReadFile(given);
        if (fresh.Content is not null && old.Content is not null && fresh.Content.AsSpan().SequenceEqual(old.Content) && fresh.Faults.SequenceEqual(old.Faults))
        {
            return old;
        }

        if (!fresh.Faults.SequenceEqual(old.Faults) || fresh.Content is not null)
        {
            foreach (string fault in fresh.Faults)
            {
                LogFault(fault);
            }
        }

        if (!fresh.Tokens.SequenceEqual(old.Tokens))
        {
            LogRead(path, fresh.Tokens.Length);
        }

        return fresh;
    }

    // A file that cannot be read gives no token: whoever took it away meant to lock the door.
    private State ReadFile(ImmutableArray<TokenEntry> given)
    {
        try
        {
            using FileStream stream = File.OpenRead(file!);
            string? open = OperatingSystem.IsWindows() ? null : FileSecrets.FaultOf(file!, stream);
            if (open is not null || stream.Length > MostBytes)
            {
                return new State(given, [open ?? $"{file}: found {stream.Length} bytes, expected at most {MostBytes}."], null);
            }

            byte[] content = new byte[stream.Length];
            int read = stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false);
            (ImmutableArray<TokenEntry> tokens, ImmutableArray<string> faults) = TokenLines.Read(file!, Encoding.UTF8.GetString(content.AsSpan(0, read)));
            return new State([.. given, .. tokens], faults, content);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return new State(given, [$"--tokens {file}: found no such file, expected one of tokens; 'sweep token --name NAME --scope read --add-to {file}' begins it."], null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new State(given, [$"--tokens {file}: cannot be read ({OneLine.Of(error.Message).TrimEnd('.')}), expected a file of tokens."], null);
        }
    }

    [LoggerMessage(EventId = 5001, Level = LogLevel.Information, Message = "Tokens: {File} was read again, {Count} tokens hold")]
    private partial void LogRead(string file, int count);

    [LoggerMessage(EventId = 5002, Level = LogLevel.Error, Message = "Tokens: {Fault}")]
    private partial void LogFault(string fault);

    private sealed record State(ImmutableArray<TokenEntry> Tokens, ImmutableArray<string> Faults, byte[]? Content);
}
