using Microsoft.Playwright;
using SweepCluster.Reports.Listing;

namespace SweepCluster.Server.Tests.Pages;

/// <summary>The page of a sweep with 10,000 trials: what is sent and drawn is bounded, everything can be reached, and what a person is at stays when something changes.</summary>
public sealed class LargeSweepPageTests(PageBrowser browser) : IClassFixture<PageBrowser>
{
    private readonly List<string> _complaints = [];

    [Fact]
    public async Task Page_TenThousandTrials_IsBoundedAndPaged()
    {
        await using LargeSweepServer server = await LargeSweepServer.StartAsync(10_000);
        IPage page = await browser.OpenAsync(_complaints);
        await page.GotoAsync(server.Page.ToString());

        Assert.Equal(TrialQuery.PageSize, await page.Locator(".trials tbody tr").CountAsync());
        Assert.InRange(await page.EvaluateAsync<int>("document.querySelectorAll('*').length"), 1, 20_000);
        Assert.InRange((await page.EvaluateAsync<string>("document.documentElement.outerHTML")).Length, 1, 3_000_000);

        await page.Locator("a.sort", new PageLocatorOptions { HasText = "Plan" }).ClickAsync();
        await page.Locator("th[aria-sort=ascending]").WaitForAsync();
        await page.Locator(".part-trials .pager a", new PageLocatorOptions { HasText = "Next" }).ClickAsync();
        await page.GetByText("Page 2 of 201").WaitForAsync();
        Assert.Contains("sort=plan", page.Url, StringComparison.Ordinal); // an address that can be passed on
        await page.Locator("select[name=kind]").SelectOptionAsync("given");
        await PageBrowser.UntilAsync(page, "document.querySelectorAll('.trials tbody tr').length === 1");
        Assert.Empty(_complaints);
    }

    [Fact]
    public async Task Page_SomethingChanges_KeepsFocusDetailsSelectionAndPlace()
    {
        await using LargeSweepServer server = await LargeSweepServer.StartAsync(2_000);
        IPage page = await browser.OpenAsync(_complaints);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ReducedMotion = ReducedMotion.Reduce }); // no smooth scrolling, which would still be under way below
        await page.GotoAsync(server.Page.ToString());
        await page.Locator("#skipped details > summary").First.ClickAsync();
        await page.Locator(".trials tbody tr").Nth(3).Locator("td").First.ClickAsync();
        ILocator point = page.Locator(".view.focus .pt.front[data-trial], .view.single .pt.front[data-trial]").First;
        string trial = (await point.GetAttributeAsync("data-trial"))!;
        await point.FocusAsync();
        string before = await page.EvaluateAsync<string>("JSON.stringify([scrollY, document.querySelector('tr.on').dataset.trial, document.querySelector('#skipped details').open])");
        string hash = (await page.Locator(".part-frontier").GetAttributeAsync("data-hash"))!;
        await page.EvaluateAsync("window.kept = document.querySelector('.trials tbody tr')");

        server.Show(2_400);

        await PageBrowser.UntilAsync(page, "hash => document.querySelector('.part-frontier').dataset.hash !== hash", hash);
        await PageBrowser.UntilAsync(page, "document.querySelector('#trials h2 .count').textContent === '2,400'");
        Assert.Equal(trial, await page.EvaluateAsync<string>("document.activeElement.dataset.trial"));
        Assert.Equal(before, await page.EvaluateAsync<string>("JSON.stringify([scrollY, document.querySelector('tr.on').dataset.trial, document.querySelector('#skipped details').open])"));
        Assert.True(await page.EvaluateAsync<bool>("window.kept.isConnected")); // rows that did not change were not made anew
        Assert.Empty(_complaints);
    }

    [Fact]
    public async Task Page_FieldInUse_IsNotSwapped()
    {
        await using LargeSweepServer server = await LargeSweepServer.StartAsync(200);
        IPage page = await browser.OpenAsync(_complaints);
        await page.GotoAsync(server.Page.ToString());
        await page.Locator("#priority").FillAsync("12");

        server.Show(300);
        await PageBrowser.UntilAsync(page, "document.querySelector('#trials h2 .count').textContent === '300'"); // another part moved on

        Assert.Equal("12", await page.Locator("#priority").InputValueAsync());
        Assert.Equal("priority", await page.EvaluateAsync<string>("document.activeElement.id"));
        await page.Locator("#priority").BlurAsync();
        await PageBrowser.UntilAsync(page, "document.querySelector('.head').textContent.includes('300')"); // it moves on when the field is left
        Assert.Equal("12", await page.Locator("#priority").InputValueAsync());
    }
}
