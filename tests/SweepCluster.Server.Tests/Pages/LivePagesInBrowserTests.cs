using Microsoft.Playwright;
using SweepCluster.Server.Tests.Sweeps;
using SweepCluster.Testing;

namespace SweepCluster.Server.Tests.Pages;

/// <summary>The pages while a sweep runs, as a person uses them.</summary>
public sealed class LivePagesInBrowserTests(PageBrowser browser) : IClassFixture<PageBrowser>, IAsyncLifetime
{
    private readonly List<string> _complaints = [];
    private TinyServer _server = null!;

    public async Task InitializeAsync() => _server = await TinyServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Keyboard_FromListToExport_NeedsNoMouseAndNoReload()
    {
        IPage page = await browser.OpenAsync(_complaints);
        await page.GotoAsync(At("/"));
        await Assertions.Expect(page.GetByText("No sweep yet")).ToBeVisibleAsync();
        string id = await _server.SubmitAsync();
        await page.Locator($"#s-{id}").WaitForAsync(); // the list is live

        await PageBrowser.TabToAsync(page, $"#s-{id} a.name");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync($"**/sweeps/{id}");
        await page.EvaluateAsync("window.stayed = true");
        await PageBrowser.TabToAsync(page, "button[formaction$='/pause']");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator(".head .phase.paused").WaitForAsync();
        Assert.NotEqual("BODY", await page.EvaluateAsync<string>("document.activeElement.tagName")); // what had the focus is gone, its place is not
        await PageBrowser.TabToAsync(page, "button[formaction$='/resume']");
        await page.Keyboard.PressAsync("Enter");
        await page.Locator(".head .phase.running").WaitForAsync();

        using CancellationTokenSource stop = new();
        Task working = _server.Work(stop.Token);
        await PageBrowser.UntilAsync(page, "document.querySelectorAll('.view:not(.whole) .pt').length > 1"); // the frontier begins
        await page.Locator(".head .phase.finished").WaitForAsync();
        await page.Locator("#export select").WaitForAsync();
        Assert.True(await page.EvaluateAsync<int>("document.querySelectorAll('.view:not(.whole) .pt').length") > 5);
        Assert.True(await page.EvaluateAsync<bool>("window.stayed")); // nothing was loaded anew
        Assert.StartsWith("tiny, finished", await page.TitleAsync(), StringComparison.Ordinal);

        await PageBrowser.TabToAsync(page, "#export button[value=trial]");
        IDownload download = await page.RunAndWaitForDownloadAsync(() => page.Keyboard.PressAsync("Enter"));
        Assert.EndsWith(".mlpackage.zip", download.SuggestedFilename, StringComparison.Ordinal);
        Assert.Empty(_complaints);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => working);
    }

    [Fact]
    public async Task Stream_Broken_SaysSoAndComesBack()
    {
        string id = await _server.SubmitAsync();
        IPage page = await browser.OpenAsync(_complaints);
        await page.RouteAsync("**/live/**", route => route.AbortAsync());
        await page.GotoAsync(At($"/sweeps/{id}"));
        await Assertions.Expect(page.Locator(".link-state")).ToContainTextAsync("Trying again");

        await page.UnrouteAsync("**/live/**");
        await Assertions.Expect(page.Locator(".link-state")).ToBeHiddenAsync(new LocatorAssertionsToBeHiddenOptions { Timeout = 60_000 });
        await _server.Parts.Desk.ChangeAsync(id, new Engine.Clusters.SweepChange { Priority = 9 }, default);
        await PageBrowser.UntilAsync(page, "document.querySelector('.head').textContent.includes('priority 9')");
    }

    [Fact]
    public async Task WithoutScript_PauseAndRemove_Work()
    {
        string id = await _server.SubmitAsync();
        IPage page = await browser.OpenAsync(_complaints, script: false);
        await page.GotoAsync(At("/"));
        await page.Locator("a.name").ClickAsync();
        await page.Locator("button[formaction$='/pause']").ClickAsync();
        await Assertions.Expect(page.Locator(".head .phase")).ToContainTextAsync("paused");

        await page.Locator(".danger[popovertarget=ask-remove]").ClickAsync();
        await page.Locator("button[formaction$='/remove']").ClickAsync();

        await Assertions.Expect(page.GetByText("No sweep yet")).ToBeVisibleAsync();
        Assert.DoesNotContain(await _server.Parts.Desk.ListAsync(default), sweep => sweep.Id == id);
        Assert.Empty(_complaints);
    }

    [Fact]
    public async Task SubmitForm_FaultThenCountThenSubmit_KeepsWhatWasTyped()
    {
        string earlier = await _server.SubmitAsync();
        IPage page = await browser.OpenAsync([]);
        await page.GotoAsync(At("/submit"));
        await page.Locator("#spec").FillAsync("name: typed\nobjective: {metric: top1, max_dorp: 5}\nsamples: {probe: 32, choice: 200, confirm: 200}\nschemes:\n  - palettize: {nbits: 4}\n");
        await page.Locator("#model-from").SelectOptionAsync(earlier);
        await page.Locator("#data-from").SelectOptionAsync(earlier);
        await page.Locator("button[value=check]").ClickAsync();
        await Assertions.Expect(page.Locator(".faults a[data-line='2']")).ToBeVisibleAsync();
        Assert.True(await page.Locator(".gutter i.bad").CountAsync() == 1);
        Assert.Equal("faults", await page.EvaluateAsync<string>("document.activeElement.id"));
        Assert.Equal(earlier, await page.Locator("#model-from").InputValueAsync());

        await page.Locator("#spec").FillAsync((await page.Locator("#spec").InputValueAsync()).Replace("max_dorp", "max_drop", StringComparison.Ordinal));
        await page.Locator("button[value=check]").ClickAsync();
        await Assertions.Expect(page.Locator(".counted")).ToBeVisibleAsync();
        await page.Locator("button[value=submit]").ClickAsync();

        await page.WaitForURLAsync("**/sweeps/*");
        Assert.Contains(await _server.Parts.Desk.ListAsync(default), sweep => sweep.Record.Name == "typed");
    }

    [Fact]
    public async Task SubmitForm_ModelAsAFolder_IsTakenWhole()
    {
        string samples = Path.Combine(SharedData.Samples, "resnet20");
        IPage page = await browser.OpenAsync(_complaints);
        await page.GotoAsync(At("/submit"));
        await page.Locator("#spec").FillAsync("name: of-a-folder\nobjective: {metric: top1, max_drop: 5}\nsamples: {probe: 32, choice: 200, confirm: 200}\nschemes:\n  - palettize: {nbits: 4}\n");
        await page.Locator("#model-folder").SetInputFilesAsync(Path.Combine(samples, "ResNet20.mlpackage"));
        await page.Locator("#data-file").SetInputFilesAsync(Path.Combine(samples, "test-2000.npz"));
        await page.Locator("button[value=submit]").ClickAsync();

        await page.WaitForURLAsync("**/sweeps/*");
        Engine.Clusters.SweepListing sweep = Assert.Single(await _server.Parts.Desk.ListAsync(default), listing => listing.Record.Name == "of-a-folder");
        string same = await _server.SubmitAsync(); // of the same folder, from this machine's files
        Assert.Equal((await _server.Parts.Desk.FindAsync(same, default)).Record.ModelHash, sweep.Record.ModelHash);
        Assert.Empty(_complaints);
    }

    private string At(string path) => new Uri(_server.Client.BaseAddress!, path).ToString();
}
