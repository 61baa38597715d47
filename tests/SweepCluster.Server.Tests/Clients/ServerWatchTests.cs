using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Runs;
using SweepCluster.Graphs;
using SweepCluster.Server.Api.Contracts;
using SweepCluster.Server.Api.Problems;
using SweepCluster.Server.Clients;

namespace SweepCluster.Server.Tests.Clients;

public sealed class ServerWatchTests : IDisposable
{
    private readonly Recorder _seen = new();

    public void Dispose() => _seen.Dispose();

    [Fact]
    public async Task Watch_UntilTheEnd_TellsEveryStateAndWhatTheSilosAreAt()
    {
        await using FakeServer server = await FakeServer.StartAsync(context => AnswerAsync(context, async _ =>
        {
            await SendAsync(context, FakeAnswers.Event("progress", "5", FakeAnswers.Progress(3)));
            await _seen.UntilAsync(progress => !progress.Silos.IsEmpty);
            await SendAsync(context, ": still here\n\n" + FakeAnswers.Event("frontier", null, new FrontierResource(0, null, [])));
            await SendAsync(context, FakeAnswers.Event("progress", "6", FakeAnswers.Progress(12, "finished")) + FakeAnswers.Event("end", null, new EndResource("finished", null)));
        }));
        await using ServerDesk desk = Desk(server.Url);

        await desk.WatchAsync(FakeAnswers.Id, _seen, default);

        SweepProgress last = _seen.All.Last();
        Assert.Equal((SweepStage.Uniform, 12, 12, "top1", 0.05, 2), (last.Stage, last.JobsDone, last.JobsTotal, last.Metric, last.MaxDrop, last.Frontier.Length));
        Assert.Equal(("id1", "pal1", 2000L, 0.01), (last.Best!.TrialId, last.Best.Label, last.Best.SizeBytes, last.Best.Drop.Value));
        WorkingSilo silo = Assert.Single(last.Silos);
        Assert.Equal([new WorkingJob(FakeAnswers.Id, JobKind.Probe, "conv1", TimeSpan.FromSeconds(2.5))], silo.Jobs.AsEnumerable());
    }

    [Fact]
    public async Task Watch_ConnectionIsCut_GoesOnAfterTheLastEvent()
    {
        ConcurrentQueue<string> lastSeen = new();
        await using FakeServer server = await FakeServer.StartAsync(context => AnswerAsync(context, async number =>
        {
            lastSeen.Enqueue(context.Request.Headers["Last-Event-ID"].ToString());
            await SendAsync(context, FakeAnswers.Event("progress", number.ToString(System.Globalization.CultureInfo.InvariantCulture), FakeAnswers.Progress(number, number == 3 ? "finished" : "running")));
            if (number < 3)
            {
                await _seen.UntilAsync(progress => progress.JobsDone == number);
                context.Abort();
            }
        }));
        await using ServerDesk desk = Desk(server.Url);

        await desk.WatchAsync(FakeAnswers.Id, _seen, default);

        Assert.Equal(["", "1", "2"], lastSeen);
        Assert.Equal([1, 2, 3], _seen.All.Select(progress => progress.JobsDone).Distinct());
    }

    [Fact]
    public async Task Watch_ServerRestarts_IsSurvived()
    {
        TaskCompletionSource first = new();
        await using FakeServer server = await FakeServer.StartAsync(context => AnswerAsync(context, async number =>
        {
            await SendAsync(context, FakeAnswers.Event("progress", "1", FakeAnswers.Progress(number, number == 1 ? "running" : "finished")));
            first.TrySetResult();
            if (number == 1)
            {
                await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
            }
        }));
        await using ServerDesk desk = Desk(server.Url);

        Task watching = desk.WatchAsync(FakeAnswers.Id, _seen, default);
        await first.Task;
        await server.StopAsync();
        await Task.Delay(1500); // so that whoever watches finds nobody there
        await server.StartAsync();
        await watching;

        Assert.Equal("finished", _seen.All.Any(progress => progress.JobsDone == 2) ? "finished" : "never seen");
    }

    // The stream outlives it: who watches must not be told for hours what the silos were at when one answer failed.
    [Theory, InlineData(500), InlineData(403)]
    public async Task Watch_OneLookAtTheSilosFails_LooksAgain(int status)
    {
        int looks = 0;
        await using FakeServer server = await FakeServer.StartAsync(context => context.Request.Path == "/api/v1/silos" && Interlocked.Increment(ref looks) == 1
            ? FakeServer.JsonAsync(context, new ProblemResource("/problems/failed", "title", status, "not now"), status, Problem.MediaType)
            : AnswerAsync(context, async _ =>
            {
                await SendAsync(context, FakeAnswers.Event("progress", "5", FakeAnswers.Progress(3)));
                await _seen.UntilAsync(progress => !progress.Silos.IsEmpty);
                await SendAsync(context, FakeAnswers.Event("progress", "6", FakeAnswers.Progress(12, "finished")));
            }));
        await using ServerDesk desk = Desk(server.Url);
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(100));

        await desk.WatchAsync(FakeAnswers.Id, _seen, limit.Token);

        Assert.Equal("box", Assert.Single(_seen.All.Last().Silos).Status.Silo.Name);
    }

    [Fact]
    public async Task Watch_ASweepThatWaited_SaysSoNoMoreOnceSomebodyIsAtIt()
    {
        bool isHeld = false;
        await using FakeServer server = await FakeServer.StartAsync(context => context.Request.Path.Value switch
        {
            "/api/v1/silos" => FakeServer.JsonAsync(context, new Page<SiloResource>([], null)),
            $"/api/v1/sweeps/{FakeAnswers.Id}" => FakeServer.JsonAsync(context, FakeAnswers.Sweep() with { Waits = Volatile.Read(ref isHeld) ? null : "no silo is there" }),
            _ => AnswerAsync(context, async _ =>
            {
                await SendAsync(context, FakeAnswers.Event("progress", "5", FakeAnswers.Progress(3) with { Running = 0 }));
                await _seen.UntilAsync(progress => progress.Waits is not null);
                Volatile.Write(ref isHeld, true);
                await SendAsync(context, FakeAnswers.Event("progress", "6", FakeAnswers.Progress(4)) + FakeAnswers.Event("progress", "7", FakeAnswers.Progress(12, "finished") with { Running = 0 }));
            }),
        });
        await using ServerDesk desk = Desk(server.Url);

        await desk.WatchAsync(FakeAnswers.Id, _seen, default);

        Assert.Equal("no silo is there", _seen.All.First(progress => progress.Waits is not null).Waits);
        Assert.All(_seen.All.SkipWhile(progress => progress.JobsDone < 4), progress => Assert.Null(progress.Waits));
    }

    [Theory]
    [InlineData("cancelled", "sweep 0123456789abcdef 'tiny': found it cancelled with 3 of 12 jobs done; 'sweep resume 0123456789abcdef' goes on with it.")]
    [InlineData("stopped", "sweep 0123456789abcdef 'tiny': stopped: no room (once that is mended, 'sweep resume 0123456789abcdef' goes on with it)")]
    public async Task Watch_SweepThatDoesNotGoOn_SaysWhy(string phase, string message)
    {
        await using FakeServer server = await FakeServer.StartAsync(context => AnswerAsync(context, _ =>
            SendAsync(context, FakeAnswers.Event("progress", "5", FakeAnswers.Progress(3)) + FakeAnswers.Event("progress", "6", FakeAnswers.Progress(3, phase)))));
        await using ServerDesk desk = Desk(server.Url);

        SweepStoppedException error = await Assert.ThrowsAsync<SweepStoppedException>(() => desk.WatchAsync(FakeAnswers.Id, _seen, default));

        Assert.Equal(message, error.Message);
    }

    [Fact]
    public async Task Watch_SweepIsRemoved_SaysSo()
    {
        await using FakeServer server = await FakeServer.StartAsync(context => AnswerAsync(context, _ => SendAsync(context, FakeAnswers.Event("end", null, new EndResource("removed", null)))));
        await using ServerDesk desk = Desk(server.Url);

        SweepStoppedException error = await Assert.ThrowsAsync<SweepStoppedException>(() => desk.WatchAsync(FakeAnswers.Id, _seen, default));

        Assert.Equal("sweep 0123456789abcdef 'tiny': somebody removed it from the store.", error.Message);
    }

    [Fact]
    public async Task Watch_EventThatIsNone_SaysSo()
    {
        await using FakeServer server = await FakeServer.StartAsync(context => AnswerAsync(context, _ => SendAsync(context, "event: progress\ndata: {\"phase\": 3}\n\n")));
        await using ServerDesk desk = Desk(server.Url);

        BadInputException error = await Assert.ThrowsAsync<BadInputException>(() => desk.WatchAsync(FakeAnswers.Id, _seen, default));

        Assert.StartsWith($"--server {server.Url}: found an event that no 'sweep serve' of this version tells (", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Watch_Stopped_LeavesAtOnce()
    {
        await using FakeServer server = await FakeServer.StartAsync(context => AnswerAsync(context, async _ =>
        {
            await SendAsync(context, FakeAnswers.Event("progress", "5", FakeAnswers.Progress(3)));
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
        }));
        await using ServerDesk desk = Desk(server.Url);
        using CancellationTokenSource stop = new();

        Task watching = desk.WatchAsync(FakeAnswers.Id, _seen, stop.Token);
        await _seen.UntilAsync(_ => true);
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watching);
    }

    private int _streams;

    private Task AnswerAsync(HttpContext context, Func<int, Task> stream) => context.Request.Path.Value switch
    {
        $"/api/v1/sweeps/{FakeAnswers.Id}" => FakeServer.JsonAsync(context, FakeAnswers.Sweep()),
        "/api/v1/silos" => FakeServer.JsonAsync(context, new Page<SiloResource>([FakeAnswers.Silo], null)),
        $"/api/v1/sweeps/{FakeAnswers.Id}/changes" => stream(Interlocked.Increment(ref _streams)),
        _ => throw new InvalidOperationException(context.Request.Path),
    };

    private static async Task SendAsync(HttpContext context, string events)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.ContentType = "text/event-stream";
        }

        await context.Response.WriteAsync(events);
        await context.Response.Body.FlushAsync();
    }

    private static ServerDesk Desk(string url) => ServerDesk.Open(ServerAddress.Read(url, null, null), null, TimeProvider.System);

    private sealed class Recorder : IProgress<SweepProgress>, IDisposable
    {
        private readonly SemaphoreSlim _came = new(0);

        internal ConcurrentQueue<SweepProgress> All { get; } = new();

        public void Dispose() => _came.Dispose();

        public void Report(SweepProgress value)
        {
            All.Enqueue(value);
            _came.Release();
        }

        internal async Task UntilAsync(Func<SweepProgress, bool> condition)
        {
            while (!All.Any(condition))
            {
                await _came.WaitAsync();
            }
        }
    }
}
