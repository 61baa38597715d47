using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using SweepCluster.Server.Tests.Sweeps;

namespace SweepCluster.Server.Tests.Api;

public sealed class SweepEndpointsTests(FinishedSweep finished) : IClassFixture<FinishedSweep>
{
    private HttpClient Client => finished.Server.Client;

    [Fact]
    public async Task List_FinishedSweep_TellsItsCounts()
    {
        JsonElement page = await Client.GetFromJsonAsync<JsonElement>("/api/v1/sweeps");

        JsonElement sweep = Assert.Single(page.GetProperty("items").EnumerateArray());
        Assert.Equal((finished.Id, "tiny", "finished"), (sweep.GetProperty("id").GetString(), sweep.GetProperty("name").GetString(), sweep.GetProperty("phase").GetString()));
        Assert.Equal(sweep.GetProperty("jobs").GetInt64(), sweep.GetProperty("results").GetInt64());
        Assert.Equal(JsonValueKind.Null, page.GetProperty("next").ValueKind);
        Assert.InRange(sweep.GetProperty("submitted").GetDateTimeOffset(), TimeProvider.System.GetUtcNow().AddHours(-1), TimeProvider.System.GetUtcNow());
    }

    [Theory]
    [InlineData("?limit=0", "limit: found 0, expected 1 to 1000.")]
    [InlineData("?limit=ten", "limit: found 'ten', expected a whole number.")]
    [InlineData("?phase=done", "phase: found 'done', expected one of running, paused, cancelled, stopped, finished.")]
    [InlineData("?after=0123456789abcdef", "after: found '0123456789abcdef', expected the value of 'next' of an earlier page; begin again without it.")]
    public async Task List_BadParameter_IsAProblem(string query, string detail)
    {
        HttpResponseMessage answer = await Client.GetAsync($"/api/v1/sweeps{query}");

        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        JsonElement problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("/problems/malformed", 400, detail), (problem.GetProperty("type").GetString(), problem.GetProperty("status").GetInt32(), problem.GetProperty("detail").GetString()));
    }

    [Fact]
    public async Task Progress_OfFirstDigits_IsTheFinishedState()
    {
        JsonElement progress = await Client.GetFromJsonAsync<JsonElement>($"/api/v1/sweeps/{finished.Id[..6]}/progress");

        Assert.Equal(("finished", "finished", 1.0), (progress.GetProperty("phase").GetString(), progress.GetProperty("stage").GetString(), progress.GetProperty("share").GetDouble()));
        JsonElement frontier = await Client.GetFromJsonAsync<JsonElement>($"/api/v1/sweeps/{finished.Id}/frontier");
        Assert.NotEqual(0, frontier.GetProperty("frontier").GetArrayLength());
        Assert.Equal(frontier.GetProperty("frontier").GetRawText(), progress.GetProperty("frontier").GetRawText());
    }

    [Theory]
    [InlineData("/api/v1/sweeps/ffffffffffffffff", "sweep ffffffffffffffff: found none, expected the id of one or its first digits, in lower-case hexadecimal.")]
    [InlineData("/api/v1/sweeps/..%2f..%2fetc", "sweep ..%2f..%2fetc: found none, expected the id of one or its first digits, in lower-case hexadecimal.")]
    [InlineData("/api/v1/nothing", "found no such address, expected one of those in /openapi.json.")]
    public async Task Get_NothingThere_IsAProblem(string path, string detail)
    {
        HttpResponseMessage answer = await Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        JsonElement problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("/problems/not-found", detail), (problem.GetProperty("type").GetString(), problem.GetProperty("detail").GetString()));
    }

    [Theory]
    [InlineData("""{"phase":"paused"}""", HttpStatusCode.Conflict, "found it finished, expected one that goes on.")]
    [InlineData("""{"phase":"stopped"}""", HttpStatusCode.UnprocessableEntity, "phase: found 'stopped', expected running, paused or cancelled.")]
    [InlineData("""{"attempts":0}""", HttpStatusCode.UnprocessableEntity, "attempts: found 0, expected 1 or more.")]
    [InlineData("""{"timeLimitSeconds":"NaN"}""", HttpStatusCode.UnprocessableEntity, "timeLimitSeconds: found NaN, expected more than 0 and at most 31622400.")]
    [InlineData("""{"colour":"red"}""", HttpStatusCode.BadRequest, "$.colour: found the key 'colour', expected one of those in /openapi.json.")]
    [InlineData("""{"priority":1,"priority":2}""", HttpStatusCode.BadRequest, "$.priority: found the key 'priority' twice, expected it once.")]
    [InlineData("""{"priority":""", HttpStatusCode.BadRequest, "$.priority: found text that is no JSON, line 1, byte 13.")]
    [InlineData("""{"priority":"high"}""", HttpStatusCode.BadRequest, "$.priority: found a value of another kind, expected that of /openapi.json.")]
    [InlineData("", HttpStatusCode.BadRequest, "body: found none, expected one as /openapi.json has it.")]
    public async Task Change_Unusable_IsAProblem(string body, HttpStatusCode status, string detail)
    {
        using StringContent content = new(body, System.Text.Encoding.UTF8, "application/json");

        HttpResponseMessage answer = await Client.PatchAsync($"/api/v1/sweeps/{finished.Id}", content);

        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(detail, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Changes_OfFinishedSweep_TellItsStateAndTheEndThenNothing()
    {
        string text = await Client.GetStringAsync($"/api/v1/sweeps/{finished.Id}/changes");

        Assert.Matches("^event: frontier\ndata: \\{.*\\}\n\nevent: progress\nid: \\d+\ndata: \\{.*\"phase\":\"finished\".*\\}\n\nevent: end\ndata: \\{\"phase\":\"finished\",\"reason\":null\\}\n\n$", text);
        using HttpRequestMessage again = new(HttpMethod.Get, $"/api/v1/sweeps/{finished.Id}/changes");
        again.Headers.Add("Last-Event-ID", text.Split('\n').First(line => line.StartsWith("id: ", StringComparison.Ordinal))[4..]);
        Assert.Equal(HttpStatusCode.NoContent, (await Client.SendAsync(again)).StatusCode);
    }
}
