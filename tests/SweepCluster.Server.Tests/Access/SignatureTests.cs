using System.Text.Json;
using SweepCluster.Server.Access.Oidc;

namespace SweepCluster.Server.Tests.Access;

/// <summary>Signed examples of RFC 7515, appendix A: values from outside.</summary>
public sealed class SignatureTests
{
    private const string Payload = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

    // A.2: RS256
    private const string RsaKey =
        """{"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"}""";

    private const string RsaSignature =
        "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";

    // A.3: ES256
    private const string EcKey = """{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}""";
    private const string EcSignature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

    public static TheoryData<string, string> Examples => new()
    {
        { RsaKey, $"eyJhbGciOiJSUzI1NiJ9.{Payload}.{RsaSignature}" },
        { EcKey, $"eyJhbGciOiJFUzI1NiJ9.{Payload}.{EcSignature}" },
    };

    [Theory, MemberData(nameof(Examples))]
    public void Verifies_ExampleOfTheRfc_Passes(string key, string text)
    {
        (JsonWebToken? token, _) = JsonWebToken.Read(text);

        Assert.True(Key(key)!.Verifies(token!));
        Assert.Equal("joe", token!.Claims.GetProperty("iss").GetString());
        Assert.Equal(1300819380, token.Claims.GetProperty("exp").GetInt64());
    }

    [Theory, MemberData(nameof(Examples))]
    public void Verifies_AnyBitOfTheSignatureChanged_Fails(string key, string text)
    {
        (JsonWebToken? token, _) = JsonWebToken.Read(text);
        JsonWebKey parsed = Key(key)!;

        for (int i = 0; i < token!.Signature.Length; i++)
        {
            byte[] changed = [.. token.Signature];
            changed[i] ^= 1;
            Assert.False(parsed.Verifies(token with { Signature = changed }));
        }

        Assert.False(parsed.Verifies(token with { Signature = [] }));
        Assert.False(parsed.Verifies(token with { Signature = new byte[token.Signature.Length] }));
    }

    [Fact]
    public void Verifies_KeyOfAnotherKind_Fails()
    {
        (JsonWebToken? token, _) = JsonWebToken.Read($"eyJhbGciOiJSUzI1NiJ9.{Payload}.{RsaSignature}");

        Assert.False(Key(EcKey)!.Verifies(token!));
        Assert.False(Key(RsaKey)!.Verifies(token! with { Algorithm = SignatureAlgorithm.Ps256 }));
        Assert.False(Key(RsaKey)!.Verifies(token! with { Algorithm = SignatureAlgorithm.Es256 }));
        Assert.False(Key(RsaKey.Replace("\"RSA\",", "\"RSA\",\"alg\":\"PS256\",", StringComparison.Ordinal))!.Verifies(token!));
    }

    [Theory]
    [InlineData("""{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ"}""")]
    [InlineData("""{"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTY","e":"AQAB"}""")] // 256 bits
    [InlineData("""{"kty":"EC","crv":"P-384","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}""")]
    [InlineData("""{"kty":"EC","crv":"P-256","use":"enc","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}""")]
    [InlineData("""{"kty":"EC","crv":"P-256","key_ops":["encrypt"],"x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}""")]
    [InlineData("""{"kty":"EC","crv":"P-256","x":"f83OJ3D2","y":"x_FEzRu9"}""")]
    [InlineData("""{"kty":7}""")]
    [InlineData("""[]""")]
    public void Read_KeyThatVerifiesNothing_IsPassedOver(string key) => Assert.Null(Key(key));

    [Fact]
    public void Verifies_PointOffTheCurve_Fails()
    {
        (JsonWebToken? token, _) = JsonWebToken.Read($"eyJhbGciOiJFUzI1NiJ9.{Payload}.{EcSignature}");

        Assert.False(Key(EcKey.Replace("x_FEz", "y_FEz", StringComparison.Ordinal))!.Verifies(token!));
    }

    private static JsonWebKey? Key(string text) => JsonWebKey.Read(JsonDocument.Parse(text).RootElement);
}
