using Microsoft.Playwright;

namespace SweepCluster.Server.Tests.Pages;

/// <summary>A real browser: Debian's Chromium.</summary>
public sealed class PageBrowser : IAsyncLifetime
{
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    /// <summary>Starts it.</summary>
    public async Task InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
        });
    }

    /// <summary>Closes it.</summary>
    public async Task DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    /// <summary>A page of its own window.</summary>
    /// <param name="complaints">Receives errors and warnings of the console, and requests to other places.</param>
    /// <param name="width">Width in CSS pixels.</param>
    /// <param name="colors">What the system prefers.</param>
    /// <param name="script">Whether scripts run.</param>
    internal async Task<IPage> OpenAsync(List<string> complaints, int width = 1400, ColorScheme colors = ColorScheme.Light, bool script = true)
    {
        IPage page = await _browser.NewPageAsync(new BrowserNewPageOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            ColorScheme = colors,
            JavaScriptEnabled = script,
        });
        page.SetDefaultTimeout(60_000); // on a machine that is busy with something else
        page.Console += (_, message) => complaints.AddRange(message.Type is "error" or "warning" ? [message.Text] : []);
        page.PageError += (_, error) => complaints.Add(error);
        page.Request += (_, request) => complaints.AddRange(request.Url.StartsWith("http://127.0.0.1:", StringComparison.Ordinal) ? [] : [request.Url]);
        return page;
    }

    /// <summary>Waits until something holds; the pages' content security policy lets no text be run as script, not even a test's.</summary>
    internal static async Task UntilAsync(IPage page, string condition, object? argument = null)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromMinutes(2));
        while (!await page.EvaluateAsync<bool>(condition, argument))
        {
            Assert.False(limit.IsCancellationRequested, $"{condition} never held.");
            await Task.Delay(50);
        }
    }

    /// <summary>Presses Tab until something has the focus.</summary>
    internal static async Task TabToAsync(IPage page, string selector)
    {
        const int Most = 400;
        for (int press = 0; press < Most; press++)
        {
            await page.Keyboard.PressAsync("Tab");
            if (await page.EvaluateAsync<bool>("selector => document.activeElement.matches(selector)", selector))
            {
                return;
            }
        }

        Assert.Fail($"{selector} is not reached by the Tab key.");
    }
}
