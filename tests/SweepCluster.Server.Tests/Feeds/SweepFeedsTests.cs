using Microsoft.Extensions.DependencyInjection;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;
using SweepCluster.Graphs;
using SweepCluster.Server.Feeds;
using SweepCluster.Server.Tests.Sweeps;
using SweepCluster.Sweeps.Summaries;

namespace SweepCluster.Server.Tests.Feeds;

public sealed class SweepFeedsTests : IAsyncLifetime
{
    private TinyServer _server = null!;

    private ISweepFeeds Feeds => _server.Application.Services.GetRequiredService<ISweepFeeds>();

    public async Task InitializeAsync() => _server = await TinyServer.StartAsync();

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task Next_ManyWhoWatch_GetTheSameStates()
    {
        string id = await _server.SubmitAsync();
        SweepState first = await Feeds.NextAsync(id, 0, default);
        Task<SweepState>[] waiting = [.. Enumerable.Range(0, 20).Select(_ => Feeds.NextAsync(id, first.Version, default))];
        Assert.All(waiting, wait => Assert.False(wait.IsCompleted));

        await _server.Parts.Desk.ChangeAsync(id, new SweepChange { Priority = 3 }, default);
        SweepState[] next = await Task.WhenAll(waiting);

        Assert.All(next, state => Assert.Same(next[0], state));
        Assert.True(next[0].Version > first.Version);
        Assert.Equal(3, next[0].Sweep.Status.Control.Priority);
        Assert.False(next[0].IsOver);
        Assert.Same(next[0], await Feeds.NextAsync(id, 0, default));
        Assert.Same(next[0], await Feeds.NextAsync(id, first.Version, default));
    }

    [Fact]
    public async Task Next_CancelledThenResumed_IsOverAndGoesOn()
    {
        string id = await _server.SubmitAsync();
        await _server.Parts.Desk.ChangeAsync(id, new SweepChange { Phase = SweepPhase.Cancelled }, default);
        SweepState cancelled = await Feeds.NextAsync(id, 0, default);

        await _server.Parts.Desk.ChangeAsync(id, new SweepChange { Phase = SweepPhase.Running }, default);
        SweepState resumed = await Feeds.NextAsync(id, cancelled.Version, default);

        Assert.True(cancelled.IsOver);
        Assert.False(resumed.IsOver);
    }

    [Fact]
    public async Task Next_NoSuchSweepAndOneThatIsRemoved_SaySo()
    {
        string id = await _server.SubmitAsync();
        await _server.Parts.Desk.ChangeAsync(id, new SweepChange { Phase = SweepPhase.Paused }, default);
        SweepState state = await Feeds.NextAsync(id, 0, default);
        Task<SweepState> waiting = Feeds.NextAsync(id, state.Version, default);

        await _server.Parts.Desk.RemoveAsync(id, default);

        await Assert.ThrowsAsync<SweepStoppedException>(() => waiting);
        await Assert.ThrowsAsync<BadInputException>(() => Feeds.NextAsync(id, 0, default));
        await Assert.ThrowsAsync<BadInputException>(() => Feeds.SummarizeAsync(id, default));
        await Assert.ThrowsAsync<BadInputException>(() => Feeds.NextAsync("0123456789abcdef", 0, default));
    }

    [Fact]
    public async Task Next_RemovedAndHandedInAgain_BeginsAnew()
    {
        string id = await _server.SubmitAsync();
        await _server.WorkAsync();
        SweepState finished = await Feeds.NextAsync(id, 0, default);
        while (!finished.Sweep.Status.IsFinished) // others may have begun to look before
        {
            finished = await Feeds.NextAsync(id, finished.Version, default);
        }

        await _server.Parts.Desk.RemoveAsync(id, default);
        Assert.Equal(id, await _server.SubmitAsync());

        SweepState state = finished;
        while (state.Sweep.Status.IsFinished)
        {
            try
            {
                state = await Feeds.NextAsync(id, state.Version, default);
            }
            catch (SweepStoppedException)
            {
                // The look between the two.
            }
        }

        Assert.True(state.Version > finished.Version);
        Assert.Equal((0L, 0, "running"), (state.Sweep.Status.Results, state.Trials, state.Sweep.Phase));
        Assert.Null(await Feeds.SummarizeAsync(id, default));
    }

    [Fact]
    public async Task Summarize_WhileItRunsAndAfterwards_GrowsAndIsKept()
    {
        string id = await _server.SubmitAsync();
        Assert.Null(await Feeds.SummarizeAsync(id, default));
        using CancellationTokenSource stop = new();
        Task working = _server.Work(stop.Token);
        SweepSummary? partly;
        while ((partly = await Feeds.SummarizeAsync(id, default)) is null)
        {
            await Task.Delay(20);
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => working);
        await _server.WorkAsync();
        SweepSummary? whole = await Feeds.SummarizeAsync(id, default);

        Assert.Equal(partly.Baseline.WeightsHash, whole!.Baseline.WeightsHash);
        Assert.True(whole.Trials.Length >= partly.Trials.Length);
        Assert.Contains(whole.Trials, trial => trial.Confirm is not null);
        Assert.Same(whole, await Feeds.SummarizeAsync(id, default));
    }

    [Fact]
    public async Task NextChange_AfterAFailedLook_SaysSoAndBeginsAnew()
    {
        GatedStore store = new(_server.Parts.Store) { Fault = new IOException("The disk is full.") };
        ListFeed feed = new(store, TimeProvider.System, default);
        long first = await feed.NextAsync(0, default);
        Task<long> waiting = feed.NextAsync(first, default);

        store.Open();

        await Assert.ThrowsAsync<IOException>(() => waiting);
        store.Fault = null;
        Assert.True(await feed.NextAsync(first, default) > first);
    }

    [Fact]
    public async Task NextChange_AChangeBetweenTheListAndTheFirstLook_IsTold()
    {
        GatedStore store = new(_server.Parts.Store);
        ListFeed feed = new(store, TimeProvider.System, default);
        long first = await feed.NextAsync(0, default);
        Assert.Empty(await _server.Parts.Store.ListSweepsAsync(default)); // what a reader shows for that number
        Task<long> waiting = feed.NextAsync(first, default);

        await _server.SubmitAsync();
        store.Open();

        Assert.True(await waiting.WaitAsync(TimeSpan.FromMinutes(1)) > first);
    }

    [Fact]
    public async Task Files_WhoseFolderSomebodyRemoved_AreMadeAgain()
    {
        using ServerFolder folder = new();
        string place = folder.New();
        Directory.Delete(Path.GetDirectoryName(place)!, recursive: true);

        await using (FileStream file = folder.NewFile())
        {
            Assert.Equal(Path.GetDirectoryName(place), Path.GetDirectoryName(file.Name));
        }

        Assert.True(Directory.Exists(folder.New()));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(place)!));
        }
    }

    [Fact]
    public async Task NextChange_Nothing_WaitsAndThenTellsOfANewSweep()
    {
        long first = await Feeds.NextChangeAsync(0, default);
        long looked = await Feeds.NextChangeAsync(first, default); // what changed until the first look
        Task<long> waiting = Feeds.NextChangeAsync(looked, default);
        Assert.False(waiting.IsCompleted);

        await _server.SubmitAsync();

        Assert.True(await waiting > looked);
    }
}
