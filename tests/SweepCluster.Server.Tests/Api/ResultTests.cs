using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Runs;
using SweepCluster.Reports;
using SweepCluster.Server.Api.Exports;
using SweepCluster.Server.Api.Reports;
using SweepCluster.Server.Tests.Sweeps;
using SweepCluster.Sweeps.Summaries;
using SweepCluster.Testing;

namespace SweepCluster.Server.Tests.Api;

/// <summary>Trials, reports, exports and the result of a finished sweep, against what the folder of the same sweep holds.</summary>
public sealed class ResultTests(FinishedSweep finished) : IClassFixture<FinishedSweep>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private HttpClient Client => finished.Server.Client;

    private string Root => $"/api/v1/sweeps/{finished.Id}";

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("report", "report.json")]
    [InlineData("report.html", "report.html")]
    [InlineData("trials.csv", "trials.csv")]
    [InlineData("sensitivity.csv", "sensitivity.csv")]
    public async Task Report_OfFinishedSweep_HasTheBytesOfTheResultFolder(string path, string file)
    {
        await ReportWriter.WriteAsync(await finished.Server.Parts.Desk.FetchAsync(finished.Id, _folder.Path, withData: false, default), _folder.Path, default);

        Assert.Equal(await File.ReadAllBytesAsync(_folder.At(file)), await Client.GetByteArrayAsync($"{Root}/{path}"));
    }

    [Fact]
    public async Task Trials_PageByPage_AreAllInTheOrderOfTheCommandLine()
    {
        ResultFolder folder = await OpenAsync();
        List<string> read = [];
        for (string? after = null; read.Count == 0 || after is not null;)
        {
            JsonElement page = await Client.GetFromJsonAsync<JsonElement>($"{Root}/trials?limit=2{(after is null ? "" : $"&after={after}")}");
            read.AddRange(page.GetProperty("items").EnumerateArray().Select(trial => trial.GetProperty("id").GetString()!));
            after = page.GetProperty("next").GetString();
        }

        Assert.Equal(
            SweepCluster.Sweeps.Summaries.Queries.TrialQuery.Parse("", folder.Summary).Select(folder.Summary).Select(trial => trial.Id), read);
    }

    [Fact]
    public async Task Trials_FilteredAndSorted_AreThoseThatMatch()
    {
        ResultFolder folder = await OpenAsync();

        JsonElement page = await Client.GetFromJsonAsync<JsonElement>($"{Root}/trials?where={Uri.EscapeDataString("kind=uniform and family=palettize")}&sort=-size");

        Assert.Equal(
            folder.Summary.Trials.Where(trial => trial.Kind == SweepCluster.Sweeps.Plans.PlanKind.Uniform && trial.Label.StartsWith("pal", StringComparison.Ordinal)).OrderByDescending(trial => trial.SizeBytes).Select(trial => trial.Id),
            page.GetProperty("items").EnumerateArray().Select(trial => trial.GetProperty("id").GetString()));
    }

    [Theory]
    [InlineData("where=colour%3Dred", "colour")]
    [InlineData("where=size%3C", "expected")]
    [InlineData("sort=colour", "sort: found 'colour', expected one of drop, size, ratio, label, kind, proposed, ")]
    [InlineData("after=none", "after: found 'none'")]
    public async Task Trials_BadQuery_IsAProblem(string query, string detail)
    {
        HttpResponseMessage answer = await Client.GetAsync($"{Root}/trials?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(detail, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trial_OfLabel_HasItsMetricsAndSchemes()
    {
        SweepCluster.Sweeps.Summaries.TrialSummary expected = (await OpenAsync()).Summary.Trials.First(trial => trial.Label == "pal4");

        JsonElement trial = await Client.GetFromJsonAsync<JsonElement>($"{Root}/trials/pal4");

        Assert.Equal((expected.Id, expected.SizeBytes, "uniform"), (trial.GetProperty("id").GetString(), trial.GetProperty("sizeBytes").GetInt64(), trial.GetProperty("kind").GetString()));
        Assert.Equal(expected.Choice!.Values["top1"].Value, trial.GetProperty("choice").GetProperty("values").GetProperty("top1").GetProperty("value").GetDouble());
        Assert.Equal(expected.Schemes.Count, trial.GetProperty("schemes").EnumerateObject().Count());
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync($"{Root}/trials/none")).StatusCode);
    }

    [Fact]
    public async Task Sensitivities_InPages_AreThoseOfTheReport()
    {
        ResultFolder folder = await OpenAsync();
        JsonElement first = await Client.GetFromJsonAsync<JsonElement>($"{Root}/sensitivities?limit=7");
        JsonElement rest = await Client.GetFromJsonAsync<JsonElement>($"{Root}/sensitivities?limit=1000&after={Uri.EscapeDataString(first.GetProperty("next").GetString()!)}");

        Assert.Equal(
            folder.Summary.Sensitivities.Select(entry => (entry.Layer, entry.Scheme, entry.PayloadBytes)),
            first.GetProperty("items").EnumerateArray().Concat(rest.GetProperty("items").EnumerateArray())
                .Select(entry => (entry.GetProperty("layer").GetString()!, entry.GetProperty("scheme").GetString()!, entry.GetProperty("payloadBytes").Deserialize<long?>())));
    }

    [Fact]
    public async Task Export_OfTrial_IsTheModelThatTheCommandLineWrites()
    {
        using StringContent request = new("""{"trial":"pal4"}""", Encoding.UTF8, "application/json");
        HttpResponseMessage made = await Client.PostAsync($"{Root}/exports", request);
        JsonElement export = await made.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(made.StatusCode == HttpStatusCode.Created, export.ToString());
        Assert.Equal("ResNet20-pal4.mlpackage", export.GetProperty("name").GetString());

        HttpResponseMessage answer = await Client.GetAsync(export.GetProperty("href").GetString());
        byte[] archive = await answer.Content.ReadAsByteArrayAsync();
        using HttpRequestMessage part = new(HttpMethod.Get, export.GetProperty("href").GetString());
        part.Headers.Range = new(100, 199);
        HttpResponseMessage partly = await Client.SendAsync(part);

        Assert.Equal($"\"{export.GetProperty("sha256").GetString()}\"", answer.Headers.ETag?.Tag);
        Assert.Equal(export.GetProperty("sha256").GetString(), Convert.ToHexStringLower(SHA256.HashData(archive)));
        Assert.Equal(HttpStatusCode.PartialContent, partly.StatusCode);
        Assert.Equal(archive[100..200], await partly.Content.ReadAsByteArrayAsync());
        using ZipArchive zip = new(new MemoryStream(archive));
        zip.ExtractToDirectory(_folder.At("zip"));
        ResultFolder folder = await OpenAsync();
        Assert.Equal(export.GetProperty("sizeBytes").GetInt64(), await folder.ExportAsync(export.GetProperty("trial").GetString()!, _folder.At("own.mlpackage"), default));
        string[] files = [.. Directory.GetFiles(_folder.At("own.mlpackage"), "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(_folder.At("own.mlpackage"), file))];
        Assert.Equal(files.Length, zip.Entries.Count);
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(_folder.At("own.mlpackage", file)), File.ReadAllBytes(_folder.At("zip", "ResNet20-pal4.mlpackage", file))));
    }

    [Theory]
    [InlineData("{}", HttpStatusCode.UnprocessableEntity, "found several or none of trial, maxDrop and maxSizeBytes, expected exactly one.")]
    [InlineData("""{"trial":"pal4","maxDrop":1}""", HttpStatusCode.UnprocessableEntity, "expected exactly one.")]
    [InlineData("""{"maxDrop":101}""", HttpStatusCode.UnprocessableEntity, "maxDrop: found 101, expected 0 to 100 points.")]
    [InlineData("""{"maxDrop":"NaN"}""", HttpStatusCode.UnprocessableEntity, "maxDrop: found NaN, expected 0 to 100 points.")]
    [InlineData("""{"maxDrop":0}""", HttpStatusCode.UnprocessableEntity, "No plan is proven")]
    [InlineData("""{"maxSizeBytes":1}""", HttpStatusCode.UnprocessableEntity, "maxSizeBytes: no trial has at most 1 bytes; the smallest has ")]
    [InlineData("""{"trial":"none"}""", HttpStatusCode.NotFound, "trial none: found none, expected the id of one, its first digits, or its label.")]
    public async Task Export_NothingToExport_IsAProblem(string body, HttpStatusCode status, string detail)
    {
        using StringContent request = new(body, Encoding.UTF8, "application/json");

        HttpResponseMessage answer = await Client.PostAsync($"{Root}/exports", request);

        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(detail, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_WhoseArchiveSomebodyCleanedAway_IsMadeAgain()
    {
        ExportShelf shelf = finished.Server.Application.Services.GetRequiredService<ExportShelf>();
        SweepListing sweep = Assert.Single(await finished.Server.Parts.Desk.ListAsync(default));
        TrialSummary trial = (await OpenAsync()).Summary.Trials.First(held => held.Failure is null);
        (PackedModel model, FileStream content) = await shelf.OpenAsync(sweep, trial, default);
        await content.DisposeAsync();
        Directory.Delete(Path.GetDirectoryName(content.Name)!, recursive: true);

        byte[] archive = await Client.GetByteArrayAsync($"{Root}/exports/{trial.Id}");

        Assert.Equal(model.Sha256, Convert.ToHexStringLower(SHA256.HashData(archive)));
    }

    [Fact]
    public async Task Report_WhoseFileSomebodyCleanedAway_IsWrittenAgain()
    {
        ReportShelf shelf = finished.Server.Application.Services.GetRequiredService<ReportShelf>();
        SweepListing sweep = Assert.Single(await finished.Server.Parts.Desk.ListAsync(default));
        byte[] first = await Client.GetByteArrayAsync($"{Root}/trials.csv");
        using (FileStream kept = Assert.IsType<FileStream>(shelf.TryOpen(sweep, "getTrialsTable")))
        {
            Directory.Delete(Path.GetDirectoryName(kept.Name)!, recursive: true);
        }

        Assert.Equal(first, await Client.GetByteArrayAsync($"{Root}/trials.csv"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Result_OfFinishedSweep_IsAResultFolder(bool withData)
    {
        byte[] archive = await Client.GetByteArrayAsync($"{Root}/result.zip?data={(withData ? "true" : "false")}");

        using ZipArchive zip = new(new MemoryStream(archive));
        zip.ExtractToDirectory(_folder.At("home"));
        Assert.Equal(finished.Id, Assert.Single(await finished.Server.Parts.Store.ListSweepsAsync(default)).Id);
        Assert.Equal("tiny", (await ResultFolder.OpenAsync(_folder.At("home"), default)).Summary.Name);
        Assert.Equal(withData, File.Exists(_folder.At("home", ".sweep", "data", "test-2000.npz")));
        Assert.False(File.Exists(_folder.At("home", ".sweep", "lock")));
    }

    private async Task<ResultFolder> OpenAsync()
    {
        await finished.Server.Parts.Desk.FetchAsync(finished.Id, _folder.At("result"), withData: false, default);
        return await ResultFolder.OpenAsync(_folder.At("result"), default);
    }
}
