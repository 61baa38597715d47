using Microsoft.Playwright;
using SweepCluster.Engine.Clusters;
using SweepCluster.Server.Access;
using SweepCluster.Server.Access.Tokens;
using SweepCluster.Server.Tests.Access;
using SweepCluster.Server.Tests.Sweeps;

namespace SweepCluster.Server.Tests.Pages;

/// <summary>The pages of a server that asks who is there, as a person uses them.</summary>
public sealed class SignedInPagesTests(PageBrowser browser) : IClassFixture<PageBrowser>, IAsyncLifetime
{
    private readonly List<string> _complaints = [];
    private readonly NewToken[] _tokens = [.. new[] { "read", "submit", "admin" }.Select(scope => NewToken.Make("of-" + scope, scope, null, DateTimeOffset.UnixEpoch))];
    private TinyServer _server = null!;
    private string _id = "";

    public async Task InitializeAsync()
    {
        _server = await TinyServer.StartAsync(options: new ServerOptions { Access = new AccessOptions { TokenLines = Door.Lines(_tokens) } });
        _id = await _server.SubmitAsync();
        await _server.Parts.Desk.ChangeAsync(_id, new SweepChange { Phase = Engine.Stores.SweepPhase.Paused }, default);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData(0, false, false)]
    [InlineData(1, true, false)]
    [InlineData(2, true, true)]
    public async Task SignIn_OfEachScope_ShowsTheButtonsThatItMayUse(int token, bool maySubmit, bool mayRemove)
    {
        IPage page = await SignedInAsync(token);

        await Assertions.Expect(page.Locator(".head h1")).ToHaveTextAsync("tiny"); // back where it was asked for
        await Assertions.Expect(page.Locator("button[formaction$='/resume']")).ToBeVisibleAsync(new LocatorAssertionsToBeVisibleOptions { Visible = maySubmit });
        await Assertions.Expect(page.Locator("#priority")).ToBeVisibleAsync(new LocatorAssertionsToBeVisibleOptions { Visible = maySubmit });
        await Assertions.Expect(page.Locator(".danger[popovertarget=ask-remove]")).ToBeVisibleAsync(new LocatorAssertionsToBeVisibleOptions { Visible = mayRemove });
        await Assertions.Expect(page.GetByText("New sweep")).ToHaveCountAsync(maySubmit ? 1 : 0);
        await Assertions.Expect(page.Locator(".user span")).ToHaveTextAsync(_tokens[token].Line.Split(':', ' ')[0]);

        await _server.Parts.Desk.ChangeAsync(_id, new SweepChange { Priority = 9 }, default);
        await PageBrowser.UntilAsync(page, "document.querySelector('.head').textContent.includes('priority 9')"); // its events come through the door too
        Assert.Empty(_complaints);
        await page.GotoAsync(At("/submit"));
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync(maySubmit ? "New sweep" : "Scope needed");
    }

    [Fact]
    public async Task Submitter_ResumesThenSignsOut_IsOutside()
    {
        IPage page = await SignedInAsync(1);
        await page.Locator("button[formaction$='/resume']").ClickAsync();
        await page.Locator(".head .phase.running").WaitForAsync();

        await page.GetByText("Sign out").ClickAsync();

        await page.WaitForURLAsync("**/sign-in");
        await page.GotoAsync(At($"/sweeps/{_id}"));
        await page.WaitForURLAsync("**/sign-in?return=*");
        Assert.Equal("running", (await _server.Parts.Desk.FindAsync(_id, default)).Phase);
        Assert.Empty(_complaints);
    }

    [Fact]
    public async Task SignIn_WrongToken_SaysSoAndTakesTheRightOneNext()
    {
        IPage page = await browser.OpenAsync([]);
        await page.GotoAsync(At("/events"));
        await page.Locator("#token").FillAsync("wrong");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("[role=alert]")).ToContainTextAsync("Not signed in");

        await page.Locator("#token").FillAsync(_tokens[0].Secret);
        await page.Keyboard.PressAsync("Enter");

        await page.WaitForURLAsync("**/events");
    }

    [Theory]
    [InlineData(1400, ColorScheme.Light)]
    [InlineData(375, ColorScheme.Dark)]
    public async Task SignInPage_AnyWidthAndColours_LooksAsTheOthers(int width, ColorScheme colors)
    {
        IPage page = await browser.OpenAsync(_complaints, width, colors);
        await page.GotoAsync(At("/"));

        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"), "the page is wider than the window");
        Assert.Empty(await page.EvaluateAsync<string[]>(PagesInBrowserTests.Contrasts));
        Assert.Equal("token", await page.EvaluateAsync<string>("document.activeElement.id"));
        Assert.Equal(0, await page.Locator("nav").CountAsync()); // it would lead nowhere
        Assert.Empty(_complaints);
    }

    private async Task<IPage> SignedInAsync(int token)
    {
        IPage page = await browser.OpenAsync(_complaints);
        await page.GotoAsync(At($"/sweeps/{_id}"));
        await page.Locator("#token").FillAsync(_tokens[token].Secret);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync($"**/sweeps/{_id}");
        return page;
    }

    private string At(string path) => new Uri(_server.Client.BaseAddress!, path).ToString();
}
