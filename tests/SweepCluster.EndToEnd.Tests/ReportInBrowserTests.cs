using Microsoft.Playwright;
using SweepCluster.Reports.Json;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.EndToEnd.Tests;

/// <summary>The report as a person uses it: opened from disk in a real browser, wide and narrow, light and dark.</summary>
public sealed class ReportInBrowserTests(TinySweep sweep) : IClassFixture<TinySweep>, IAsyncLifetime
{
    private readonly List<string> _complaints = [];
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    public async Task InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
        });
    }

    public async Task DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    [Theory]
    [InlineData(1400, 900, ColorScheme.Light)]
    [InlineData(375, 800, ColorScheme.Light)]
    [InlineData(800, 900, ColorScheme.Dark)]
    public async Task Report_AnyWidth_FitsAndAsksForNothing(int width, int height, ColorScheme colors)
    {
        IPage page = await OpenAsync(width, height, colors);

        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"), "the page is wider than the window");
        Assert.Empty(_complaints);
    }

    [Fact]
    public async Task Report_PointChosenInThePlot_SelectsItsRow()
    {
        IPage page = await OpenAsync(1400, 900, ColorScheme.Light);
        ILocator point = page.Locator(".pt[data-trial]:visible").First;
        string? trial = await point.GetAttributeAsync("data-trial");

        await point.DispatchEventAsync("click");

        Assert.True(await page.Locator($"table.trials tr[data-trial='{trial}'].on").IsVisibleAsync());
    }

    [Fact]
    public async Task Report_TableFilteredAndSorted_ShowsMixedPlansBySize()
    {
        IPage page = await OpenAsync(1400, 900, ColorScheme.Light);

        await page.Locator("[data-filter=kind]").SelectOptionAsync("mixed");
        await page.Locator("table.trials th", new PageLocatorOptions { HasText = "Size" }).Locator("button").ClickAsync();

        string[] shown = await page.Locator("table.trials tbody tr:visible").EvaluateAllAsync<string[]>("rows => rows.map(row => row.dataset.trial)");
        SweepSummary summary = ReportJson.Deserialize(await File.ReadAllTextAsync(Path.Combine(sweep.Results, "report.json")));
        IEnumerable<TrialSummary> mixed = summary.Trials.Where(trial => trial.Kind == Sweeps.Plans.PlanKind.Mixed);
        Assert.Equal(mixed.OrderBy(trial => trial.SizeBytes).Select(trial => trial.Id), shown);
    }

    private async Task<IPage> OpenAsync(int width, int height, ColorScheme colors)
    {
        IPage page = await _browser.NewPageAsync(new BrowserNewPageOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = colors,
        });
        page.Console += (_, message) => _complaints.AddRange(message.Type is "error" or "warning" ? [message.Text] : []);
        page.PageError += (_, error) => _complaints.Add(error);
        page.Request += (_, request) => _complaints.AddRange(request.Url.StartsWith("file:", StringComparison.Ordinal) || request.Url.StartsWith("data:", StringComparison.Ordinal) ? [] : [request.Url]);
        await page.GotoAsync(new Uri(Path.Combine(sweep.Results, "report.html")).AbsoluteUri);
        return page;
    }
}
