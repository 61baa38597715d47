using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace SweepCluster.Server.Access.Oidc;

/// <summary>
/// The keys of an issuer, as its configuration points to them, fetched when the first token comes and kept. They are fetched again after an hour, and when a token names a key that is not among them, but
/// not twice within a minute, whatever is sent; keys that cannot be fetched again are used for a day. Source: OpenID Connect Discovery 1.0, sections 3 and 4. Thread-safe.
/// </summary>
internal sealed partial class IssuerKeys(Uri issuer, HttpClient http, TimeProvider time, ILogger<IssuerKeys> logger) : IDisposable
{
    private const int MostBytes = 1 << 20;
    private const int MostKeys = 100;

    private static readonly TimeSpan s_fresh = TimeSpan.FromHours(1);
    private static readonly TimeSpan s_usable = TimeSpan.FromDays(1);
    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(5); // where nothing could be fetched yet
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false, MaxDepth = 32 };

    private readonly SemaphoreSlim _fetching = new(1, 1);
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

    /// <inheritdoc/>
    public void Dispose() => _fetching.Dispose();

    private static ImmutableArray<JsonWebKey> Select(Known? known, JsonWebToken token) =>
        known is null ? [] : [.. known.Keys.Where(key => key.Fits(token.Algorithm) && (token.KeyId is null || key.Id == token.KeyId))];

    // One fetches, the others wait for it and take what it found.
    private async Task<Known?> TryFetchAsync(Known? seen, CancellationToken cancellationToken)
    {
        await _fetching.WaitAsync(cancellationToken);
        try
        {
            if (!ReferenceEquals(_known, seen))
            {
                return _known;
            }

            DateTimeOffset now = time.GetUtcNow();
            if (now - _tried < (seen is null ? s_retry : s_pause))
            {
                return null;
            }

            _tried = now;
            _known = new Known([.. await FetchAsync(cancellationToken)], now);
            LogFetched(issuer, _known.Keys.Length);
            return _known;
        }
        catch (Exception error) when (error is HttpRequestException or IOException or JsonException or InvalidDataException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            LogFailed(issuer, error.Message);
            return null;
        }
        finally
        {
            _fetching.Release();
        }
    }

    private async Task<IEnumerable<JsonWebKey>> FetchAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_patience);
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
