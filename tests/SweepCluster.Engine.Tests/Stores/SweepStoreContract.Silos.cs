using System.Collections.Immutable;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Tests.Stores;

public abstract partial class SweepStoreContract
{
    [Fact]
    public async Task Heartbeat_OfSilos_ListsThemByNameWithWhatTheyHold()
    {
        SiloRecord beta = Silo("beta") with { Version = "0.2.0", Capacity = new SiloCapacity(8, 5L << 40, AllowsCommands: true) };
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0"), Job("1"), Job("2")], default);
        await Store.HeartbeatAsync(beta, s_lease, default);
        await Store.HeartbeatAsync(Silo("alpha"), s_lease, default);
        await Store.ClaimAsync(ClaimFilter.Any, "beta", 2, s_lease, default);

        ImmutableArray<SiloStatus> silos = await Store.ListSilosAsync(default);

        Assert.Equal([Silo("alpha"), beta], silos.Select(status => status.Silo));
        Assert.Equal([0L, 2L], silos.Select(status => status.Leased));
    }

    [Fact]
    public async Task Heartbeat_Again_KeepsWhenItJoinedAndTakesWhatItSays()
    {
        SiloRecord updated = Silo("alpha") with { Capacity = new SiloCapacity(3, 7, AllowsCommands: false) };
        await Store.HeartbeatAsync(Silo("alpha"), s_lease, default);
        DateTimeOffset joined = Assert.Single(await Store.ListSilosAsync(default)).Joined;
        await PassAsync(s_lease * 0.75);
        TimeSpan silence = Assert.Single(await Store.ListSilosAsync(default)).Silence;

        await Store.HeartbeatAsync(updated, s_lease, default);
        await PassAsync(s_lease * 0.75);
        await Store.HeartbeatAsync(updated, s_lease, default);

        SiloStatus status = Assert.Single(await Store.ListSilosAsync(default));
        Assert.Equal((updated, joined), (status.Silo, status.Joined));
        Assert.InRange(silence, s_lease * 0.75, TimeSpan.MaxValue);
        Assert.InRange(status.Silence, TimeSpan.Zero, s_lease * 0.5);
        Assert.Equal([StoreEventKind.SiloJoined], await SiloEventsAsync());
    }

    [Fact]
    public async Task ListSilos_OneWasNotHeardOf_TellsItsLossOnce()
    {
        await Store.HeartbeatAsync(Silo("lost"), s_lease * 0.5, default);
        await Store.HeartbeatAsync(Silo("there"), s_lease, default);
        await PassAsync(s_lease * 0.5);

        Assert.Equal(["there"], (await Store.ListSilosAsync(default)).Select(status => status.Silo.Name));
        Assert.Equal(["there"], (await Store.ListSilosAsync(default)).Select(status => status.Silo.Name));

        Assert.Equal([StoreEventKind.SiloJoined, StoreEventKind.SiloJoined, StoreEventKind.SiloLost], await SiloEventsAsync());
        Assert.Contains("lost", (await Store.ReadEventsAsync(null, 0, 100, default))[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Heartbeat_AnotherWasNotHeardOf_TellsItsLoss()
    {
        await Store.HeartbeatAsync(Silo("lost"), s_lease * 0.5, default);
        await Store.HeartbeatAsync(Silo("there"), s_lease, default);
        await PassAsync(s_lease * 0.5);

        await Store.HeartbeatAsync(Silo("there"), s_lease, default);

        Assert.Equal([StoreEventKind.SiloJoined, StoreEventKind.SiloJoined, StoreEventKind.SiloLost], await SiloEventsAsync());
    }

    [Fact]
    public async Task Heartbeat_AfterItsLoss_JoinsAgain()
    {
        await Store.HeartbeatAsync(Silo("late"), s_lease * 0.5, default);
        await PassAsync(s_lease);
        Assert.Empty(await Store.ListSilosAsync(default));

        await Store.HeartbeatAsync(Silo("late"), s_lease, default);

        Assert.Equal([StoreEventKind.SiloJoined, StoreEventKind.SiloLost, StoreEventKind.SiloJoined], await SiloEventsAsync());
        Assert.Single(await Store.ListSilosAsync(default));
    }

    [Fact]
    public async Task Heartbeat_LateBeforeAnybodyLooked_IsNoLoss()
    {
        await Store.HeartbeatAsync(Silo("late"), s_lease * 0.5, default);
        await PassAsync(s_lease);

        await Store.HeartbeatAsync(Silo("late"), s_lease, default);

        Assert.Equal([StoreEventKind.SiloJoined], await SiloEventsAsync());
        Assert.Single(await Store.ListSilosAsync(default));
    }

    [Fact]
    public async Task Leave_InOrder_IsNoLoss()
    {
        await Store.HeartbeatAsync(Silo("alpha"), s_lease, default);

        await Store.LeaveAsync("alpha", default);
        await Store.LeaveAsync("alpha", default); // a call may be repeated
        await Store.LeaveAsync("absent", default);
        await PassAsync(s_lease);

        Assert.Empty(await Store.ListSilosAsync(default));
        Assert.Equal([StoreEventKind.SiloJoined, StoreEventKind.SiloLeft], await SiloEventsAsync());
    }

    [Fact]
    public async Task ReadEvents_OfASweep_TellItsStory()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Coordinate("c")], default);
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Coordinate("c")], default); // it was there
        await Store.AddSweepAsync(Sweep("b"), SweepControl.Default, [Job("0")], default);
        await Store.HeartbeatAsync(Silo("alpha"), s_lease, default);
        Claim round = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any with { SweepId = "a" }, "alpha", 1, s_lease, default));
        await Store.FailAsync(round, "the disk is full", TimeSpan.Zero, default);
        round = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any with { SweepId = "a" }, "alpha", 1, s_lease, default));
        await Store.TryRecordAsync(round, JobResult.Of("{}"), [Job("0"), Job("1")], default);
        ImmutableArray<Claim> claims = await Store.ClaimAsync(ClaimFilter.Any with { SweepId = "a" }, "alpha", 2, s_lease, default);
        await Store.TryRecordAsync(claims[0], JobResult.Of("0"), [], default);
        await Store.ChangeAsync("a", control => control with { Phase = SweepPhase.Paused, Reason = "lunch" }, default);
        await Store.TryRecordAsync(claims[1], JobResult.Of("1"), [], default);
        await Store.TryRecordAsync(claims[1], JobResult.Of("1"), [], default); // superseded: no news
        await ReopenAsync();

        ImmutableArray<StoreEvent> story = await Store.ReadEventsAsync("a", 0, 100, default);

        Assert.Equal([StoreEventKind.Submitted, StoreEventKind.AttemptFailed, StoreEventKind.Changed, StoreEventKind.Finished], story.Select(entry => entry.Kind));
        Assert.All(story, entry => Assert.Equal("a", entry.SweepId));
        Assert.All(story, entry => Assert.DoesNotContain('\n', entry.Text));
        Assert.Contains("alpha", story[1].Text, StringComparison.Ordinal);
        Assert.Contains("the disk is full", story[1].Text, StringComparison.Ordinal);
        Assert.Contains("lunch", story[2].Text, StringComparison.Ordinal);
        Assert.Equal(story.OrderBy(entry => entry.Number).ThenBy(entry => entry.At), story);
        Assert.Equal([StoreEventKind.Submitted], (await Store.ReadEventsAsync("b", 0, 100, default)).Select(entry => entry.Kind));
    }

    [Fact]
    public async Task ReadEvents_AfterANumberWithALimit_GivesThatPart()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0")], default);
        await Store.AddSweepAsync(Sweep("b"), SweepControl.Default, [Job("0")], default);
        await Store.ChangeAsync("a", control => control with { Priority = 1 }, default);
        ImmutableArray<StoreEvent> all = await Store.ReadEventsAsync(null, 0, 100, default);
        Assert.Equal(["a", "b", "a"], all.Select(entry => entry.SweepId));
        Assert.Equal(all.Select(entry => entry.Number).Distinct().Order(), all.Select(entry => entry.Number));
        Assert.InRange(all[0].Number, 1, long.MaxValue);

        Assert.Equal([all[1]], All(await Store.ReadEventsAsync(null, all[0].Number, 1, default)));
        Assert.Equal([all[2]], All(await Store.ReadEventsAsync("a", all[0].Number, 10, default)));
        Assert.Empty(await Store.ReadEventsAsync(null, all[2].Number, 10, default));
    }

    [Fact]
    public async Task ReadEvents_ASweepThatGrewIsFinishedAgain_TellsBoth()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0")], default);
        await Store.TryRecordAsync(Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "silo", 1, s_lease, default)), JobResult.Of("0"), [], default);
        await Store.AppendJobsAsync("a", 1, [Job("1")], default);
        await Store.TryRecordAsync(Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "silo", 1, s_lease, default)), JobResult.Of("1"), [], default);

        Assert.Equal(2, (await Store.ReadEventsAsync("a", 0, 100, default)).Count(entry => entry.Kind == StoreEventKind.Finished));
    }

    private async Task<IEnumerable<StoreEventKind>> SiloEventsAsync() => (await Store.ReadEventsAsync(null, 0, 100, default)).Select(entry => entry.Kind);

    private protected static SiloRecord Silo(string name) => new(name, "0.1.0", new SiloCapacity(2, 1L << 30, AllowsCommands: false));
}
