using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using SweepCluster.Server.Access;
using SweepCluster.Server.Access.Oidc;

namespace SweepCluster.Server.Tests.Access;

/// <summary>An issuer with an RSA and an EC key, whose configuration and keys are asked for over a handler that counts.</summary>
internal sealed class FakeIssuer : HttpMessageHandler
{
    public const string Name = "https://login.example.com/realm";
    public const string Audience = "sweep-server";

    // Made once: a key takes a while, and tests change nothing of it.
    private static readonly RSA s_first = RSA.Create(2048), s_second = RSA.Create(2048);
    private static readonly ECDsa s_ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    private RSA _rsa = s_first;

    /// <summary>What the configuration says; tests change it.</summary>
    public JsonObject Configuration { get; } = new() { ["issuer"] = Name, ["jwks_uri"] = Name + "/keys" };

    public string RsaId { get; private set; } = "rsa-1";

    public int Fetches { get; private set; }

    public bool IsAway { get; set; }

    /// <summary>Answers come after it.</summary>
    public Task Hold { get; set; } = Task.CompletedTask;

    /// <summary>The key set as text; null: that of the keys.</summary>
    public string? Keys { get; set; }

    public OidcValidator NewValidator(TimeProvider time, Func<OidcOptions, OidcOptions>? change = null)
    {
        OidcOptions options = new() { Issuer = new Uri(Name), Audience = Audience };
        options = change?.Invoke(options) ?? options;
        return new OidcValidator(options, NewKeys(time), time);
    }

    public IssuerKeys NewKeys(TimeProvider time) => new(new Uri(Name), new HttpClient(this, disposeHandler: false), time, NullLogger<IssuerKeys>.Instance);

    /// <summary>Signs with another RSA key from now on.</summary>
    public void Rotate()
    {
        _rsa = s_second;
        RsaId = "rsa-2";
    }

    public static JsonObject Claims(DateTimeOffset now) => new()
    {
        ["iss"] = Name,
        ["aud"] = Audience,
        ["sub"] = "u-1",
        ["iat"] = now.ToUnixTimeSeconds(),
        ["exp"] = now.AddMinutes(5).ToUnixTimeSeconds(),
        ["scope"] = "openid sweep:submit",
    };

    public string Sign(JsonNode claims, string algorithm = "RS256", JsonObject? header = null)
    {
        header ??= new JsonObject { ["alg"] = algorithm, ["typ"] = "JWT", ["kid"] = algorithm == "ES256" ? "ec-1" : RsaId };
        return SignText(header.ToJsonString(), claims.ToJsonString(), algorithm);
    }

    public string SignText(string header, string claims, string algorithm = "RS256")
    {
        string text = $"{Encode(Encoding.UTF8.GetBytes(header))}.{Encode(Encoding.UTF8.GetBytes(claims))}";
        byte[] signed = Encoding.ASCII.GetBytes(text);
        byte[] signature = algorithm switch
        {
            "RS256" => _rsa.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            "PS256" => _rsa.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
            "ES256" => s_ec.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
            "ES256-DER" => s_ec.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence),
            "HS256-PEM" => HMACSHA256.HashData(Encoding.ASCII.GetBytes(_rsa.ExportSubjectPublicKeyInfoPem()), signed), // the public key taken for a secret
            "HS256-N" => HMACSHA256.HashData(_rsa.ExportParameters(false).Modulus!, signed),
            _ => [],
        };
        return $"{text}.{Encode(signature)}";
    }

    public string KeySet()
    {
        RSAParameters rsa = _rsa.ExportParameters(false);
        ECParameters ec = s_ec.ExportParameters(false);
        return new JsonObject
        {
            ["keys"] = new JsonArray(
                new JsonObject { ["kty"] = "oct", ["kid"] = RsaId, ["k"] = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow" },
                new JsonObject { ["kty"] = "RSA", ["kid"] = RsaId, ["use"] = "sig", ["n"] = Encode(rsa.Modulus!), ["e"] = Encode(rsa.Exponent!) },
                new JsonObject { ["kty"] = "EC", ["kid"] = "ec-1", ["crv"] = "P-256", ["x"] = Encode(ec.Q.X!), ["y"] = Encode(ec.Q.Y!) }),
        }.ToJsonString();
    }

    public static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await Hold.WaitAsync(cancellationToken);
        string? text = IsAway ? null : request.RequestUri!.AbsoluteUri switch
        {
            Name + "/.well-known/openid-configuration" => Configuration.ToJsonString(),
            Name + "/keys" => Keys ?? KeySet(),
            _ => null,
        };
        Fetches += request.RequestUri!.AbsolutePath.EndsWith("/keys", StringComparison.Ordinal) ? 1 : 0;
        return new HttpResponseMessage(text is null ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK) { Content = new StringContent(text ?? "") };
    }
}
