using System.Collections.Immutable;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Tests.Stores;

public abstract partial class SweepStoreContract
{
    private static readonly SweepControl s_odd = new()
    {
        Phase = SweepPhase.Stopped,
        Priority = -3,
        MaxAttempts = 2,
        TimeLimit = TimeSpan.FromSeconds(90.5),
        Reason = "the model \"a\" is broken",
    };

    [Fact]
    public async Task AddSweep_WithControlAndNeeds_GivesThemBackAfterReopening()
    {
        SweepRecord greedy = Sweep("a") with { Needs = new SweepNeeds(3L << 30, 5L << 20, RunsCommand: true) };
        await Store.AddSweepAsync(greedy, s_odd, [Job("0")], default);
        await Store.AddSweepAsync(Sweep("b"), SweepControl.Default, [Job("0")], default);

        await ReopenAsync();

        Assert.Equal([greedy, Sweep("b")], All(await Store.ListSweepsAsync(default)));
        Assert.Equal(new SweepStatus(1, 0, 0) { Control = s_odd }, (await Store.ReadStatusAsync("a", default)) with { Added = null });
        Assert.Equal(SweepControl.Default, (await Store.ReadStatusAsync("b", default)).Control);
    }

    [Fact]
    public async Task AddSweep_AgainWithOtherControlAndNeeds_LeavesTheFirst()
    {
        await Store.AddSweepAsync(Sweep("a"), s_odd, [Job("0")], default);

        Assert.False(await Store.AddSweepAsync(Sweep("a") with { Needs = new SweepNeeds(1, 2, false) }, SweepControl.Default, [Job("0")], default));

        Assert.Equal(s_odd, (await Store.ReadStatusAsync("a", default)).Control);
        Assert.Equal([Sweep("a")], All(await Store.ListSweepsAsync(default)));
    }

    [Fact]
    public async Task Change_OfTheControl_SeesThePresentOneAndStaysAfterReopening()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default with { Priority = 4 }, [Job("0")], default);

        SweepControl paused = await Store.ChangeAsync("a", control => control with { Phase = SweepPhase.Paused, Priority = control.Priority + 1 }, default);
        Assert.Equal(SweepControl.Default with { Phase = SweepPhase.Paused, Priority = 5 }, paused);
        Assert.Equal(paused, (await Store.ReadStatusAsync("a", default)).Control);
        Assert.Equal(s_odd, await Store.ChangeAsync("a", _ => s_odd, default));

        await ReopenAsync();
        Assert.Equal(s_odd, (await Store.ReadStatusAsync("a", default)).Control);
        Assert.Equal(SweepControl.Default, await Store.ChangeAsync("a", _ => SweepControl.Default, default));
        Assert.Equal(SweepControl.Default, (await Store.ReadStatusAsync("a", default)).Control);
    }

    [Fact]
    public async Task Change_FromManyThreads_LosesNone()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0")], default);

        await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Store.ChangeAsync("a", control => control with { Priority = control.Priority + 1 }, default))));

        Assert.Equal(16, (await Store.ReadStatusAsync("a", default)).Control.Priority);
    }

    [Fact]
    public async Task Change_ThatThrows_ChangesNothing()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0")], default);

        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => Store.ChangeAsync("a", _ => throw new InvalidOperationException("not now"), default));

        Assert.Equal("not now", error.Message);
        Assert.Equal(SweepControl.Default, (await Store.ReadStatusAsync("a", default)).Control);
        await ReopenAsync();
        Assert.DoesNotContain(await Store.ReadEventsAsync("a", 0, 100, default), entry => entry.Kind == StoreEventKind.Changed);
    }

    [Fact]
    public async Task Change_UnknownSweep_IsRefused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => Store.ChangeAsync("absent", control => control, default));

    [Theory]
    [InlineData(SweepPhase.Paused)]
    [InlineData(SweepPhase.Cancelled)]
    [InlineData(SweepPhase.Stopped)]
    public async Task Claim_SweepDoesNotRun_GivesNothingUntilItDoes(SweepPhase phase)
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0"), Job("1")], default);
        await Store.AddSweepAsync(Sweep("b"), SweepControl.Default with { Phase = phase }, [Job("0")], default);
        await Store.ClaimAsync(ClaimFilter.Any, "silo", 1, s_lease, default);
        await Store.ChangeAsync("a", control => control with { Phase = phase }, default);

        Assert.Empty(await Store.ClaimAsync(ClaimFilter.Any, "silo", 10, s_lease, default));
        Assert.Empty(await Store.ClaimAsync(ClaimFilter.Any with { SweepId = "b" }, "silo", 10, s_lease, default));
        await Store.ChangeAsync("b", control => control with { Phase = SweepPhase.Running }, default);
        await Store.ChangeAsync("a", control => control with { Phase = SweepPhase.Running }, default);

        Assert.Equal([("a", 1L), ("b", 0L)], (await Store.ClaimAsync(ClaimFilter.Any, "silo", 10, s_lease, default)).Select(claim => (claim.SweepId, claim.Sequence)).Order());
    }

    [Fact]
    public async Task Claim_OfASweepWithLimits_CarriesThem()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default with { MaxAttempts = 7, TimeLimit = TimeSpan.FromMinutes(3) }, [Job("0"), Job("1")], default);

        Claim claim = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "silo", 1, s_lease, default));
        await Store.ChangeAsync("a", control => control with { MaxAttempts = 8, TimeLimit = null }, default);
        Claim next = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "silo", 1, s_lease, default));

        Assert.Equal(new Claim("a", 0, Job("0"), 1, "silo") { MaxAttempts = 7, TimeLimit = TimeSpan.FromMinutes(3), Life = claim.Life }, claim);
        Assert.Equal(new Claim("a", 1, Job("1"), 1, "silo") { MaxAttempts = 8, Life = claim.Life }, next);
    }

    [Fact]
    public async Task Renew_SweepPaused_KeepsTheClaimAndItsResultIsRecorded()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0")], default);
        ImmutableArray<Claim> claims = await Store.ClaimAsync(ClaimFilter.Any, "silo", 1, s_lease, default);

        await Store.ChangeAsync("a", control => control with { Phase = SweepPhase.Paused }, default);

        Assert.Equal([true], All(await Store.RenewAsync(claims, s_lease, default)));
        Assert.Equal(RecordOutcome.Recorded, await Store.TryRecordAsync(claims[0], JobResult.Of("1"), [], default));
    }

    [Fact]
    public async Task Renew_SweepCancelled_IsFalse()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0")], default);
        await Store.AddSweepAsync(Sweep("b"), SweepControl.Default, [Job("0")], default);
        ImmutableArray<Claim> claims = await Store.ClaimAsync(ClaimFilter.Any, "silo", 2, s_lease, default);

        await Store.ChangeAsync("a", control => control with { Phase = SweepPhase.Cancelled }, default);

        ImmutableArray<bool> held = await Store.RenewAsync(claims, s_lease, default);
        Assert.Equal([("a", false), ("b", true)], claims.Select((claim, index) => (claim.SweepId, held[index])).Order());
    }

    [Fact]
    public async Task Remove_SweepThatRuns_Conflicts()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0")], default);

        await Assert.ThrowsAsync<StoreConflictException>(() => Store.RemoveSweepAsync("a", default));

        Assert.Equal([Sweep("a")], All(await Store.ListSweepsAsync(default)));
        Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "silo", 1, s_lease, default));
    }

    [Fact]
    public async Task Remove_SweepThatIsFinished_LeavesNothingButEvents()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0")], default);
        await Store.AddSweepAsync(Sweep("b"), SweepControl.Default, [Job("0")], default);
        Claim claim = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any with { SweepId = "a" }, "silo", 1, s_lease, default));
        await Store.TryRecordAsync(claim, JobResult.Of("1"), [], default);

        await Store.RemoveSweepAsync("a", default);
        await Store.RemoveSweepAsync("a", default); // a call may be repeated
        await ReopenAsync();

        Assert.Equal([Sweep("b")], All(await Store.ListSweepsAsync(default)));
        Assert.Empty(await Store.FindResultsAsync("0", default));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.ReadStatusAsync("a", default));
        Assert.Equal(
            [StoreEventKind.Submitted, StoreEventKind.Finished, StoreEventKind.Removed],
            (await Store.ReadEventsAsync("a", 0, 100, default)).Select(entry => entry.Kind));
        Assert.Equal("b", Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "silo", 10, s_lease, default)).SweepId);
    }

    [Fact]
    public async Task Remove_SweepWithAClaim_TakesTheClaimAway()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0"), Job("1")], default);
        ImmutableArray<Claim> claims = await Store.ClaimAsync(ClaimFilter.Any, "silo", 1, s_lease, default);
        await Store.ChangeAsync("a", control => control with { Phase = SweepPhase.Cancelled }, default);

        await Store.RemoveSweepAsync("a", default);

        Assert.Equal([false], All(await Store.RenewAsync(claims, s_lease, default)));
        await Store.ReleaseAsync(claims, default);
        await Store.FailAsync(claims[0], "no memory", TimeSpan.Zero, default);
        await Assert.ThrowsAsync<StoreConflictException>(() => Store.TryRecordAsync(claims[0], JobResult.Of("1"), [], default));
        Assert.Empty(await Store.ListSweepsAsync(default));
    }

    [Fact]
    public async Task Remove_ThenAddAgain_BeginsAnew()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default with { Priority = 2 }, [Job("0")], default);
        Claim claim = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "silo", 1, s_lease, default));
        await Store.TryRecordAsync(claim, JobResult.Of("1"), [], default);
        await Store.RemoveSweepAsync("a", default);

        Assert.True(await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0"), Job("1")], default));
        await ReopenAsync();

        Assert.Equal(new SweepStatus(2, 0, 0), (await Store.ReadStatusAsync("a", default)) with { Added = null });
        Assert.Equal([0L, 1L], (await Store.ClaimAsync(ClaimFilter.Any, "silo", 10, s_lease, default)).Select(next => next.Sequence));
        Assert.Empty(await Store.ReadResultsAsync("a", 0, 10, default));
    }

    [Fact]
    public async Task Remove_ThenAddAgain_IsAnotherLifeInWhichFormerClaimsMeanNothing()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0"), Job("1")], default);
        ImmutableArray<Claim> former = await Store.ClaimAsync(ClaimFilter.Any, "silo", 2, s_lease, default);
        await Store.ChangeAsync("a", control => control with { Phase = SweepPhase.Cancelled }, default);
        await Store.RemoveSweepAsync("a", default);
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0"), Job("1")], default);

        Claim claim = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "silo", 1, s_lease, default));

        Assert.NotEqual(former[0].Life, claim.Life);
        Assert.Equal(former[0] with { Life = claim.Life }, claim); // silo and epoch are the same
        Assert.Equal([false, false, true], All(await Store.RenewAsync([.. former, claim], s_lease, default)));
        await Store.ReleaseAsync(former, default);
        await Store.FailAsync(former[0], "no memory", TimeSpan.Zero, default);
        await Assert.ThrowsAsync<StoreConflictException>(() => Store.TryRecordAsync(former[0], JobResult.Of("1"), [], default));
        await Assert.ThrowsAsync<StoreConflictException>(() => Store.TryRecordAsync(former[1], JobResult.Of("1"), [], default)); // nobody has it yet in this life
        Assert.Equal([true], All(await Store.RenewAsync([claim], s_lease, default)));
        Assert.Equal(new SweepStatus(2, 0, 1), (await Store.ReadStatusAsync("a", default)) with { Added = null });
        Assert.Equal(RecordOutcome.Recorded, await Store.TryRecordAsync(claim, JobResult.Of("1"), [], default));
        await ReopenAsync();
        Assert.Equal(claim.Life, Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "silo", 1, s_lease, default)).Life);
    }

    [Fact]
    public async Task Change_AReasonWithControlCharacters_IsKeptOnOneLine()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default with { Reason = OddText }, [Job("0")], default);
        Assert.Equal(PlainText, (await Store.ReadStatusAsync("a", default)).Control.Reason);

        SweepControl changed = await Store.ChangeAsync("a", control => control with { Phase = SweepPhase.Stopped, Reason = $"{OddText}!" }, default);

        Assert.Equal($"{PlainText}!", changed.Reason);
        Assert.Equal(changed, (await Store.ReadStatusAsync("a", default)).Control);
    }

    [Theory]
    [InlineData("change")]
    [InlineData("release")]
    [InlineData("fail")]
    [InlineData("append")]
    [InlineData("add")]
    public async Task WaitForChange_SomethingChanges_IsHeard(string what)
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0")], default);
        Claim claim = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "silo", 1, s_lease, default));
        await Store.ChangeAsync("a", control => control with { Priority = 1 }, default); // acknowledged, so what came before it is announced
        long seen = await Store.WaitForChangeAsync(0, default);
        Task<long> waiting = Store.WaitForChangeAsync(seen, default);
        Assert.False(waiting.IsCompleted);

        await (what switch
        {
            "change" => Store.ChangeAsync("a", control => control with { Phase = SweepPhase.Cancelled }, default),
            "release" => Store.ReleaseAsync([claim], default),
            "fail" => Store.FailAsync(claim, "no memory", TimeSpan.Zero, default),
            "append" => Store.AppendJobsAsync("a", 1, [Job("1")], default),
            _ => Store.AddSweepAsync(Sweep("b"), SweepControl.Default, [Job("0")], default),
        });

        Assert.NotEqual(seen, await waiting);
    }
}
