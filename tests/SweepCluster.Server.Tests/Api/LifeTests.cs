using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using SweepCluster.Engine.Stores;
using SweepCluster.Server.Tests.Sweeps;

namespace SweepCluster.Server.Tests.Api;

/// <summary>The life of sweeps over HTTP, on a folder and on a database.</summary>
public abstract class LifeTests : IAsyncLifetime
{
    private TinyServer _server = null!;

    private HttpClient Client => _server.Client;

    private protected abstract Task<string?> StoreAsync();

    public async Task InitializeAsync() => _server = await TinyServer.StartAsync(await StoreAsync());

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Changes_WhileASweepRuns_TellGrowingCountsFrontiersAndTheEnd()
    {
        string id = await _server.SubmitAsync();
        Task<List<(string Name, long? Id, JsonElement Data)>> reading = ReadAsync(id, null);
        await _server.WorkAsync();

        List<(string Name, long? Id, JsonElement Data)> events = await reading;

        long[] numbers = [.. events.Where(entry => entry.Id is not null).Select(entry => entry.Id!.Value)];
        long[] results = [.. events.Where(entry => entry.Name == "progress").Select(entry => entry.Data.GetProperty("results").GetInt64())];
        Assert.Equal(numbers.Order(), numbers);
        Assert.Equal(numbers.Distinct(), numbers);
        Assert.Equal(results.Order(), results);
        Assert.True(results.Length > 2, $"{results.Length} states");
        Assert.Equal("end", events[^1].Name);
        Assert.Equal(("finished", 1.0), (events[^2].Data.GetProperty("phase").GetString(), events[^2].Data.GetProperty("share").GetDouble()));
        Assert.Equal(events[^2].Data.GetProperty("jobs").GetInt64(), results[^1]);
        Assert.True(events.Count(entry => entry.Name == "frontier") < results.Length);
        JsonElement frontier = events.Last(entry => entry.Name == "frontier").Data;
        Assert.Equal(frontier.GetProperty("frontier").GetRawText(), events[^2].Data.GetProperty("frontier").GetRawText());

        // Who was cut off goes on with what is new: here the last state, once.
        List<(string Name, long? Id, JsonElement Data)> rest = await ReadAsync(id, numbers[^2]);
        Assert.Equal(["frontier", "progress", "end"], rest.Select(entry => entry.Name));
        Assert.Equal(results[^1], rest[1].Data.GetProperty("results").GetInt64());
    }

    [Fact]
    public async Task Sweeps_PausedChangedCancelledRemoved_TellSoEverywhere()
    {
        string id = await _server.SubmitAsync(), other = await _server.SubmitAsync("other", seed: 8);

        HttpResponseMessage paused = await PatchAsync(id, """{"phase":"paused","priority":4,"attempts":2,"timeLimitSeconds":90}""");
        JsonElement sweep = await paused.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("paused", 4, 2, 90.0), (sweep.GetProperty("phase").GetString(), sweep.GetProperty("priority").GetInt32(), sweep.GetProperty("attempts").GetInt32(), sweep.GetProperty("timeLimitSeconds").GetDouble()));
        string tag = paused.Headers.ETag!.Tag;
        Assert.Equal(HttpStatusCode.OK, (await PatchAsync(id, """{"timeLimitSeconds":0}""", tag)).StatusCode);
        HttpResponseMessage late = await PatchAsync(id, """{"priority":9}""", tag);
        Assert.Equal((HttpStatusCode.PreconditionFailed, "/problems/changed"), (late.StatusCode, (await late.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString()));
        Assert.Equal(JsonValueKind.Null, (await Client.GetFromJsonAsync<JsonElement>($"/api/v1/sweeps/{id}")).GetProperty("timeLimitSeconds").ValueKind);

        Assert.Equal([id], await ListAsync("?phase=paused"));
        Assert.Equal([other], await ListAsync("?name=other"));
        Assert.Equal([other], await ListAsync($"?after={id}"));
        Assert.Equal([id], await ListAsync("?limit=1"));
        Assert.Equal(HttpStatusCode.Conflict, (await Client.DeleteAsync($"/api/v1/sweeps/{other}")).StatusCode);

        Assert.Equal(HttpStatusCode.OK, (await PatchAsync(id, """{"phase":"cancelled"}""")).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await PatchAsync(id, """{"phase":"paused"}""")).StatusCode);
        List<(string Name, long? Id, JsonElement Data)> events = await ReadAsync(id, null);
        Assert.Equal("cancelled", events[^1].Data.GetProperty("phase").GetString());
        Assert.Equal(HttpStatusCode.OK, (await Client.DeleteAsync($"/api/v1/sweeps/{id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await Client.GetAsync($"/api/v1/sweeps/{id}")).StatusCode);
        JsonElement told = await Client.GetFromJsonAsync<JsonElement>($"/api/v1/events?limit=1000");
        Assert.Equal(
            ["submitted", "changed", "changed", "changed", "removed"],
            told.GetProperty("items").EnumerateArray().Where(entry => entry.GetProperty("sweep").GetString() == id).Select(entry => entry.GetProperty("kind").GetString()));
        Assert.Equal([other], await ListAsync(""));
    }

    [Fact]
    public async Task Silos_OneThatWorks_HoldsJobsAboutLayersAndPlans()
    {
        await _server.SubmitAsync();
        using CancellationTokenSource stop = new();
        Task working = _server.Work(stop.Token, slots: 1);
        List<JsonElement> jobs = [];
        while (!jobs.Exists(job => job.GetProperty("about").ValueKind == JsonValueKind.String))
        {
            JsonElement silos = await Client.GetFromJsonAsync<JsonElement>("/api/v1/silos");
            jobs.AddRange(silos.GetProperty("items").EnumerateArray().SelectMany(silo => silo.GetProperty("jobs").EnumerateArray()));
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => working);
        JsonElement found = jobs.First(job => job.GetProperty("about").ValueKind == JsonValueKind.String);
        Assert.Contains(found.GetProperty("kind").GetString(), new[] { "layer", "probe", "trial" });
        Assert.InRange(found.GetProperty("seconds").GetDouble(), 0, 600);
        Assert.Empty((await Client.GetFromJsonAsync<JsonElement>("/api/v1/silos")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Server_StoppedInTheMiddle_GoesOnWithEverythingThatWasRecorded()
    {
        string id = await _server.SubmitAsync();
        using CancellationTokenSource stop = new();
        Task working = _server.Work(stop.Token);
        while ((await _server.Parts.Store.ReadStatusAsync(id, default)).Results < 5)
        {
            await Task.Delay(20);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => working);
        await _server.RestartAsync();
        SweepStatus after = await _server.Parts.Store.ReadStatusAsync(id, default);
        await _server.WorkAsync();

        Assert.InRange(after.Results, 5, after.Jobs);
        Assert.NotNull(after.Added);
        Assert.Equal("finished", (await Client.GetFromJsonAsync<JsonElement>($"/api/v1/sweeps/{id}")).GetProperty("phase").GetString());
        Assert.NotEqual(0, (await Client.GetFromJsonAsync<JsonElement>($"/api/v1/sweeps/{id}/trials")).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Trials_BeforeAnythingIsMeasured_AreNoneAndTheReportSaysSo()
    {
        string id = await _server.SubmitAsync();

        Assert.Equal(0, (await Client.GetFromJsonAsync<JsonElement>($"/api/v1/sweeps/{id}/trials")).GetProperty("items").GetArrayLength());
        HttpResponseMessage report = await Client.GetAsync($"/api/v1/sweeps/{id}/report.html");
        Assert.Equal((HttpStatusCode.Conflict, "/problems/not-measured"), (report.StatusCode, (await report.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("type").GetString()));
        Assert.Equal(HttpStatusCode.Conflict, (await Client.GetAsync($"/api/v1/sweeps/{id}/result.zip")).StatusCode);
    }

    [Fact]
    public async Task ListChanges_SweepHandedIn_TellsOfIt()
    {
        using HttpResponseMessage answer = await Client.GetAsync("/api/v1/changes", HttpCompletionOption.ResponseHeadersRead);
        using StreamReader reader = new(await answer.Content.ReadAsStreamAsync());
        await NextAsync(reader);

        await _server.SubmitAsync();

        Assert.Equal("change", (await NextAsync(reader)).Name);
    }

    private async Task<string[]> ListAsync(string query) =>
        [.. (await Client.GetFromJsonAsync<JsonElement>($"/api/v1/sweeps{query}")).GetProperty("items").EnumerateArray().Select(sweep => sweep.GetProperty("id").GetString()!)];

    private async Task<HttpResponseMessage> PatchAsync(string id, string body, string? tag = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Patch, $"/api/v1/sweeps/{id}") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (tag is not null)
        {
            request.Headers.IfMatch.Add(new(tag));
        }

        return await Client.SendAsync(request);
    }

    private async Task<List<(string Name, long? Id, JsonElement Data)>> ReadAsync(string id, long? last)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, $"/api/v1/sweeps/{id}/changes");
        if (last is { } number)
        {
            request.Headers.Add("Last-Event-ID", number.ToString(CultureInfo.InvariantCulture));
        }

        using HttpResponseMessage answer = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        using StreamReader reader = new(await answer.Content.ReadAsStreamAsync());
        List<(string Name, long? Id, JsonElement Data)> events = [];
        while (events.Count == 0 || events[^1].Name != "end")
        {
            events.Add(await NextAsync(reader));
        }

        return events;
    }

    private static async Task<(string Name, long? Id, JsonElement Data)> NextAsync(StreamReader reader)
    {
        (string name, long? id, JsonElement data) = ("", null, default);
        while (await reader.ReadLineAsync() is { } line)
        {
            switch (line.Split(": ", 2))
            {
                case ["event", var value]:
                    name = value;
                    break;
                case ["id", var value]:
                    id = long.Parse(value, CultureInfo.InvariantCulture);
                    break;
                case ["data", var value]:
                    data = JsonDocument.Parse(value).RootElement;
                    break;
                case [""] when name.Length > 0:
                    return (name, id, data);
            }
        }

        throw new EndOfStreamException("The server ended the stream without the event 'end'.");
    }
}
