using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;
using SweepCluster.Server.Pages;
using SweepCluster.Server.Tests.Sweeps;

namespace SweepCluster.Server.Tests.Pages;

/// <summary>The pages of a server with a finished sweep, as they come over the wire.</summary>
public sealed partial class PageTests(FinishedSweep sweep) : IClassFixture<FinishedSweep>
{
    private Uri Address => sweep.Server.Client.BaseAddress!;

    [Theory]
    [InlineData("/")]
    [InlineData("/sweeps/ID")]
    [InlineData("/silos")]
    [InlineData("/events")]
    [InlineData("/submit")]
    [InlineData("/sweeps/nothing")]
    public async Task Page_Any_HasNoScriptOrStyleWithinItAndAsksNobodyElse(string path)
    {
        string page = await ReadAsync(path);

        Assert.DoesNotMatch("(?i)<script(?![^>]* src=\"/assets/)|<style|\\sstyle=|\\son[a-z]+=\"|javascript:", page);
        Assert.All(Addresses().Matches(page).Select(match => match.Groups[1].Value), address => Assert.True(address[0] is '/' or '#' or '?', address));
        Assert.Contains("<html lang=\"en\"", page, StringComparison.Ordinal);
        Assert.Contains("<h1>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asset_ByItsHash_MayBeKeptForEver()
    {
        foreach (PageAsset asset in PageAssets.All)
        {
            using HttpResponseMessage answer = await sweep.Server.Client.GetAsync(asset.Path);
            Assert.Contains("immutable", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
            Assert.Equal(asset.Content, await answer.Content.ReadAsByteArrayAsync());
            using BrotliStream unpacked = new(new MemoryStream(asset.Packed), CompressionMode.Decompress);
            using MemoryStream bytes = new();
            await unpacked.CopyToAsync(bytes);
            Assert.Equal(asset.Content, bytes.ToArray());
        }
    }

    [Fact]
    public async Task SweepPage_Finished_ShowsVerdictFrontierTrialsAndFiles()
    {
        string page = await ReadAsync("/sweeps/ID");

        foreach (string id in new[] { "recommendation", "frontier", "silos", "events", "trials", "export", "sensitivity", "skipped", "provenance" })
        {
            Assert.Contains($"id=\"{id}\"", page, StringComparison.Ordinal);
        }

        Assert.Contains("<title>tiny, finished", page, StringComparison.Ordinal);
        foreach (string file in Addresses().Matches(page).Select(match => match.Groups[1].Value).Where(address => address.StartsWith("/api/", StringComparison.Ordinal)).Distinct())
        {
            using HttpResponseMessage answer = await sweep.Server.Client.GetAsync(file);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact]
    public async Task SweepPage_SortedBySize_ListsTheSmallestFirst()
    {
        long[] Sizes(string page) => [.. Bytes().Matches(page).Select(match => long.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture))];

        long[] sizes = Sizes(await ReadAsync("/sweeps/ID?sort=size"));

        Assert.Equal(sizes.Order(), sizes);
        Assert.Equal(sizes.Reverse(), Sizes(await ReadAsync("/sweeps/ID?sort=size&order=desc")));
    }

    [Theory]
    [InlineData("/sweeps/nothing")]
    [InlineData("/sweeps/%3Cscript%3Ealert(1)%3C/script%3E")]
    public async Task SweepPage_NoSuchSweep_IsNotFound(string path)
    {
        using HttpResponseMessage answer = await sweep.Server.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.DoesNotContain("<script>alert", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_Form_GivesTheVerifiedModel()
    {
        using HttpClient client = PageForms.Plain(Address);
        string page = await ReadAsync("/sweeps/ID"), trial = Option().Match(page).Groups[1].Value;

        using HttpResponseMessage answer = await client.PostAsync($"/sweeps/{sweep.Id}/export", PageForms.Fields(PageForms.TokenOf(page), ("way", "trial"), ("trial", trial)));

        Assert.Equal("application/zip", answer.Content.Headers.ContentType!.MediaType);
        using ZipArchive archive = new(await answer.Content.ReadAsStreamAsync());
        Assert.Contains(archive.Entries, entry => entry.FullName.EndsWith(".mlpackage/Manifest.json", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("remove")]
    [InlineData("export")]
    public async Task Action_WithoutThePagesToken_IsRefused(string action)
    {
        using HttpClient client = PageForms.Plain(Address);

        using HttpResponseMessage answer = await client.PostAsync($"/sweeps/{sweep.Id}/{action}", PageForms.Fields("wrong", ("way", "trial")));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal("finished", (await sweep.Server.Parts.Desk.FindAsync(sweep.Id, default)).Phase);
    }

    [Fact]
    public async Task Action_OnAFinishedSweep_SaysWhyNot()
    {
        using HttpClient client = PageForms.Plain(Address);

        using HttpResponseMessage answer = await client.PostAsync($"/sweeps/{sweep.Id}/pause", PageForms.Fields(PageForms.TokenOf(await ReadAsync("/"))));

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains("expected one that goes on", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Live_OfAFinishedSweep_SendsWhatTheBrowserLacksAndEnds()
    {
        string page = await ReadAsync("/sweeps/ID");
        while (page.Contains("Reading the results", StringComparison.Ordinal) || !page.Contains("<title>tiny, finished", StringComparison.Ordinal)) // states come a moment after the store's
        {
            page = await ReadAsync("/sweeps/ID");
        }

        string have = string.Join(',', Parts().Matches(page).Select(match => $"{match.Groups[1].Value}:{match.Groups[2].Value}").Where(part => !part.StartsWith("trials:", StringComparison.Ordinal)));

        string events = await sweep.Server.Client.GetStringAsync($"/live/sweeps/{sweep.Id}?have={Uri.EscapeDataString(have)}"); // a stream that ends

        Assert.Contains("\"name\":\"trials\"", events, StringComparison.Ordinal);
        Assert.DoesNotContain("\"name\":\"frontier\"", events, StringComparison.Ordinal);
        Assert.Contains("event: over\n", events, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Live_OfNoSweep_SaysThatItIsGone() =>
        Assert.StartsWith("event: gone\n", await sweep.Server.Client.GetStringAsync("/live/sweeps/nothing"), StringComparison.Ordinal);

    private async Task<string> ReadAsync(string path)
    {
        using HttpResponseMessage answer = await sweep.Server.Client.GetAsync(path.Replace("ID", sweep.Id, StringComparison.Ordinal));
        return await answer.Content.ReadAsStringAsync();
    }

    [GeneratedRegex("\\s(?:href|src|action|formaction)=\"([^\"]+)\"")]
    private static partial Regex Addresses();

    [GeneratedRegex("<td class=\"num\" data-v=\"(\\d+)\" title=\"[\\d,]+ bytes\"")]
    private static partial Regex Bytes();

    [GeneratedRegex("<option value=\"([0-9a-f]{16,})\"")]
    private static partial Regex Option();

    [GeneratedRegex("data-part=\"([a-z]+)\" data-hash=\"([^\"]+)\"")]
    private static partial Regex Parts();
}
