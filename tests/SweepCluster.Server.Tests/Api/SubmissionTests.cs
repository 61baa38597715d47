using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using SweepCluster.Server.Api.Contracts;
using SweepCluster.Server.Tests.Sweeps;
using SweepCluster.Testing;

namespace SweepCluster.Server.Tests.Api;

public sealed class SubmissionTests : IAsyncLifetime
{
    private TinyServer _server = null!;

    private HttpClient Client => _server.Client;

    public async Task InitializeAsync() => _server = await TinyServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Submit_FilesSentInParts_IsTheSameSweepAsFromThisMachine()
    {
        SubmitRequest request = await Upload.TinyAsync(Client);

        HttpResponseMessage answer = await Upload.SubmitAsync(Client, request);

        JsonElement submission = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(answer.StatusCode == HttpStatusCode.Created, submission.ToString());
        string id = submission.GetProperty("sweep").GetProperty("id").GetString()!;
        Assert.Equal($"/api/v1/sweeps/{id}", answer.Headers.Location?.OriginalString);
        Assert.True(submission.GetProperty("isNew").GetBoolean());
        Assert.Equal("no silo is there; the sweep waits until one is started.", Assert.Single(submission.GetProperty("notices").EnumerateArray()).GetString());
        Assert.Equal(id, await _server.SubmitAsync()); // from the samples of this machine: the same sweep
        HttpResponseMessage again = await Upload.SubmitAsync(Client, request);
        Assert.Equal((HttpStatusCode.OK, false), (again.StatusCode, (await again.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("isNew").GetBoolean()));
    }

    [Fact]
    public async Task Count_Request_SaysWhatItWouldBeAndLeavesNothing()
    {
        SubmitRequest request = await Upload.TinyAsync(Client);

        HttpResponseMessage answer = await Upload.SubmitAsync(Client, request with { Settings = ["name=counted"] }, path: "/api/v1/plans");

        JsonElement count = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(answer.StatusCode == HttpStatusCode.OK, count.ToString());
        Assert.Equal(("counted", 5, 3), (count.GetProperty("name").GetString(), count.GetProperty("uniformPlans").GetInt32(), count.GetProperty("mixedPlans").GetInt32()));
        Assert.Equal(count.GetProperty("layers").GetInt32() * 5, count.GetProperty("probes").GetInt32());
        Assert.Empty(await _server.Parts.Store.ListSweepsAsync(default));
    }

    [Fact]
    public async Task Submit_SameKeyTwice_IsDoneOnceAndAnotherBodyIsRefused()
    {
        SubmitRequest request = await Upload.TinyAsync(Client);

        HttpResponseMessage[] answers = await Task.WhenAll(Upload.SubmitAsync(Client, request, "one"), Upload.SubmitAsync(Client, request, "one"), Upload.SubmitAsync(Client, request, "one"));

        string first = await answers[0].Content.ReadAsStringAsync();
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.StatusCode));
        Assert.All(answers, answer => Assert.Equal(first, answer.Content.ReadAsStringAsync().Result));
        HttpResponseMessage other = await Upload.SubmitAsync(Client, request with { Priority = 3 }, "one");
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "/problems/key-reused"), (other.StatusCode, (await other.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString()));
    }

    [Theory]
    [InlineData("{}", "body: found no 'spec', 'files', expected it.")]
    [InlineData("""{"spec":"x","files":null}""", "$.files: found a value of another kind, expected that of /openapi.json.")]
    [InlineData("""{"spec":null,"files":[]}""", "$.spec: found null, expected a value.")]
    [InlineData("""{"spec":"x","files":[null]}""", "files: found null, expected a file.")]
    [InlineData("""{"spec":"x","files":[{"path":"a"}]}""", "$.files[0]: found no 'parts', expected it.")]
    [InlineData("""{"spec":"x","files":[{"path":"a","parts":[null]}]}""", "files[0].parts: found a part that is no SHA-256 in lower-case hexadecimal.")]
    [InlineData("""{"spec":"seed: 1","files":[]}""", "sweep.yaml: found no key 'data', expected labelled data to measure on, or a command of your own in 'objective'.")]
    public async Task Submit_OnlyTheNeededKeysOrLess_IsReadAsItIs(string body, string detail)
    {
        using StringContent content = new(body, System.Text.Encoding.UTF8, "application/json");

        HttpResponseMessage answer = await Client.PostAsync("/api/v1/sweeps", content);

        Assert.InRange(answer.StatusCode, HttpStatusCode.BadRequest, HttpStatusCode.UnprocessableEntity);
        JsonElement problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Contains(detail, problem.GetProperty("faults").EnumerateArray().Select(fault => fault.GetString()).Append(problem.GetProperty("detail").GetString()));
    }

    [Fact]
    public async Task Submit_PartsMissing_ListsThem()
    {
        string absent = Convert.ToHexStringLower(SHA256.HashData("absent"u8));
        HttpResponseMessage answer = await Upload.SubmitAsync(Client, new SubmitRequest("model: a.npz", [new FileResource("a.npz", [absent])]));

        JsonElement problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((HttpStatusCode.UnprocessableEntity, "/problems/parts-missing"), (answer.StatusCode, problem.GetProperty("type").GetString()));
        Assert.Equal(absent, Assert.Single(problem.GetProperty("missing").EnumerateArray()).GetString());
    }

    [Theory]
    [InlineData("../escaped.npz")]
    [InlineData("/etc/escaped.npz")]
    [InlineData("a/../../escaped.npz")]
    [InlineData("a//b.npz")]
    [InlineData(".hidden")]
    [InlineData("a\\b.npz")]
    [InlineData("a\0b.npz")]
    [InlineData("a:b.npz")]
    [InlineData("")]
    [InlineData("sweep.yaml")]
    public async Task Submit_FileOfAnImpossibleName_IsRefused(string name)
    {
        FileResource file = await Upload.SendAsync(Client, name, [1, 2, 3]);

        HttpResponseMessage answer = await Upload.SubmitAsync(Client, new SubmitRequest("model: a.npz", [file]));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
    }

    [Theory]
    [InlineData("model: /etc", "sweep.yaml, line 1: model: found '/etc', expected the relative path of a file that came with the spec")]
    [InlineData("model: ../../../etc", "sweep.yaml, line 1: model: found '../../../etc', expected the relative path of a file that came with the spec")]
    [InlineData("model: m/../../x", "sweep.yaml, line 1: model: found 'm/../../x', expected the relative path of a file that came with the spec")]
    [InlineData("data: {path: /etc/passwd}", "sweep.yaml, line 1: data.path: found '/etc/passwd', expected the relative path of a file that came with the spec")]
    [InlineData("data: {path: m, labels: /etc/passwd}", "found '/etc/passwd', expected the relative path of a file that came with the spec")]
    [InlineData("plans: [/etc/passwd]", "plans: found '/etc/passwd', expected the relative path of a file that came with the spec")]
    public async Task Submit_SpecThatNamesFilesOfTheServer_IsRefused(string spec, string fault)
    {
        FileResource file = await Upload.SendAsync(Client, "m/a.txt", [1]);

        HttpResponseMessage answer = await Upload.SubmitAsync(Client, new SubmitRequest(spec, [file]));

        string problem = await answer.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Contains(fault, JsonDocument.Parse(problem).RootElement.GetProperty("faults").ToString().Replace("\\u0027", "'", StringComparison.Ordinal) + JsonDocument.Parse(problem).RootElement.GetProperty("detail"), StringComparison.Ordinal);
        Assert.DoesNotContain("sweep-silo-", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_PictureListThatLeadsOut_IsRefused()
    {
        SubmitRequest tiny = await Upload.TinyAsync(Client);
        FileResource labels = await Upload.SendAsync(Client, "pictures/labels.csv", "file,label\n../../../../../../etc/hostname,1\n"u8.ToArray());
        SubmitRequest request = tiny with { Files = [.. tiny.Files, labels], Settings = ["data.path=pictures"] };

        HttpResponseMessage answer = await Upload.SubmitAsync(Client, request);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal(
            "data.labels: found a picture outside of the request's files, expected relative paths of files that came with the spec.",
            (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Submit_Command_IsRefusedUnlessTheServerAllowsIt()
    {
        SubmitRequest request = (await Upload.TinyAsync(Client)) with { Settings = ["objective.command=[touch, '{model}']", "objective.metric=score"] };

        HttpResponseMessage answer = await Upload.SubmitAsync(Client, request);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.StartsWith("objective.command: found a command, expected none", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Submit_BrokenModel_SaysWhereWithoutTheServersPaths()
    {
        SubmitRequest tiny = await Upload.TinyAsync(Client);
        FileResource manifest = await Upload.SendAsync(Client, "m/ResNet20.mlpackage/Manifest.json", "{}"u8.ToArray());
        SubmitRequest request = tiny with { Files = [.. tiny.Files.Where(file => file.Path != manifest.Path), manifest] };

        HttpResponseMessage answer = await Upload.SubmitAsync(Client, request);

        string detail = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString()!;
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.StartsWith("m/ResNet20.mlpackage/Manifest.json", detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Blob_WrongHashTooLongOrBadName_IsRefusedAndNothingIsStored()
    {
        string hash = Convert.ToHexStringLower(SHA256.HashData("right"u8));

        HttpResponseMessage wrong = await Upload.PutAsync(Client, hash, "wrong"u8.ToArray());
        HttpResponseMessage large = await Upload.PutAsync(Client, hash, new byte[(16 << 20) + 1]);
        using HttpRequestMessage chunked = new(HttpMethod.Put, $"/api/v1/blobs/{hash}") { Content = new StreamContent(new MemoryStream(new byte[(16 << 20) + 1])) };
        chunked.Headers.TransferEncodingChunked = true;
        HttpResponseMessage streamed = await Client.SendAsync(chunked);
        HttpResponseMessage named = await Upload.PutAsync(Client, "..%2f..%2fetc", "x"u8.ToArray());
        using HttpRequestMessage look = new(HttpMethod.Head, $"/api/v1/blobs/{hash}");

        Assert.Equal(
            [HttpStatusCode.UnprocessableEntity, HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.BadRequest, HttpStatusCode.NotFound],
            new[] { wrong, large, streamed, named, await Client.SendAsync(look) }.Select(answer => answer.StatusCode));
        Assert.False(await _server.Parts.Blobs.TouchAsync(hash, default));
        Assert.Equal(HttpStatusCode.Created, (await Upload.PutAsync(Client, hash, "right"u8.ToArray())).StatusCode);
        using HttpRequestMessage again = new(HttpMethod.Head, $"/api/v1/blobs/{hash}");
        Assert.Equal(HttpStatusCode.OK, (await Client.SendAsync(again)).StatusCode);
    }

    [Fact]
    public async Task Submit_PartsThatWereDamagedInTheStore_NamesThemAllAndTakesThemAgain()
    {
        SubmitRequest request = await Upload.TinyAsync(Client);
        string[] damaged = [.. request.Files.Take(2).Select(file => Assert.Single(file.Parts)).Order(StringComparer.Ordinal)];
        byte[][] whole = [.. damaged.Select(hash => File.ReadAllBytes(Stored(hash)))];
        foreach (string hash in damaged)
        {
            await File.WriteAllTextAsync(Stored(hash), "other");
        }

        HttpResponseMessage refused = await Upload.SubmitAsync(Client, request);
        JsonElement problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
        foreach ((string hash, byte[] content) in damaged.Zip(whole))
        {
            await Upload.PutAsync(Client, hash, content);
        }

        Assert.Equal("/problems/parts-missing", problem.GetProperty("type").GetString());
        Assert.Equal(damaged, problem.GetProperty("missing").EnumerateArray().Select(hash => hash.GetString()));
        Assert.Equal(HttpStatusCode.Created, (await Upload.SubmitAsync(Client, request)).StatusCode);

        string Stored(string hash) => _server.At("store", "blobs", hash[..2], hash);
    }

    [Fact]
    public async Task Submit_PartsThatWereAboutToBeCollected_KeepsThemYoung() // a submission and HEAD mean the same by a part that is there
    {
        SubmitRequest request = await Upload.TinyAsync(Client);
        string[] parts = [.. request.Files.SelectMany(file => file.Parts).Distinct()];
        foreach (string hash in parts)
        {
            File.SetLastWriteTimeUtc(_server.At("store", "blobs", hash[..2], hash), TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-3));
        }

        await Upload.SubmitAsync(Client, request, path: "/api/v1/plans"); // which leaves nothing that refers to them
        await _server.Parts.Blobs.CollectAsync(new HashSet<string>(), TimeSpan.FromHours(1), default);

        Assert.All(parts, hash => Assert.True(File.Exists(_server.At("store", "blobs", hash[..2], hash))));
    }

    [Fact]
    public async Task Blob_ThatSomebodyAsksFor_IsKeptAsIfItHadJustCome() // who is told that it is there does not send it
    {
        string asked = await _server.Parts.Blobs.PutAsync("asked for"u8.ToArray(), default), other = await _server.Parts.Blobs.PutAsync("not asked for"u8.ToArray(), default);
        foreach (string hash in (string[])[asked, other])
        {
            File.SetLastWriteTimeUtc(_server.At("store", "blobs", hash[..2], hash), TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-3));
        }

        HttpStatusCode found = await LookAsync(asked);
        await _server.Parts.Blobs.CollectAsync(new HashSet<string>(), TimeSpan.FromHours(1), default);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.NotFound), (found, await LookAsync(asked), await LookAsync(other)));
    }

    private async Task<HttpStatusCode> LookAsync(string hash)
    {
        using HttpRequestMessage look = new(HttpMethod.Head, $"/api/v1/blobs/{hash}");
        return (await Client.SendAsync(look)).StatusCode;
    }

    [Fact]
    public async Task Submit_SameFilesFromOtherFolders_MakesPortableSpecOfThem() // a regression would put this machine's paths into the sweep
    {
        await Upload.SubmitAsync(Client, await Upload.TinyAsync(Client));

        string request = Assert.Single(await _server.Parts.Store.ListSweepsAsync(default)).Request;

        Assert.DoesNotContain(Path.GetTempPath(), request, StringComparison.Ordinal);
        Assert.DoesNotContain(SharedData.Repository, request, StringComparison.Ordinal);
    }
}
