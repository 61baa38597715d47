using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using SweepCluster.Server.Access;
using SweepCluster.Server.Access.Tokens;
using SweepCluster.Testing;

namespace SweepCluster.Server.Tests.Access;

public sealed class DoorTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:8080")]
    [InlineData("localhost")]
    [InlineData("localhost:9999")]
    [InlineData("[::1]:8080")]
    public async Task Host_OfThisMachineWhereNobodySignsIn_IsAnswered(string host)
    {
        await using Door door = await Door.OpenAsync();

        Assert.Equal(HttpStatusCode.OK, await door.StatusAsync("/api/v1/sweeps", null, ("Host", host)));
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:8080")]
    [InlineData("localhost.evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("10.0.0.1")]
    [InlineData("[::2]")]
    public async Task Host_NameMadeToPointHere_IsRefused(string host)
    {
        await using Door door = await Door.OpenAsync();

        Assert.Equal(HttpStatusCode.Forbidden, await door.StatusAsync("/api/v1/sweeps", null, ("Host", host)));
        Assert.Equal(HttpStatusCode.Forbidden, await door.StatusAsync("/open", null, ("Host", host)));
    }

    [Fact]
    public async Task Host_NoneInHttp10WhereNobodySignsIn_IsRefused()
    {
        await using Door door = await Door.OpenAsync();
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, door.Address.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("GET /api/v1/sweeps HTTP/1.0\r\n\r\n"));
        using StreamReader reader = new(client.GetStream());

        Assert.Equal("HTTP/1.1 403 Forbidden", await reader.ReadLineAsync());
    }

    [Theory]
    [InlineData("X-Forwarded-For", "203.0.113.7")]
    [InlineData("Forwarded", "for=203.0.113.7")]
    [InlineData("X-Real-IP", "203.0.113.7")]
    public async Task Proxy_InFrontOfAServerWhereNobodySignsIn_IsRefused(string name, string value)
    {
        await using Door door = await Door.OpenAsync();

        Assert.Equal(HttpStatusCode.Forbidden, await door.StatusAsync("/api/v1/sweeps", null, (name, value)));
    }

    [Theory]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Origin", "http://127.0.0.1:1")] // another server of this machine
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task CrossSite_Request_IsRefusedWhetherOneSignsInOrNot(string name, string value)
    {
        await using Door open = await Door.OpenAsync();
        await using Door closed = await Door.WithTokensAsync();

        foreach (HttpMethod method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post])
        {
            using HttpResponseMessage first = await open.SendAsync(method, "/api/v1/sweeps", null, [(name, value)]);
            using HttpResponseMessage second = await closed.SendAsync(method, "/api/v1/sweeps", closed.Admin, [(name, value)]);
            Assert.Equal(HttpStatusCode.Forbidden, first.StatusCode);
            Assert.Equal(HttpStatusCode.Forbidden, second.StatusCode);
        }
    }

    [Fact]
    public async Task SameOrigin_Request_IsAnswered()
    {
        await using Door door = await Door.OpenAsync();

        using HttpResponseMessage answer = await door.SendAsync(HttpMethod.Post, "/api/v1/sweeps", null, [("Origin", door.Address.GetLeftPart(UriPartial.Authority)), ("Sec-Fetch-Site", "same-origin")]);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task CrossSite_LinkToAPage_IsFollowed()
    {
        await using Door door = await Door.OpenAsync();

        Assert.Equal(HttpStatusCode.OK, await door.StatusAsync("/page", null, ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document")));
        Assert.Equal(HttpStatusCode.Forbidden, await door.StatusAsync("/page", null, ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "iframe")));
    }

    [Fact]
    public async Task Form_WithoutItsTokenWhereNobodySignsIn_IsRefused()
    {
        await using Door door = await Door.OpenAsync();
        string value = (await door.Client.GetStringAsync("/page")).Split('|')[2];

        using HttpResponseMessage without = await door.SendAsync(HttpMethod.Post, "/page", content: new FormUrlEncodedContent([]));
        using HttpResponseMessage with = await door.SendAsync(HttpMethod.Post, "/page", content: new FormUrlEncodedContent([new(Visitor.FormField, value)]));
        using MultipartFormDataContent parts = new() { { new StringContent(value), Visitor.FormField }, { new ByteArrayContent(new byte[100]), "file", "a.bin" } };
        using HttpResponseMessage multipart = await door.SendAsync(HttpMethod.Post, "/page", content: parts);

        Assert.Equal(HttpStatusCode.BadRequest, without.StatusCode);
        Assert.Equal("posted by local", await with.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, multipart.StatusCode);
    }

    [Fact]
    public async Task Scopes_EachContainsThoseBefore()
    {
        await using Door door = await Door.WithTokensAsync();
        (string? Token, HttpMethod Method, string Path, HttpStatusCode Status)[] cases =
        [
            (null, HttpMethod.Get, "/api/v1/sweeps", HttpStatusCode.Unauthorized),
            (door.Read, HttpMethod.Get, "/api/v1/sweeps", HttpStatusCode.OK),
            (door.Read, HttpMethod.Post, "/api/v1/sweeps", HttpStatusCode.Forbidden),
            (door.Read, HttpMethod.Delete, "/api/v1/sweeps/1", HttpStatusCode.Forbidden),
            (door.Submit, HttpMethod.Get, "/api/v1/sweeps", HttpStatusCode.OK),
            (door.Submit, HttpMethod.Post, "/api/v1/sweeps", HttpStatusCode.OK),
            (door.Submit, HttpMethod.Delete, "/api/v1/sweeps/1", HttpStatusCode.Forbidden),
            (door.Admin, HttpMethod.Delete, "/api/v1/sweeps/1", HttpStatusCode.OK),
            (door.Admin, HttpMethod.Get, "/forgotten", HttpStatusCode.Forbidden),
            (null, HttpMethod.Get, "/forgotten", HttpStatusCode.Forbidden),
            (null, HttpMethod.Get, "/open", HttpStatusCode.OK),
            (door.Read, HttpMethod.Get, "/absent", HttpStatusCode.NotFound),
        ];

        foreach (var (token, method, path, status) in cases)
        {
            using HttpResponseMessage answer = await door.SendAsync(method, path, token);
            Assert.Equal((method.Method, path, status), (method.Method, path, answer.StatusCode));
        }
    }

    [Fact]
    public async Task Refusals_AreProblemDocumentsThatSayWhatIsMissing()
    {
        await using Door door = await Door.WithTokensAsync();

        using HttpResponseMessage nobody = await door.GetAsync("/api/v1/sweeps");
        using HttpResponseMessage scope = await door.SendAsync(HttpMethod.Post, "/api/v1/sweeps", door.Read);
        using HttpResponseMessage wrong = await door.GetAsync("/api/v1/sweeps", TokenSecret.New());

        Assert.Equal("Bearer realm=\"sweep\"", nobody.Headers.WwwAuthenticate.ToString());
        Assert.Equal("Bearer realm=\"sweep\", error=\"invalid_token\"", wrong.Headers.WwwAuthenticate.ToString());
        Assert.Equal("application/problem+json", scope.Content.Headers.ContentType?.MediaType);
        JsonElement problem = JsonDocument.Parse(await scope.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal("found the scope read, expected submit", problem.GetProperty("detail").GetString());
        Assert.Equal(403, problem.GetProperty("status").GetInt32());
        Assert.Equal("/problems/forbidden", problem.GetProperty("type").GetString());
        Assert.NotEmpty(scope.Headers.GetValues("X-Request-Id").Single());
    }

    [Fact]
    public async Task Page_NobodySignedIn_LeadsToTheSignInPageAndBack()
    {
        await using Door door = await Door.WithTokensAsync();

        using HttpResponseMessage answer = await door.GetAsync("/page?x=1", null, ("Accept", "text/html"));

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("/sign-in?return=%2Fpage%3Fx%3D1", answer.Headers.Location?.OriginalString);
    }

    [Theory]
    [InlineData("Basic dXNlcjpwYXNz")]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("Bearer a.b.c")]
    [InlineData("bearer sweep_tooShort")]
    public async Task Authorization_Nonsense_Is401(string header)
    {
        await using Door door = await Door.WithTokensAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, await door.StatusAsync("/api/v1/sweeps", null, ("Authorization", header)));
    }

    [Fact]
    public async Task Authorization_SentTwice_Is401()
    {
        await using Door door = await Door.WithTokensAsync();

        string answer = await RawAsync(door, $"GET /api/v1/sweeps HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {door.Read}\r\nAuthorization: Bearer {door.Admin}\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 401", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("access_token=x")]
    [InlineData("token={0}")]
    [InlineData("a=b&c={0}")]
    public async Task Token_InTheAddress_IsRefused(string query)
    {
        await using Door door = await Door.WithTokensAsync();
        string path = $"/api/v1/sweeps?{string.Format(System.Globalization.CultureInfo.InvariantCulture, query, door.Admin)}";

        Assert.Equal(HttpStatusCode.BadRequest, await door.StatusAsync(path));
        Assert.Equal(HttpStatusCode.BadRequest, await door.StatusAsync(path, door.Admin));
    }

    [Fact]
    public async Task Defect_BehindTheDoor_Is500WithoutItsMessage()
    {
        await using Door door = await Door.OpenAsync();

        using HttpResponseMessage answer = await door.GetAsync("/defect");

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.DoesNotContain("secret", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Headers_OfEveryAnswer_TellBrowsersToBeStrict()
    {
        await using Door door = await Door.OpenAsync();

        foreach (string path in (string[])["/open", "/page", "/absent", "/defect", "/forgotten"])
        {
            using HttpResponseMessage answer = await door.GetAsync(path);
            Assert.StartsWith("default-src 'none'; script-src 'self'; style-src 'self';", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
            Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("same-origin", answer.Headers.GetValues("Referrer-Policy").Single());
            Assert.Equal("same-origin", answer.Headers.GetValues("Cross-Origin-Opener-Policy").Single());
            Assert.True(answer.Headers.Contains("Permissions-Policy"));
            Assert.True(answer.Headers.CacheControl?.NoStore);
            Assert.False(answer.Headers.Contains("Server"));
            Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
        }
    }

    [Fact]
    public async Task Document_WithItsOwnScripts_IsSandboxed()
    {
        await using Door door = await Door.OpenAsync();

        using HttpResponseMessage answer = await door.GetAsync("/report.html");

        string policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.StartsWith("sandbox allow-scripts", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("allow-same-origin", policy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Body_LongerThanTheEndpointTakes_Is413()
    {
        await using Door door = await Door.OpenAsync();

        using HttpResponseMessage small = await door.SendAsync(HttpMethod.Post, "/api/v1/sweeps", content: new ByteArrayContent(new byte[1 << 20]));
        using HttpResponseMessage large = await door.SendAsync(HttpMethod.Post, "/api/v1/sweeps", headers: [("Expect", "100-continue")], content: new ByteArrayContent(new byte[(1 << 20) + 1]));
        using HttpResponseMessage blob = await door.SendAsync(HttpMethod.Put, "/api/v1/blobs/1", content: new ByteArrayContent(new byte[4 << 20]));
        using HttpResponseMessage largeBlob = await door.SendAsync(HttpMethod.Put, "/api/v1/blobs/1", headers: [("Expect", "100-continue")], content: new ByteArrayContent(new byte[(4 << 20) + 1]));

        Assert.Equal(HttpStatusCode.OK, small.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        Assert.Equal("application/problem+json", large.Content.Headers.ContentType?.MediaType);
        Assert.Equal(HttpStatusCode.OK, blob.StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, largeBlob.StatusCode);
    }

    [Theory]
    [InlineData(100, 10, "HTTP/1.1 431")] // headers
    [InlineData(10, 8000, "HTTP/1.1 431")] // bytes
    public async Task Headers_TooManyOrTooLong_Are431(int count, int length, string expected)
    {
        await using Door door = await Door.OpenAsync();
        string headers = string.Concat(Enumerable.Range(0, count).Select(i => $"X-{i}: {new string('a', length)}\r\n"));

        Assert.StartsWith(expected, await RawAsync(door, $"GET /open HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rate_OfOneCaller_IsLimitedAndComesBackWithTime()
    {
        HandTime time = new();
        await using Door door = await Door.WithTokensAsync(access => access with { Limits = new LimitOptions { CallerRate = 2, CallerBurst = 3 } }, time);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.OK, await door.StatusAsync("/api/v1/sweeps", door.Read));
        }

        using HttpResponseMessage fourth = await door.GetAsync("/api/v1/sweeps", door.Read);

        Assert.Equal(HttpStatusCode.TooManyRequests, fourth.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), fourth.Headers.RetryAfter?.Delta);
        Assert.Equal(HttpStatusCode.OK, await door.StatusAsync("/api/v1/sweeps", door.Submit));
        time.Move(TimeSpan.FromSeconds(0.5));
        Assert.Equal(HttpStatusCode.OK, await door.StatusAsync("/api/v1/sweeps", door.Read));
        Assert.Equal(HttpStatusCode.TooManyRequests, await door.StatusAsync("/api/v1/sweeps", door.Read));
    }

    [Fact]
    public async Task Rate_OfOneAddress_IsLimitedBeforeAnybodySignsIn()
    {
        await using Door door = await Door.WithTokensAsync(access => access with { Limits = new LimitOptions { AddressRate = 1, AddressBurst = 2 } }, new HandTime());

        Assert.Equal(HttpStatusCode.OK, await door.StatusAsync("/open"));
        Assert.Equal(HttpStatusCode.OK, await door.StatusAsync("/open"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await door.StatusAsync("/open"));
    }

    [Fact]
    public async Task Rate_OfFailedSignIns_IsLimitedButARightTokenIsTaken()
    {
        HandTime time = new();
        await using Door door = await Door.WithTokensAsync(access => access with { Limits = new LimitOptions { FailureBurst = 2 } }, time);
        string wrong = TokenSecret.New();
        Assert.Equal(HttpStatusCode.Unauthorized, await door.StatusAsync("/api/v1/sweeps", wrong));
        Assert.Equal(HttpStatusCode.Unauthorized, await door.StatusAsync("/api/v1/sweeps", wrong));

        Assert.Equal(HttpStatusCode.TooManyRequests, await door.StatusAsync("/api/v1/sweeps", wrong));

        Assert.Equal(HttpStatusCode.OK, await door.StatusAsync("/api/v1/sweeps", door.Read));
        time.Move(TimeSpan.FromSeconds(6));
        Assert.Equal(HttpStatusCode.Unauthorized, await door.StatusAsync("/api/v1/sweeps", wrong));
    }

    [Fact]
    public async Task Streams_OfOneCaller_AreLimitedAndGivenBack()
    {
        await using Door door = await Door.WithTokensAsync(access => access with { Limits = new LimitOptions { CallerStreams = 2 } });
        HttpResponseMessage first = await door.GetAsync("/api/v1/changes", door.Read);
        using HttpResponseMessage second = await door.GetAsync("/api/v1/changes", door.Read);
        Assert.Equal(HttpStatusCode.TooManyRequests, await door.StatusAsync("/api/v1/changes", door.Read));
        using HttpResponseMessage other = await door.GetAsync("/api/v1/changes", door.Submit);
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);

        first.Dispose();

        HttpStatusCode status = HttpStatusCode.TooManyRequests;
        for (int attempt = 0; attempt < 600 && status == HttpStatusCode.TooManyRequests; attempt++)
        {
            await Task.Delay(100); // until the server has noticed
            status = await door.StatusAsync("/api/v1/changes", door.Read);
        }

        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Fact]
    public async Task Stream_OfATokenThatIsRevoked_IsCutOff()
    {
        using TemporaryFolder folder = new();
        NewToken[] tokens = Door.MakeTokens();
        string file = folder["tokens"];
        Write(file, Door.Lines(tokens));
        HandTime time = new();
        await using Door door = await Door.StartAsync(tokens, access => access with { TokenLines = null, TokenFile = file }, time);
        using HttpResponseMessage stream = await door.GetAsync("/api/v1/changes", door.Read);
        await using Stream body = await stream.Content.ReadAsStreamAsync();
        byte[] buffer = new byte[64];
        Assert.True(await body.ReadAsync(buffer) > 0);

        Write(file, Door.Lines(tokens[1]));
        time.Move(TimeSpan.FromSeconds(15));

        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            while (await body.ReadAsync(buffer) > 0)
            {
            }
        });
        Assert.Equal(HttpStatusCode.Unauthorized, await door.StatusAsync("/api/v1/changes", door.Read));
    }

    internal static void Write(string file, string content)
    {
        File.WriteAllText(file, content);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    internal static async Task<string> RawAsync(Door door, string request)
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, door.Address.Port);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request));
        using StreamReader reader = new(client.GetStream(), Encoding.Latin1);
        StringBuilder answer = new();
        for (string? line; !string.IsNullOrEmpty(line = await reader.ReadLineAsync());)
        {
            answer.AppendLine(line);
        }

        return answer.ToString();
    }
}
