using System.Net;
using SweepCluster.Engine.Stores;
using SweepCluster.Server.Pages.Sweeps;
using SweepCluster.Server.Tests.Sweeps;
using SweepCluster.Sweeps.Specs;

namespace SweepCluster.Server.Tests.Pages;

/// <summary>Pages of sweeps that wait, and what their buttons do.</summary>
public sealed class PageChangeTests : IAsyncLifetime
{
    private TinyServer _server = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await TinyServer.StartAsync();
        _client = PageForms.Plain(_server.Client.BaseAddress!);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task List_NoSweep_SaysWhatToDo() => Assert.Contains("Submit the first sweep", await _client.GetStringAsync("/"), StringComparison.Ordinal);

    [Fact]
    public async Task Buttons_PauseResumePriorityCancelRemove_DoWhatTheySay()
    {
        string id = await _server.SubmitAsync(), token = PageForms.TokenOf(await _client.GetStringAsync("/"));

        await PostAsync(id, "pause", token);
        Assert.Equal("paused", (await _server.Parts.Desk.FindAsync(id, default)).Phase);
        await PostAsync(id, "resume", token);
        await PostAsync(id, "priority", token, ("priority", "7"));
        Assert.Equal(("running", 7), ((await _server.Parts.Desk.FindAsync(id, default)).Phase, (await _server.Parts.Desk.FindAsync(id, default)).Status.Control.Priority));
        await PostAsync(id, "cancel", token);
        Assert.Equal("cancelled", (await _server.Parts.Desk.FindAsync(id, default)).Phase);
        Assert.Equal("/", await PostAsync(id, "remove", token));
        Assert.Empty(await _server.Parts.Desk.ListAsync(default));
    }

    [Fact]
    public async Task Remove_WhileItRuns_IsNotDone()
    {
        string id = await _server.SubmitAsync(), token = PageForms.TokenOf(await _client.GetStringAsync("/"));

        using HttpResponseMessage answer = await _client.PostAsync($"/sweeps/{id}/remove", PageForms.Fields(token));

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Single(await _server.Parts.Desk.ListAsync(default));
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("priority")]
    [InlineData("remove")]
    public async Task Buttons_SweepThatIsGone_IsNotThere(string action)
    {
        await _server.SubmitAsync();
        string token = PageForms.TokenOf(await _client.GetStringAsync("/"));

        using HttpResponseMessage answer = await _client.PostAsync($"/sweeps/{new string('0', 16)}/{action}", PageForms.Fields(token, ("priority", "1")));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Names_OfHostileText_AreText()
    {
        const string Hostile = "<img src=x onerror=alert(1)>\"'&</title><script>alert(2)</script>";
        string spec = _server.At("hostile.yaml");
        await File.WriteAllTextAsync(spec, TinyServer.SpecOf("plain", seed: 7));
        string id = (await _server.Parts.Desk.SubmitAsync(SpecReader.Read(spec, [new("name", System.Text.Json.JsonSerializer.Serialize(Hostile))]), SweepControl.Default, default)).Sweep.Id;

        foreach (string path in new[] { "/", $"/sweeps/{id}", "/events", "/submit", $"/?find={Uri.EscapeDataString(Hostile)}" })
        {
            string page = await _client.GetStringAsync(path);
            Assert.DoesNotContain("<img", page, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("<script>", page, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Contains("&lt;img src=x onerror=alert(1)&gt;", await _client.GetStringAsync("/"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_ManySweeps_ComesInPagesThatRunningOnesLead()
    {
        for (int number = 1; number <= SweepsView.PageSize + 5; number++)
        {
            await AddAsync($"sweep-{number}", number);
        }

        await _server.Parts.Desk.ChangeAsync($"{SweepsView.PageSize + 5:x16}", new Engine.Clusters.SweepChange { Phase = SweepPhase.Cancelled }, default);

        string first = await _client.GetStringAsync("/"), second = await _client.GetStringAsync("/?page=2");

        Assert.Equal((SweepsView.PageSize, 5), (Count(first, "<tr role=\"row\" id="), Count(second, "<tr role=\"row\" id=")));
        Assert.Contains($">sweep-{SweepsView.PageSize + 4}<", first, StringComparison.Ordinal); // the newest that runs
        Assert.Contains($">sweep-{SweepsView.PageSize + 5}<", second, StringComparison.Ordinal); // newer, but cancelled
        Assert.Equal(1, Count(await _client.GetStringAsync("/?find=sweep-17"), "<tr role=\"row\" id="));
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private async Task<string?> PostAsync(string id, string action, string token, params (string, string)[] fields)
    {
        using HttpResponseMessage answer = await _client.PostAsync($"/sweeps/{id}/{action}", PageForms.Fields(token, fields));
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        return answer.Headers.Location?.ToString();
    }

    private async Task<string> AddAsync(string name, int number)
    {
        string id = $"{number:x16}";
        await _server.Parts.Store.AddSweepAsync(new SweepRecord(id, name, "spec " + number, new string('a', 64), new string('b', 64), "1", "{}"), SweepControl.Default, [], default);
        return id;
    }
}
