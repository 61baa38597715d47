using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using SweepCluster.Engine.Clusters;
using SweepCluster.Server.Tests.Sweeps;

namespace SweepCluster.Server.Tests.Pages;

/// <summary>The submit form as a browser without script sends it.</summary>
public sealed partial class SubmitPageTests : IAsyncLifetime
{
    private const string Spec = """
        name: by-form
        objective: {metric: top1, max_drop: 5.0}
        samples: {probe: 32, choice: 200, confirm: 200}
        schemes:
          - palettize: {nbits: [4, 6]}
        """;

    private TinyServer _server = null!;
    private HttpClient _client = null!;
    private string _token = "";

    public async Task InitializeAsync()
    {
        _server = await TinyServer.StartAsync();
        _client = PageForms.Plain(_server.Client.BaseAddress!);
        _token = PageForms.TokenOf(await _client.GetStringAsync("/submit"));
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Check_WrongKeys_SaysEveryFaultWithItsLineAndKeepsTheText()
    {
        (HttpStatusCode status, string page) = await PostAsync(Spec.Replace("max_drop", "max_dorp", StringComparison.Ordinal).Replace("nbits: [4, 6]", "nbits: [5]", StringComparison.Ordinal), "check");

        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Equal(["2", "5"], Lines().Matches(page).Select(match => match.Groups[1].Value).Distinct());
        Assert.Contains("max_dorp", page, StringComparison.Ordinal);
        Assert.Contains("Model: found none", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckThenSubmit_UploadedOnce_HandsIn()
    {
        (_, string counted) = await PostAsync(Spec, "check", ("model-file", "Net.zip", PageForms.ZippedModel()), ("data-file", "test.npz", PageForms.Data()));
        Assert.Contains("What it will be", counted, StringComparison.Ordinal);
        Assert.Contains("ResNet20.mlpackage", counted, StringComparison.Ordinal);
        Assert.Empty(await _server.Parts.Desk.ListAsync(default));

        using MultipartFormDataContent form = PageForms.Submit(_token, Spec, "submit");
        form.Add(new StringContent(Kept().Match(counted).Groups[1].Value), "model-kept");
        form.Add(new StringContent(Kept().Matches(counted)[1].Groups[1].Value), "data-kept");
        using HttpResponseMessage answer = await _client.PostAsync("/submit", form);

        SweepListing sweep = Assert.Single(await _server.Parts.Desk.ListAsync(default));
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal($"/sweeps/{sweep.Id}", answer.Headers.Location!.ToString());
        Assert.Equal("by-form", sweep.Record.Name);
    }

    [Fact]
    public async Task Submit_FilesOfAnEarlierSweep_NeedsNoUpload()
    {
        string earlier = await _server.SubmitAsync();
        using MultipartFormDataContent form = PageForms.Submit(_token, Spec, "submit");
        form.Add(new StringContent(earlier), "model-from");
        form.Add(new StringContent(earlier), "data-from");

        using HttpResponseMessage answer = await _client.PostAsync("/submit", form);

        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        SweepListing[] sweeps = [.. await _server.Parts.Desk.ListAsync(default)];
        Assert.Equal(2, sweeps.Length);
        Assert.Equal(sweeps[0].Record.ModelHash, sweeps[1].Record.ModelHash);
        Assert.Equal(sweeps[0].Record.DataHash, sweeps[1].Record.DataHash);
    }

    [Theory]
    [InlineData("../../evil.txt")]
    [InlineData("/etc/evil")]
    [InlineData("Net.mlpackage/.hidden/../../x")]
    [InlineData("C:\\evil")]
    public async Task Check_ArchiveThatLeadsElsewhere_IsRefused(string name)
    {
        using MemoryStream zip = new();
        using (ZipArchive archive = new(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream entry = archive.CreateEntry(name).Open();
            entry.Write("x"u8);
        }

        (HttpStatusCode status, string page) = await PostAsync(Spec, "check", ("model-file", "Net.zip", zip.ToArray()));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains("Model: found a file named", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_NoArchive_SaysSo()
    {
        (_, string page) = await PostAsync(Spec, "check", ("model-file", "Net.zip", Encoding.UTF8.GetBytes("not a zip")));

        Assert.Contains("no zip archive or a damaged one", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_FieldThatTheFormDoesNotHave_IsRefused()
    {
        using MultipartFormDataContent form = PageForms.Submit(_token, Spec, "check");
        form.Add(new StringContent("x"), "another");

        using HttpResponseMessage answer = await _client.PostAsync("/submit", form);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Check_FieldsThatAreTooMuchTogether_AreRefused()
    {
        using MultipartFormDataContent form = PageForms.Submit(_token, Spec, "check");
        for (int time = 0; time < 5; time++)
        {
            form.Add(new StringContent(new string('x', 1 << 20)), "spec");
        }

        using HttpResponseMessage answer = await _client.PostAsync("/submit", form);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.StatusCode);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("""{"Name":"x","Settings":[],"Files":[null]}""")]
    [InlineData("""{"Name":"x","Settings":[],"Files":[{"Path":"a"}]}""")]
    public async Task Check_KeptListThatIsNone_IsAFault(string blob)
    {
        using MultipartFormDataContent form = PageForms.Submit(_token, Spec, "check");
        form.Add(new StringContent(await _server.Parts.Blobs.PutAsync(Encoding.UTF8.GetBytes(blob), default)), "model-kept");

        using HttpResponseMessage answer = await _client.PostAsync("/submit", form);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains("Model: what was uploaded is not there any more", WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_ArchiveThatUnpacksToTooMuch_IsRefusedBeforeItIsUnpacked()
    {
        using MemoryStream zip = new();
        using (ZipArchive archive = new(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            for (int number = 0; number < 17; number++)
            {
                using Stream entry = archive.CreateEntry($"part-{number}.bin", CompressionLevel.NoCompression).Open();
                entry.Write("x"u8);
            }
        }

        byte[] bytes = zip.ToArray();
        for (int at = 0; (at = Find(bytes, at)) >= 0; at++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at + 24), uint.MaxValue - 1); // the size that the archive's list says: together just below 68 GiB
        }

        (HttpStatusCode status, string page) = await PostAsync(Spec, "check", ("data-file", "data.zip", bytes));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Contains("Labelled data: found 17 files in data.zip, of more than 68719476736 bytes", page, StringComparison.Ordinal);

        static int Find(byte[] bytes, int from) => bytes.AsSpan(from).IndexOf("PK\u0001\u0002"u8) is >= 0 and var at ? from + at : -1;
    }

    [Fact]
    public async Task Submit_WithoutThePagesToken_StoresNothing()
    {
        using HttpResponseMessage answer = await _client.PostAsync("/submit", PageForms.Submit("wrong", Spec, "submit", ("data-file", "test.npz", "never stored"u8.ToArray())));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.False(await _server.Parts.Blobs.TouchAsync(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("never stored"u8)), default));
    }

    private async Task<(HttpStatusCode, string)> PostAsync(string spec, string button, params (string, string, byte[])[] files)
    {
        using HttpResponseMessage answer = await _client.PostAsync("/submit", PageForms.Submit(_token, spec, button, files));
        return (answer.StatusCode, WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync()));
    }

    [GeneratedRegex("data-line=\"(\\d+)\"")]
    private static partial Regex Lines();

    [GeneratedRegex("-kept\" value=\"([0-9a-f]{64})\"")]
    private static partial Regex Kept();
}
