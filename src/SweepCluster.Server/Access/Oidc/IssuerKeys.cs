using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace SweepCluster.Server.Access.Oidc;

/// <summary>
/// The keys of an issuer, as its configuration points to them, fetched when the first token comes and kept. They are fetched again after an hour, and when a token names a key that is not among them, but
/// not twice within a minute, whatever is sent; keys that cannot be fetched again are used for a day. Source: OpenID Connect Discovery 1.0, sections 3 and 4. Thread-safe.
/// </summary>
internal sealed partial class IssuerKeys(Uri issuer, HttpClient http, TimeProvider time, ILogger<IssuerKeys> logger)
{
    private const int MostBytes = 1 << 20;
    private const int MostKeys = 100;

    private static readonly TimeSpan s_fresh = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_usable = TimeSpan.FromDays(1);
    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(5); // where nothing could be fetched yet
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    private readonly Lock _gate = new();
    private Task<Known?>? _fetching;
    private volatile Known? _known;
    private DateTimeOffset _tried = DateTimeOffset.MinValue;

    /// <summary>Keys that a token's signature may be of.</summary>
    /// <param name="token">The token, of which the key's id and the algorithm are used.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The keys; none where the issuer has no such key; null where the issuer's keys are not known and cannot be fetched.</returns>
    internal async Task<ImmutableArray<JsonWebKey>?> FindAsync(JsonWebToken token, CancellationToken cancellationToken)
    {
        Known? known = _known;
        ImmutableArray<JsonWebKey> found = Select(known, token);
        bool isStale = known is null || time.GetUtcNow() - known.Fetched >= s_fresh;
        if ((isStale || found.IsEmpty) && await TryFetchAsync(known, cancellationToken) is { } fresh)
        {
            known = fresh;
            found = Select(known, token);
        }

        return known is null || time.GetUtcNow() - known.Fetched >= s_usable ? null : found;
    }

    private static ImmutableArray<JsonWebKey> Select(Known? known, JsonWebToken token) =>
        known is null ? [] : [.. known.Keys.Where(key => key.Fits(token.Algorithm) && (token.KeyId is null || key.Id == token.KeyId))];

    // One fetch for all who wait. It is nobody's own: who asked and went away does not end it.
    private Task<Known?> TryFetchAsync(Known? seen, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (!ReferenceEquals(_known, seen))
            {
                return Task.FromResult(_known);
            }

            DateTimeOffset now = time.GetUtcNow();
            if (_fetching is null && now - _tried >= (seen is null ? s_retry : s_pause))
            {
                _tried = now;
                _fetching = Task.Run(() => FetchOnceAsync(now), CancellationToken.None);
            }

            return _fetching?.WaitAsync(cancellationToken) ?? Task.FromResult<Known?>(null);
        }
    }

    private async Task<Known?> FetchOnceAsync(DateTimeOffset now)
    {
        Known? known = null;
        try
        {
            known = new Known([.. await FetchAsync()], now);
            LogFetched(issuer, known.Keys.Length);
        }
        catch (Exception error) when (error is HttpRequestException or IOException or JsonException or InvalidDataException or OperationCanceledException)
        {
            LogFailed(issuer, error.Message);
        }
        finally
        {
            lock (_gate)
            {
                _known = known ?? _known;
                _fetching = null;
            }
        }

        return known;
    }

    private async Task<IEnumerable<JsonWebKey>> FetchAsync()
    {
        using CancellationTokenSource limit = new(s_patience);
        using JsonDocument configuration = await ReadAsync(new Uri($"{issuer.AbsoluteUri.TrimEnd('/')}/.well-known/openid-configuration"), limit.Token);
        if (JsonWebToken.Text(configuration.RootElement, "issuer") is not { } name || !IsSame(name))
        {
            throw new InvalidDataException("its configuration names another issuer");
        }

        if (!Uri.TryCreate(JsonWebToken.Text(configuration.RootElement, "jwks_uri"), UriKind.Absolute, out Uri? place) || !AccessRules.IsTrustworthy(new Uri(place.GetLeftPart(UriPartial.Path))))
        {
            throw new InvalidDataException("its configuration names no https address of keys");
        }

        using JsonDocument set = await ReadAsync(place, limit.Token);
        return set.RootElement.TryGetProperty("keys", out JsonElement keys) && keys.ValueKind == JsonValueKind.Array
            ? keys.EnumerateArray().Take(MostKeys).Select(JsonWebKey.Read).OfType<JsonWebKey>().ToArray()
            : throw new InvalidDataException("its keys are no key set");
    }

    private bool IsSame(string name) => name == issuer.OriginalString || name == issuer.AbsoluteUri;

    private async Task<JsonDocument> ReadAsync(Uri address, CancellationToken cancellationToken)
    {
        using HttpResponseMessage answer = await http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        answer.EnsureSuccessStatusCode();
        byte[] content = new byte[MostBytes + 1];
        await using Stream stream = await answer.Content.ReadAsStreamAsync(cancellationToken);
        int length = await stream.ReadAtLeastAsync(content, content.Length, throwOnEndOfStream: false, cancellationToken);
        JsonDocument document = length > MostBytes ? throw new InvalidDataException($"{address} is longer than {MostBytes} bytes") : JsonDocument.Parse(content.AsMemory(0, length), s_strict);
        return document.RootElement.ValueKind == JsonValueKind.Object ? document : throw new InvalidDataException($"{address} is no JSON object");
    }

    [LoggerMessage(EventId = 5011, Level = LogLevel.Information, Message = "OIDC: {Count} keys of {Issuer} were fetched")]
    private partial void LogFetched(Uri issuer, int count);

    [LoggerMessage(EventId = 5012, Level = LogLevel.Error, Message = "OIDC: the keys of {Issuer} could not be fetched: {Fault}")]
    private partial void LogFailed(Uri issuer, string fault);

    private sealed record Known(ImmutableArray<JsonWebKey> Keys, DateTimeOffset Fetched);
}
