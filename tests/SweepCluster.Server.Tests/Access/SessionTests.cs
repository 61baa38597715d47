using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using SweepCluster.Server.Access;
using SweepCluster.Server.Access.Sessions;
using SweepCluster.Server.Access.Tokens;
using SweepCluster.Server.Tests.Sweeps;
using SweepCluster.Testing;

namespace SweepCluster.Server.Tests.Access;

public sealed class SessionTests
{
    [Fact]
    public async Task SignIn_RightToken_GivesASessionThatSignsOut()
    {
        await using Door door = await Door.WithTokensAsync();
        CookieContainer cookies = new();
        using HttpClient browser = door.NewClient(cookies);

        using HttpResponseMessage signedIn = await SignInAsync(browser, door.Submit, "/page?x=1");

        Assert.Equal(HttpStatusCode.SeeOther, signedIn.StatusCode);
        Assert.Equal("/page?x=1", signedIn.Headers.Location?.OriginalString);
        string cookie = signedIn.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith("sweep-session-", StringComparison.Ordinal) && !value.Contains("1970", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("path=/", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain=", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(door.Submit, cookie, StringComparison.Ordinal);

        string[] page = (await browser.GetStringAsync("/page")).Split('|');
        Assert.Equal(("submitter", "Submit", "/sign-out", "True"), (page[0], page[1], page[4], page[5]));
        using HttpResponseMessage forged = await browser.PostAsync("/sign-out", new FormUrlEncodedContent([]));
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        using HttpResponseMessage signedOut = await browser.PostAsync("/sign-out", new FormUrlEncodedContent([new(Visitor.FormField, page[2])]));
        Assert.Equal("/sign-in", signedOut.Headers.Location?.OriginalString);

        // The cookie that was, sent again.
        Assert.Equal(HttpStatusCode.Unauthorized, await door.StatusAsync("/page", null, ("Cookie", cookie.Split(';')[0])));
    }

    [Fact]
    public async Task Post_OfASession_NeedsItsFormTokenWhateverTheBody()
    {
        await using Door door = await Door.WithTokensAsync();
        using HttpClient browser = door.NewClient(new CookieContainer()), other = door.NewClient(new CookieContainer());
        (await SignInAsync(browser, door.Submit)).Dispose();
        (await SignInAsync(other, door.Submit)).Dispose();
        string own = (await browser.GetStringAsync("/page")).Split('|')[2], others = (await other.GetStringAsync("/page")).Split('|')[2];

        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(browser, null, null));
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(browser, others, null));
        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(browser, null, others));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(browser, own, null));
        Assert.Equal(HttpStatusCode.OK, await PostAsync(browser, null, own));

        static async Task<HttpStatusCode> PostAsync(HttpClient client, string? field, string? header)
        {
            using HttpRequestMessage request = new(HttpMethod.Post, "/api/v1/sweeps")
            {
                Content = field is null ? new StringContent("{}", System.Text.Encoding.UTF8, "application/json") : new FormUrlEncodedContent([new(Visitor.FormField, field)]),
            };
            if (header is not null)
            {
                request.Headers.Add(Visitor.FormHeader, header);
            }

            using HttpResponseMessage answer = await client.SendAsync(request);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task SignIn_WithoutThePagesCookie_IsRefused()
    {
        await using Door door = await Door.WithTokensAsync();

        using HttpResponseMessage answer = await door.SendAsync(HttpMethod.Post, "/sign-in", content: new FormUrlEncodedContent([new(Visitor.FormField, "x"), new("token", door.Admin)]));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.DoesNotContain(answer.Headers.GetValues("Set-Cookie"), value => value.StartsWith("sweep-session", StringComparison.Ordinal));
    }

    [Fact]
    public async Task SignIn_WrongToken_ShowsWhyAndNotTheToken()
    {
        await using Door door = await Door.WithTokensAsync();
        using HttpClient browser = door.NewClient(new CookieContainer());
        string wrong = TokenSecret.New();

        using HttpResponseMessage answer = await SignInAsync(browser, wrong);

        string page = await answer.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Contains("unknown, revoked or expired", page, StringComparison.Ordinal);
        Assert.DoesNotContain(wrong, page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("/a\r\nSet-Cookie: x", "/")]
    [InlineData("", "/")]
    [InlineData("/sweeps/1?x=%2F", "/sweeps/1?x=%2F")]
    public void SafePlace_OfAnotherHost_IsTheFirstPage(string place, string expected) => Assert.Equal(expected, SignInPaths.SafePlace(place));

    [Fact]
    public async Task SignInPage_HostileReturn_IsEscaped()
    {
        await using Door door = await Door.WithTokensAsync();

        string page = await door.Client.GetStringAsync("/sign-in?return=%2F%22%3E%3Cscript%3E");

        Assert.DoesNotMatch("(?i)<script(?! src=\"/assets/)", page);
        Assert.Contains("&quot;&gt;&lt;script&gt;", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Session_EndsAfterItsTimeAndWithItsToken()
    {
        using TemporaryFolder folder = new();
        NewToken[] tokens = Door.MakeTokens();
        DoorTests.Write(folder["tokens"], Door.Lines(tokens));
        HandTime time = new();
        await using Door door = await Door.StartAsync(tokens, access => access with { TokenLines = null, TokenFile = folder["tokens"] }, time);
        using HttpResponseMessage first = await BeginAsync(door, door.Read), second = await BeginAsync(door, door.Submit);
        string reader = Cookie(first), submitter = Cookie(second);
        Assert.Equal(HttpStatusCode.OK, await door.StatusAsync("/page", null, ("Cookie", reader)));

        DoorTests.Write(folder["tokens"], Door.Lines(tokens[1], tokens[2]));
        time.Move(TimeSpan.FromSeconds(1));

        Assert.Equal(HttpStatusCode.Unauthorized, await door.StatusAsync("/page", null, ("Cookie", reader)));
        Assert.Equal(HttpStatusCode.OK, await door.StatusAsync("/page", null, ("Cookie", submitter)));
        time.Move(TimeSpan.FromHours(8));
        Assert.Equal(HttpStatusCode.Unauthorized, await door.StatusAsync("/page", null, ("Cookie", submitter)));
    }

    [Fact]
    public void Begin_Many_HoldsABoundedNumber()
    {
        HandTime time = new();
        SessionBook book = new(TimeSpan.FromHours(1), time);
        Caller caller = new("a", AccessScope.Read, SignInWay.Token, "a", null);
        (string first, _) = book.Begin(caller);
        time.Move(TimeSpan.FromSeconds(1));

        string last = Enumerable.Range(0, 60).Select(_ => book.Begin(caller).Secret).ToArray()[^1]; // Last() alone would begin one

        Assert.Null(book.Find(first));
        Assert.NotNull(book.Find(last));
    }

    [Fact]
    public async Task SignIn_OnTheWholeServer_EveryEndpointSaysWhoMayUseIt()
    {
        await using TinyServer server = await TinyServer.StartAsync();
        RouteEndpoint[] endpoints =
            [.. server.Application.Services.GetServices<EndpointDataSource>().SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()];

        Assert.True(endpoints.Length > 20, $"{endpoints.Length} endpoints");
        Assert.All(endpoints, endpoint => Assert.True(endpoint.Metadata.GetMetadata<RequiredScope>() is not null, endpoint.DisplayName));
        string[] open = [.. endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<RequiredScope>() is { Scope: null }).Select(endpoint => endpoint.RoutePattern.RawText!).Distinct().Order(StringComparer.Ordinal)];
        Assert.All(open, path => Assert.Matches("^/(healthz|readyz|sign-in|sign-out|sign-in\\.css|assets/.+|openapi\\.json)$", path));
    }

    private static string Cookie(HttpResponseMessage answer) =>
        answer.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith("sweep-session-", StringComparison.Ordinal) && !value.Contains("1970", StringComparison.Ordinal)).Split(';')[0];

    private static async Task<HttpResponseMessage> BeginAsync(Door door, string token)
    {
        using HttpClient browser = door.NewClient(new CookieContainer());
        return await SignInAsync(browser, token);
    }

    private static async Task<HttpResponseMessage> SignInAsync(HttpClient browser, string token, string place = "/")
    {
        string page = await browser.GetStringAsync($"/sign-in?return={Uri.EscapeDataString(place)}");
        string value = page.Split($"name=\"{Visitor.FormField}\" value=\"")[1].Split('"')[0];
        return await browser.PostAsync("/sign-in", new FormUrlEncodedContent([new(Visitor.FormField, value), new("token", token), new("return", place)]));
    }
}
