using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace SweepCluster.Server.Access.Oidc;

/// <summary>A signed token taken apart, nothing of it believed yet. Sources: RFC 7515 section 7.1 (compact form), RFC 7519.</summary>
/// <param name="Algorithm">Its <c>alg</c>: one of <see cref="SignatureAlgorithm"/>.</param>
/// <param name="KeyId">Its <c>kid</c>; null: none.</param>
/// <param name="Signed">What the signature is over.</param>
/// <param name="Signature">The signature.</param>
/// <param name="Claims">The claims.</param>
internal sealed record JsonWebToken(SignatureAlgorithm Algorithm, string? KeyId, byte[] Signed, byte[] Signature, JsonElement Claims)
{
    private const int MostCharacters = 16 << 10;

    private static readonly JsonDocumentOptions s_strict = new() { AllowDuplicateProperties = false, MaxDepth = 16 };

    /// <summary>Takes a token apart.</summary>
    /// <returns>The token; else null and what is wrong, on one line, without anything of the token.</returns>
    internal static (JsonWebToken? Token, string Fault) Read(string text)
    {
        string[] parts = text.Length > MostCharacters ? [] : text.Split('.');
        if (parts.Length != 3 || Decode(parts[0]) is not { } header || Decode(parts[1]) is not { } payload || Decode(parts[2]) is not { } signature)
        {
            return (null, "it is no signed token of three parts");
        }

        if (Parse(header) is not { } head || Parse(payload) is not { } claims)
        {
            return (null, "a part of it is no JSON object, or names a member twice");
        }

        // A header that must be understood, or says that the content is something else, is not passed over.
        if (head.TryGetProperty("crit", out _) || head.TryGetProperty("b64", out _) || head.TryGetProperty("zip", out _) || head.TryGetProperty("enc", out _))
        {
            return (null, "its header asks for something that this server does not know");
        }

        if (head.TryGetProperty("typ", out JsonElement type) && !IsType(type))
        {
            return (null, "its type is not that of a token for an API");
        }

        return AlgorithmOf(head) is { } algorithm
            ? (new JsonWebToken(algorithm, Text(head, "kid"), Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), signature, claims), "")
            : (null, "its algorithm is not RS256, PS256 or ES256");
    }

    /// <summary>A member that is a text; null where it is something else or absent.</summary>
    internal static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) ? Text(value) : null;

    /// <summary>A value that is a text; null where it is something else, or half a character.</summary>
    internal static string? Text(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Base64url without padding or anything else between (RFC 7515 section 2); null where it is not.</summary>
    internal static byte[]? Decode(string text)
    {
        bool isClean = text.Length > 0 && text.Length % 4 != 1 && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_');
        byte[]? bytes = null;
        try
        {
            bytes = isClean ? Base64Url.DecodeFromChars(text) : null;
        }
        catch (FormatException)
        {
            // Bits left over at the end that are not zero.
        }

        return bytes;
    }

    private static SignatureAlgorithm? AlgorithmOf(JsonElement head) => Text(head, "alg") switch
    {
        "RS256" => SignatureAlgorithm.Rs256,
        "PS256" => SignatureAlgorithm.Ps256,
        "ES256" => SignatureAlgorithm.Es256,
        _ => null,
    };

    private static bool IsType(JsonElement type) =>
        Text(type) is { } name
        && (name.Equals("JWT", StringComparison.OrdinalIgnoreCase) || name.Equals("at+jwt", StringComparison.OrdinalIgnoreCase) || name.Equals("application/at+jwt", StringComparison.OrdinalIgnoreCase));

    private static JsonElement? Parse(byte[] bytes)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes, s_strict);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
