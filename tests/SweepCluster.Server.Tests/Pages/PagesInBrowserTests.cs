using Microsoft.Playwright;
using SweepCluster.Server.Tests.Sweeps;

namespace SweepCluster.Server.Tests.Pages;

/// <summary>How the pages look: every page, wide and narrow, light and dark.</summary>
public sealed class PagesInBrowserTests(PageBrowser browser, FinishedSweep sweep) : IClassFixture<PageBrowser>, IClassFixture<FinishedSweep>
{
    // Text against what lies behind it, as WCAG 2 measures contrast: 4.5, or 3 for large text. Cells of the heat map have their own colours, which the report's tests hold.
    internal const string Contrasts = """
        () => {
          const canvas = document.createElement("canvas"); canvas.width = canvas.height = 1;
          const context = canvas.getContext("2d", { willReadFrequently: true });
          const read = color => { context.clearRect(0, 0, 1, 1); context.fillStyle = color; context.fillRect(0, 0, 1, 1); return context.getImageData(0, 0, 1, 1).data; };
          const light = rgb => { const [r, g, b] = [...rgb].slice(0, 3).map(v => { v /= 255; return v <= 0.03928 ? v / 12.92 : Math.pow((v + 0.055) / 1.055, 2.4); }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
          const behind = item => { for (let at = item; at; at = at.parentElement) { const color = read(getComputedStyle(at).backgroundColor); if (color[3] > 230) return color; } return read("white"); };
          const faults = [];
          for (const item of document.querySelectorAll("body *")) {
            if (item.closest("svg, .heat, .off, [hidden], .unseen, .skip, option") || !item.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
            if (![...item.childNodes].some(node => node.nodeType === 3 && node.nodeValue.trim())) continue;
            const style = getComputedStyle(item), size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
            const a = light(read(style.color)), b = light(behind(item)), ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            if (ratio < (large ? 3 : 4.5)) faults.push(`${item.tagName}.${item.className} "${item.textContent.trim().slice(0, 30)}" ${ratio.toFixed(2)}`);
          }
          return faults;
        }
        """;

    private readonly List<string> _complaints = [];

    public static TheoryData<string, int, ColorScheme> Looks
    {
        get
        {
            TheoryData<string, int, ColorScheme> looks = [];
            foreach (string path in new[] { "/", "/sweeps/ID", "/silos", "/events", "/submit" })
            {
                looks.Add(path, 1400, ColorScheme.Light);
                looks.Add(path, 800, ColorScheme.Dark);
                looks.Add(path, 375, ColorScheme.Light);
            }

            return looks;
        }
    }

    [Theory, MemberData(nameof(Looks))]
    public async Task Page_AnyWidthAndColours_FitsReadsAndAsksNobodyElse(string path, int width, ColorScheme colors)
    {
        IPage page = await browser.OpenAsync(_complaints, width, colors);
        await page.GotoAsync(new Uri(sweep.Server.Client.BaseAddress!, path.Replace("ID", sweep.Id, StringComparison.Ordinal)).ToString());

        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= window.innerWidth"), "the page is wider than the window");
        Assert.Empty(await page.EvaluateAsync<string[]>(Contrasts));
        Assert.Empty(await page.EvaluateAsync<string[]>("[...document.querySelectorAll('input:not([type=hidden]), select, textarea')].filter(field => !field.labels.length).map(field => field.outerHTML)"));
        Assert.Empty(_complaints);
        await page.CloseAsync();
    }

    [Fact]
    public async Task Toggle_Dark_StaysOnTheNextPageFromItsFirstMoment()
    {
        IPage page = await browser.OpenAsync(_complaints);
        await page.GotoAsync(sweep.Server.Client.BaseAddress!.ToString());
        string light = await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor");
        await page.Locator(".theme").ClickAsync();
        await page.Locator(".theme").ClickAsync();
        Assert.NotEqual(light, await page.EvaluateAsync<string>("getComputedStyle(document.body).backgroundColor"));

        IResponse answer = (await page.GotoAsync(new Uri(sweep.Server.Client.BaseAddress!, "/silos").ToString()))!;

        Assert.Contains("data-theme=\"dark\"", await answer.TextAsync(), StringComparison.Ordinal);
    }
}
