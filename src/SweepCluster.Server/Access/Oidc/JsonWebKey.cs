using System.Security.Cryptography;
using System.Text.Json;

namespace SweepCluster.Server.Access.Oidc;

/// <summary>A public key of an issuer. Sources: RFC 7517, RFC 7518 section 6.</summary>
internal sealed class JsonWebKey
{
    private const int LeastModulusBytes = 256; // RFC 7518 section 3.3: 2048 bits or more
    private const int MostModulusBytes = 1024;
    private const int PointBytes = 32;

    private readonly RSAParameters? _rsa;
    private readonly ECParameters? _ec;
    private readonly string? _algorithm;

    private JsonWebKey(string? id, string? algorithm, RSAParameters? rsa, ECParameters? ec)
    {
        Id = id;
        _algorithm = algorithm;
        _rsa = rsa;
        _ec = ec;
    }

    /// <summary>Its <c>kid</c>; null: none.</summary>
    internal string? Id { get; }

    /// <summary>Reads a key; null where it is of a kind, size or use that verifies no signature here.</summary>
    internal static JsonWebKey? Read(JsonElement key)
    {
        if (key.ValueKind != JsonValueKind.Object || (JsonWebToken.Text(key, "use") ?? "sig") != "sig" || !MayVerify(key))
        {
            return null;
        }

        string? id = JsonWebToken.Text(key, "kid"), algorithm = JsonWebToken.Text(key, "alg");
        switch (JsonWebToken.Text(key, "kty"))
        {
            case "RSA":
                byte[]? modulus = Number(key, "n"), exponent = Number(key, "e");
                return modulus is { Length: >= LeastModulusBytes and <= MostModulusBytes } && exponent is { Length: > 0 and <= 8 } && (modulus[0] & 0x80) != 0
                    ? new JsonWebKey(id, algorithm, new RSAParameters { Modulus = modulus, Exponent = exponent }, null)
                    : null;
            case "EC" when JsonWebToken.Text(key, "crv") == "P-256":
                byte[]? x = Number(key, "x"), y = Number(key, "y");
                return x is { Length: PointBytes } && y is { Length: PointBytes }
                    ? new JsonWebKey(id, algorithm, null, new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = x, Y = y } })
                    : null;
            default:
                return null;
        }
    }

    /// <summary>Whether the key is for an algorithm: its own kind decides, whatever a token says.</summary>
    internal bool Fits(SignatureAlgorithm algorithm) => algorithm switch
    {
        SignatureAlgorithm.Rs256 => _rsa is not null && _algorithm is null or "RS256",
        SignatureAlgorithm.Ps256 => _rsa is not null && _algorithm is null or "PS256",
        _ => _ec is not null && _algorithm is null or "ES256",
    };

    /// <summary>Whether a token's signature is this key's.</summary>
    internal bool Verifies(JsonWebToken token)
    {
        if (!Fits(token.Algorithm))
        {
            return false;
        }

        try
        {
            if (_ec is { } point)
            {
                using ECDsa ecdsa = ECDsa.Create(point);
                return token.Signature.Length == 2 * PointBytes
                    && ecdsa.VerifyData(token.Signed, token.Signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
            }

            using RSA rsa = RSA.Create(_rsa!.Value);
            return rsa.VerifyData(token.Signed, token.Signature, HashAlgorithmName.SHA256, token.Algorithm == SignatureAlgorithm.Ps256 ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
        }
        catch (CryptographicException)
        {
            return false; // a point that is not on the curve, a signature of another size
        }
    }

    private static bool MayVerify(JsonElement key) =>
        !key.TryGetProperty("key_ops", out JsonElement operations)
        || (operations.ValueKind == JsonValueKind.Array && operations.EnumerateArray().Any(operation => operation.ValueKind == JsonValueKind.String && operation.GetString() == "verify"));

    private static byte[]? Number(JsonElement key, string name) => JsonWebToken.Text(key, name) is { } text ? JsonWebToken.Decode(text) : null;
}
