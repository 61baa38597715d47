using System.Text.Json.Nodes;
using SweepCluster.Server.Access;
using SweepCluster.Server.Access.Oidc;
using SweepCluster.Testing;

namespace SweepCluster.Server.Tests.Access;

public sealed class OidcTests : IDisposable
{
    private readonly FakeIssuer _issuer = new();
    private readonly HandTime _time = new();

    public void Dispose() => _issuer.Dispose();

    [Theory]
    [InlineData("RS256")]
    [InlineData("PS256")]
    [InlineData("ES256")]
    public async Task Validate_TokenOfTheIssuer_GivesItsCaller(string algorithm)
    {
        SignIn signIn = await ValidateAsync(_issuer.Sign(Claims(), algorithm));

        Assert.Null(signIn.Fault);
        Assert.Equal(("u-1", AccessScope.Submit, SignInWay.Oidc), (signIn.Caller!.Name, signIn.Caller.Scope, signIn.Caller.Way));
    }

    [Theory]
    [InlineData("iss", "\"https://evil.example\"", "it is of another issuer")]
    [InlineData("iss", "\"https://login.example.com/realm/\"", "it is of another issuer")]
    [InlineData("iss", "null", "it is of another issuer")]
    [InlineData("iss", "\"\\ud800\"", "it is of another issuer")] // half a character
    [InlineData("aud", "\"another\"", "it is for another audience")]
    [InlineData("aud", "\"sweep-server another\"", "it is for another audience")]
    [InlineData("aud", "[\"another\",7]", "it is for another audience")]
    [InlineData("aud", "[]", "it is for another audience")]
    [InlineData("exp", "null", "it does not say when it expires")]
    [InlineData("exp", "\"tomorrow\"", "it does not say when it expires")]
    [InlineData("exp", "-1", "it does not say when it expires")]
    [InlineData("exp", "1e400", "it does not say when it expires")]
    [InlineData("exp", "253402300800", "it does not say when it expires")]
    [InlineData("exp", "1", "it has expired")]
    [InlineData("nbf", "\"now\"", "it does not hold yet")]
    [InlineData("nbf", "99999999999", "it does not hold yet")]
    [InlineData("iat", "99999999999", "it was issued in the future")]
    [InlineData("sub", "\"\"", "it names nobody")]
    [InlineData("sub", "17", "it names nobody")]
    public async Task Validate_WrongClaim_IsRefused(string claim, string value, string fault)
    {
        JsonObject claims = Claims();
        claims.Remove(claim);
        string text = claims.ToJsonString()[..^1] + $",\"{claim}\":{value}}}";

        SignIn signIn = await ValidateAsync(_issuer.SignText($$"""{"alg":"RS256","kid":"{{_issuer.RsaId}}"}""", text));

        Assert.Equal(fault, signIn.Fault);
    }

    [Fact]
    public async Task Validate_ListOfAudiencesAndScopes_IsRead()
    {
        JsonObject claims = Claims();
        claims["aud"] = new JsonArray("other", FakeIssuer.Audience);
        claims["roles"] = new JsonArray("Sweep.Reader", "Sweep.Boss");
        claims["name"] = "Ada";

        SignIn signIn = await _issuer.NewValidator(_time, options => options with { ScopeClaim = "roles", NameClaim = "name", ReadWord = "Sweep.Reader", AdminWord = "Sweep.Boss" })
            .ValidateAsync(_issuer.Sign(claims), CancellationToken.None);

        Assert.Equal(("Ada", AccessScope.Admin), (signIn.Caller!.Name, signIn.Caller.Scope));
    }

    [Fact]
    public async Task Validate_NoScopeOfOurs_MayNothing()
    {
        JsonObject claims = Claims();
        claims["scope"] = "openid sweep:administrator xsweep:read sweep:readx";

        Assert.Null((await ValidateAsync(_issuer.Sign(claims))).Caller!.Scope);
    }

    [Fact]
    public async Task Validate_ExpiryAtTheEndOfTime_GivesItsCaller()
    {
        JsonObject claims = Claims();
        claims["exp"] = 253402300790;

        Assert.NotNull((await ValidateAsync(_issuer.Sign(claims))).Caller);
    }

    [Fact]
    public async Task Validate_WhoAskedGoesAway_TheKeysAreFetchedForOthers()
    {
        TaskCompletionSource answers = new();
        _issuer.Hold = answers.Task;
        OidcValidator validator = _issuer.NewValidator(_time);
        using (CancellationTokenSource gone = new())
        {
            Task<SignIn> asked = validator.ValidateAsync(_issuer.Sign(Claims()), gone.Token);
            await gone.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        }

        answers.SetResult();

        Assert.NotNull((await validator.ValidateAsync(_issuer.Sign(Claims()), CancellationToken.None)).Caller);
        Assert.Equal(1, _issuer.Fetches);
    }

    [Fact]
    public async Task Validate_Expiry_AllowsAMinuteBetweenTheClocks()
    {
        OidcValidator validator = _issuer.NewValidator(_time);
        string token = _issuer.Sign(Claims());
        _time.Move(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(59));
        Assert.NotNull((await validator.ValidateAsync(token, CancellationToken.None)).Caller);

        _time.Move(TimeSpan.FromSeconds(1));

        Assert.Equal("it has expired", (await validator.ValidateAsync(token, CancellationToken.None)).Fault);
    }

    [Theory]
    [InlineData("""{"alg":"none"}""", "none")]
    [InlineData("""{"alg":"None"}""", "none")]
    [InlineData("""{"alg":"HS256"}""", "HS256-PEM")]
    [InlineData("""{"alg":"HS256"}""", "HS256-N")]
    [InlineData("""{"alg":"RS512"}""", "RS256")]
    [InlineData("""{"alg":"rs256"}""", "RS256")]
    [InlineData("""{"alg":["RS256"]}""", "RS256")]
    [InlineData("""{}""", "RS256")]
    public async Task Validate_OtherAlgorithm_IsRefused(string header, string signedBy) =>
        Assert.NotNull((await ValidateAsync(_issuer.SignText(header, Claims().ToJsonString(), signedBy))).Fault);

    [Theory]
    [InlineData("""{"alg":"ES256","kid":"rsa-1"}""", "RS256")] // the name of another kind's key
    [InlineData("""{"alg":"RS256","kid":"ec-1"}""", "ES256")]
    [InlineData("""{"alg":"ES256","kid":"ec-1"}""", "ES256-DER")]
    [InlineData("""{"alg":"PS256","kid":"rsa-1"}""", "RS256")]
    [InlineData("""{"alg":"RS256","kid":"rsa-1"}""", "PS256")]
    public async Task Validate_SignatureOfAnotherKind_IsRefused(string header, string signedBy) =>
        Assert.Equal("it is not signed by a key of the issuer", (await ValidateAsync(_issuer.SignText(header, Claims().ToJsonString(), signedBy))).Fault);

    [Theory]
    [InlineData("""{"alg":"RS256","kid":"rsa-1","crit":["exp"]}""")]
    [InlineData("""{"alg":"RS256","kid":"rsa-1","b64":false}""")]
    [InlineData("""{"alg":"RS256","kid":"rsa-1","zip":"DEF"}""")]
    [InlineData("""{"alg":"RS256","kid":"rsa-1","typ":"dpop+jwt"}""")]
    [InlineData("""{"alg":"RS256","kid":"rsa-1","alg":"none"}""")] // a member twice
    [InlineData("""["alg"]""")]
    public async Task Validate_HeaderThatIsNotPlain_IsRefused(string header) =>
        Assert.NotNull((await ValidateAsync(_issuer.SignText(header, Claims().ToJsonString()))).Fault);

    [Fact]
    public async Task Validate_KeyThatTheTokenBrings_IsNotUsed()
    {
        using FakeIssuer evil = new();
        evil.Rotate();
        JsonNode key = JsonNode.Parse(evil.KeySet())!["keys"]![1]!.DeepClone();
        JsonObject header = new() { ["alg"] = "RS256", ["kid"] = _issuer.RsaId, ["jwk"] = key, ["jku"] = "https://evil.example/keys" };

        Assert.Equal("it is not signed by a key of the issuer", (await ValidateAsync(evil.Sign(Claims(), "RS256", header))).Fault);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a.b")]
    [InlineData("a.b.c.d")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.e30.")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.e30=.AAAA")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9. e30.AAAA")]
    [InlineData("eyJhbGciOiJSUzI1NiJ9.W10.AAAA")] // claims: []
    [InlineData("eyJhbGciOiJSUzI1NiJ9.gA.AAAA")] // claims: no UTF-8
    public async Task Validate_NoToken_IsRefused(string text) => Assert.NotNull((await ValidateAsync(text)).Fault);

    [Fact]
    public async Task Validate_RandomChangesOfAToken_NeverPassNorThrow()
    {
        Random random = new(5);
        OidcValidator validator = _issuer.NewValidator(_time);
        string token = _issuer.Sign(Claims());

        for (int i = 0; i < 2000; i++)
        {
            char[] changed = token.ToCharArray();
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                changed[random.Next(changed.Length)] = (char)random.Next(0, 0x180);
            }

            string text = new(changed);
            if (text != token)
            {
                Assert.NotNull((await validator.ValidateAsync(text, CancellationToken.None)).Fault);
            }
        }
    }

    [Fact]
    public async Task Keys_ManyTokens_AreFetchedOnce()
    {
        OidcValidator validator = _issuer.NewValidator(_time);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => validator.ValidateAsync(_issuer.Sign(Claims()), CancellationToken.None)));

        Assert.Equal(1, _issuer.Fetches);
    }

    [Fact]
    public async Task Keys_Rotated_AreFetchedWhenATokenNamesTheNewOne()
    {
        OidcValidator validator = _issuer.NewValidator(_time);
        Assert.NotNull((await validator.ValidateAsync(_issuer.Sign(Claims()), CancellationToken.None)).Caller);
        string before = _issuer.Sign(Claims());
        _issuer.Rotate();
        _time.Move(TimeSpan.FromMinutes(1));

        Assert.NotNull((await validator.ValidateAsync(_issuer.Sign(Claims()), CancellationToken.None)).Caller);

        Assert.Equal(2, _issuer.Fetches);
        Assert.Null((await validator.ValidateAsync(before, CancellationToken.None)).Caller); // its key is withdrawn
    }

    [Fact]
    public async Task Keys_UnknownIdsSentAgainAndAgain_AreNotFetchedTwiceWithinAMinute()
    {
        OidcValidator validator = _issuer.NewValidator(_time);
        for (int i = 0; i < 50; i++)
        {
            await validator.ValidateAsync(_issuer.Sign(Claims(), "RS256", new JsonObject { ["alg"] = "RS256", ["kid"] = $"k{i}" }), CancellationToken.None);
        }

        Assert.Equal(1, _issuer.Fetches);
    }

    [Fact]
    public async Task Keys_IssuerAway_KeepForADay()
    {
        OidcValidator validator = _issuer.NewValidator(_time);
        await validator.ValidateAsync(_issuer.Sign(Claims()), CancellationToken.None);
        _issuer.IsAway = true;

        _time.Move(TimeSpan.FromHours(23));
        Assert.NotNull((await validator.ValidateAsync(_issuer.Sign(Claims()), CancellationToken.None)).Caller);
        _time.Move(TimeSpan.FromHours(1));
        SignIn late = await validator.ValidateAsync(_issuer.Sign(Claims()), CancellationToken.None);

        Assert.True(late.MayPass);
        Assert.Equal("the issuer's keys cannot be fetched now", late.Fault);
    }

    [Theory]
    [InlineData("issuer", "https://evil.example")]
    [InlineData("jwks_uri", "http://login.example.com/realm/keys")]
    [InlineData("jwks_uri", "file:///etc/passwd")]
    public async Task Keys_ConfigurationOfSomebodyElse_IsNotBelieved(string member, string value)
    {
        _issuer.Configuration[member] = value;

        Assert.True((await ValidateAsync(_issuer.Sign(Claims()))).MayPass);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"keys\":{}}")]
    [InlineData("no JSON")]
    public async Task Keys_NoKeySet_IsNotBelieved(string keys)
    {
        _issuer.Keys = keys;

        Assert.Null((await ValidateAsync(_issuer.Sign(Claims()))).Caller);
    }

    private JsonObject Claims() => FakeIssuer.Claims(_time.GetUtcNow());

    private Task<SignIn> ValidateAsync(string text) => _issuer.NewValidator(_time).ValidateAsync(text, CancellationToken.None);
}
