using Microsoft.AspNetCore.Http;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Stores;
using SweepCluster.Graphs;
using SweepCluster.Server.Api.Contracts;
using SweepCluster.Server.Api.Problems;
using SweepCluster.Server.Clients;
using SweepCluster.Server.Tests.Sweeps;
using SweepCluster.Sweeps.Specs;
using SweepCluster.Testing;

namespace SweepCluster.Server.Tests.Clients;

public sealed class ServerDeskTests
{
    [Fact]
    public async Task List_TwoPages_AreOneList()
    {
        await using FakeServer server = await FakeServer.StartAsync(context => context.Request.Query["after"] == "x y"
            ? FakeServer.JsonAsync(context, new Page<SweepResource>([FakeAnswers.Sweep("finished", id: "fedcba9876543210", name: "other")], null))
            : FakeServer.JsonAsync(context, new Page<SweepResource>([FakeAnswers.Sweep()], "x y")));
        await using ServerDesk desk = Desk(server.Url);

        SweepListing[] sweeps = [.. await desk.ListAsync(default)];

        Assert.Equal([("tiny", "running"), ("other", "finished")], sweeps.Select(sweep => (sweep.Record.Name, sweep.Phase)));
        Assert.Equal(new SweepStatus(12, 3, 1)
        {
            Control = new SweepControl { Priority = 2, TimeLimit = TimeSpan.FromMinutes(10) },
            Added = new DateTimeOffset(2026, 11, 20, 18, 0, 0, TimeSpan.Zero),
        }, sweeps[0].Status);
        Assert.Equal(["GET /api/v1/sweeps?limit=1000", "GET /api/v1/sweeps?limit=1000&after=x%20y"], server.Requests);
    }

    [Fact]
    public async Task Find_AName_IsLookedUpAsInAStore()
    {
        await using FakeServer server = await FakeServer.StartAsync(context => FakeServer.JsonAsync(context, new Page<SweepResource>([FakeAnswers.Sweep()], null)));
        await using ServerDesk desk = Desk(server.Url);

        Assert.Equal(FakeAnswers.Id, (await desk.FindAsync("tiny", default)).Id);
        Assert.Equal(FakeAnswers.Id, (await desk.FindAsync("0123", default)).Id);
        Assert.Equal(FakeAnswers.Id, (await desk.FindAsync(null, default)).Id);
        NoSuchSweepException none = await Assert.ThrowsAsync<NoSuchSweepException>(() => desk.FindAsync("tinny", default));
        Assert.Equal($"{server.Url}: found no sweep 'tinny', expected the id or the name of one, as {FakeAnswers.Id} 'tiny'.", none.Message);
    }

    [Fact]
    public async Task AnyCall_BelowAnotherPath_GoesThere()
    {
        await using FakeServer server = await FakeServer.StartAsync(context => FakeServer.JsonAsync(context, new Page<SiloResource>([FakeAnswers.Silo], null)));
        await using ServerDesk desk = Desk(server.Url + "/team/sweeps/");

        SiloStatus silo = Assert.Single(await desk.ListSilosAsync(default));

        Assert.Equal(["GET /team/sweeps/api/v1/silos?limit=1000"], server.Requests);
        Assert.Equal(("box", 4, 1L, TimeSpan.FromSeconds(1.5)), (silo.Silo.Name, silo.Silo.Capacity.Slots, silo.Leased, silo.Silence));
    }

    [Fact]
    public async Task AnyCall_ServerThatNeverAnswered_IsNotWaitedFor()
    {
        await using FakeServer server = await FakeServer.StartAsync(_ => Task.CompletedTask);
        await server.StopAsync();
        await using ServerDesk desk = Desk(server.Url);

        StoreUnavailableException error = await Assert.ThrowsAsync<StoreUnavailableException>(() => desk.ListAsync(default));

        Assert.StartsWith($"the server {server.Url} cannot be reached: Connection refused", error.Message, StringComparison.Ordinal);
        await server.StartAsync(); // what is disposed of must be there
    }

    [Theory]
    [InlineData(408)]
    [InlineData(429)]
    [InlineData(502)]
    [InlineData(503)]
    [InlineData(504)]
    public async Task AnyCall_ServerThatIsNotReadyYet_IsAskedAgain(int status)
    {
        int asked = 0;
        await using FakeServer server = await FakeServer.StartAsync(context =>
        {
            if (++asked > 2)
            {
                return FakeServer.JsonAsync(context, new Page<SweepResource>([], null));
            }

            context.Response.StatusCode = status;
            return Task.CompletedTask;
        });
        await using ServerDesk desk = Desk(server.Url);

        Assert.Empty(await desk.ListAsync(default));
        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task AnyCall_ConnectionCutInTheMiddleOfAnAnswer_IsMadeAgain()
    {
        int asked = 0;
        await using FakeServer server = await FakeServer.StartAsync(async context =>
        {
            if (++asked == 2)
            {
                context.Response.ContentType = "application/json";
                context.Response.ContentLength = 1000;
                await context.Response.WriteAsync("{\"items\":[");
                context.Abort();
                return;
            }

            await FakeServer.JsonAsync(context, new Page<SweepResource>([FakeAnswers.Sweep()], null));
        });
        await using ServerDesk desk = Desk(server.Url);
        await desk.ListAsync(default);

        Assert.Single(await desk.ListAsync(default));
        Assert.Equal(3, asked);
    }

    [Theory]
    [InlineData(400, "/problems/malformed", typeof(BadInputException))]
    [InlineData(403, "/problems/forbidden", typeof(BadInputException))]
    [InlineData(404, "/problems/not-found", typeof(BadInputException))]
    [InlineData(409, "/problems/conflict", typeof(WrongPhaseException))]
    [InlineData(409, "/problems/ambiguous", typeof(BadInputException))]
    [InlineData(413, "/problems/too-large", typeof(BadInputException))]
    [InlineData(422, "/problems/unusable", typeof(BadInputException))]
    [InlineData(422, "/problems/not-proven", typeof(WrongPhaseException))]
    [InlineData(500, "/problems/failed", typeof(StoreUnavailableException))]
    public async Task Change_AProblem_IsItsLine(int status, string type, Type expected)
    {
        await using FakeServer server = await FakeServer.StartAsync(context =>
            FakeServer.JsonAsync(context, new ProblemResource(type, "title", status, "sweep x: found this, expected that."), status, Problem.MediaType));
        await using ServerDesk desk = Desk(server.Url);

        Exception error = await Assert.ThrowsAnyAsync<SweepException>(() => desk.ChangeAsync(FakeAnswers.Id, new SweepChange { Phase = SweepPhase.Paused }, default));

        Assert.IsType(expected, error);
        Assert.EndsWith("sweep x: found this, expected that.", error.Message, StringComparison.Ordinal);
        Assert.Equal($"PATCH /api/v1/sweeps/{FakeAnswers.Id}", Assert.Single(server.Requests));
    }

    [Fact]
    public async Task Change_ManyFaults_AreALineEach()
    {
        await using FakeServer server = await FakeServer.StartAsync(context =>
            FakeServer.JsonAsync(context, new ProblemResource("/problems/unusable", "title", 422, "one") { Faults = ["one", "two"] }, 422, Problem.MediaType));
        await using ServerDesk desk = Desk(server.Url);

        BadInputException error = await Assert.ThrowsAsync<BadInputException>(() => desk.ChangeAsync(FakeAnswers.Id, new SweepChange { Priority = 3 }, default));

        Assert.Equal("one\ntwo", error.Message);
    }

    [Theory]
    [InlineData(null, "found no token, expected one of it")]
    [InlineData("the-secret", "found a token that it does not take, expected one of its own")]
    public async Task AnyCall_SignInRefused_SaysWhereATokenComesFrom(string? token, string message)
    {
        await using FakeServer server = await FakeServer.StartAsync(context =>
            FakeServer.JsonAsync(context, new ProblemResource("/problems/not-signed-in", "title", 401, "who?"), 401, Problem.MediaType));
        await using ServerDesk desk = Desk(server.Url, token);

        BadInputException error = await Assert.ThrowsAsync<BadInputException>(() => desk.ListAsync(default));

        Assert.Equal($"--server {server.Url}: {message}, in the environment variable SWEEP_TOKEN or the file of --token-file.", error.Message);
    }

    [Fact]
    public async Task AnyCall_AServerThatSendsOn_IsNotFollowed()
    {
        await using FakeServer other = await FakeServer.StartAsync(context => FakeServer.JsonAsync(context, new Page<SweepResource>([], null)));
        await using FakeServer server = await FakeServer.StartAsync(context =>
        {
            context.Response.Redirect(other.Url);
            return Task.CompletedTask;
        });
        await using ServerDesk desk = Desk(server.Url, "the-secret");

        BadInputException error = await Assert.ThrowsAsync<BadInputException>(() => desk.ListAsync(default));

        Assert.Equal($"--server {server.Url}: found a place that sends on to {other.Url}, expected the server's own address.", error.Message);
        Assert.Empty(other.Requests);
    }

    [Theory]
    [InlineData(404, "<html>not here</html>", "found an answer that no 'sweep serve' gives (404 Not Found), expected the address of one.")]
    [InlineData(200, "<html>welcome</html>", "found an answer that no 'sweep serve' of this version gives (")]
    [InlineData(200, "null", "found an answer that no 'sweep serve' of this version gives (")]
    public async Task AnyCall_SomethingElseListensThere_SaysSo(int status, string body, string message)
    {
        await using FakeServer server = await FakeServer.StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "text/html";
            return context.Response.WriteAsync(body);
        });
        await using ServerDesk desk = Desk(server.Url);

        BadInputException error = await Assert.ThrowsAsync<BadInputException>(() => desk.ListAsync(default));

        Assert.StartsWith($"--server {server.Url}: {message}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyCall_WithAToken_SendsIt()
    {
        string? sent = null;
        await using FakeServer server = await FakeServer.StartAsync(context =>
        {
            sent = context.Request.Headers.Authorization;
            return FakeServer.JsonAsync(context, new Page<SweepResource>([], null));
        });
        await using ServerDesk desk = Desk(server.Url, "the-secret");

        await desk.ListAsync(default);

        Assert.Equal("Bearer the-secret", sent);
    }

    [Fact]
    public async Task AnyCall_ANewerServersWords_ArePassedOver()
    {
        await using FakeServer server = await FakeServer.StartAsync(context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync("{\"items\":[{\"number\":7,\"at\":\"2026-11-20T18:00:00+00:00\",\"kind\":\"sweepPainted\",\"sweep\":null,\"text\":\"t\",\"colour\":\"red\"}],\"next\":null,\"total\":1}");
        });
        await using ServerDesk desk = Desk(server.Url);

        List<StoreEvent> events = [];
        await foreach (StoreEvent entry in desk.ReadEventsAsync(null, follow: false, default))
        {
            events.Add(entry);
        }

        Assert.Equal((7, "t"), (Assert.Single(events).Number, events[0].Text));
    }

    [Fact]
    public async Task ReadEvents_OfASweep_GoesOnFromTheLastOne()
    {
        await using FakeServer server = await FakeServer.StartAsync(context => FakeServer.JsonAsync(context, context.Request.Query["after"] == "0"
            ? new Page<EventResource>([new EventResource(4, default, "submitted", FakeAnswers.Id, "a"), new EventResource(9, default, "siloLost", null, "b")], "9")
            : new Page<EventResource>([], null)));
        await using ServerDesk desk = Desk(server.Url);

        List<StoreEventKind> kinds = [];
        await foreach (StoreEvent entry in desk.ReadEventsAsync(FakeAnswers.Id, follow: false, default))
        {
            kinds.Add(entry.Kind);
        }

        Assert.Equal([StoreEventKind.Submitted, StoreEventKind.SiloLost], kinds);
        Assert.Equal([$"GET /api/v1/sweeps/{FakeAnswers.Id}/events?limit=1000&after=0", $"GET /api/v1/sweeps/{FakeAnswers.Id}/events?limit=1000&after=9"], server.Requests);
    }

    [Fact]
    public async Task Submit_PartsThatTheServerLost_AreSentAgainThoughItSaysThatItHasThem()
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder.At("tiny.yaml"), TinyServer.SpecOf("tiny", 7));
        string? lost = null;
        int handedIn = 0;
        await using FakeServer server = await FakeServer.StartAsync(context =>
        {
            string path = context.Request.Path;
            if (path == "/api/v1/silos")
            {
                return FakeServer.JsonAsync(context, new Page<SiloResource>([], null));
            }

            if (HttpMethods.IsPost(context.Request.Method))
            {
                return ++handedIn == 1
                    ? FakeServer.JsonAsync(context, new ProblemResource("/problems/parts-missing", "title", 422, "files: found no part") { Missing = [lost!] }, 422, Problem.MediaType)
                    : FakeServer.JsonAsync(context, new SubmissionResource(FakeAnswers.Sweep(), true, []), 201);
            }

            lost = HttpMethods.IsHead(context.Request.Method) ? lost ?? path[(path.LastIndexOf('/') + 1)..] : lost;
            context.Response.StatusCode = HttpMethods.IsGet(context.Request.Method) ? 404 : 200;
            return Task.CompletedTask;
        });
        await using ServerDesk desk = Desk(server.Url);

        Submission submission = await desk.SubmitAsync(SpecReader.Read(folder.At("tiny.yaml"), []), SweepControl.Default, default);

        Assert.True(submission.IsNew);
        Assert.Equal($"PUT /api/v1/blobs/{lost}", Assert.Single(server.Requests, request => request.StartsWith("PUT ", StringComparison.Ordinal)));
        Assert.Equal(2, handedIn);
    }

    [Fact]
    public async Task AnyCall_BodyThatFallsSilent_IsAskedForAgain()
    {
        int asked = 0;
        await using FakeServer server = await FakeServer.StartAsync(async context =>
        {
            if (++asked > 1)
            {
                await FakeServer.JsonAsync(context, new Page<SweepResource>([FakeAnswers.Sweep()], null));
                return;
            }

            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("{\"items\":[");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
        });
        await using ServerDesk desk = ServerDesk.Open(ServerAddress.Read(server.Url, null, null), null, new ShortSilence());

        Assert.Single(await desk.ListAsync(default));
    }

    // A minute of silence is over at once; everything else takes its time.
    private sealed class ShortSilence : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime == ServerCalls.Silence ? TimeSpan.FromMilliseconds(200) : dueTime, period);
    }

    private static ServerDesk Desk(string url, string? token = null) => ServerDesk.Open(ServerAddress.Read(url, token, null), null, TimeProvider.System);
}
