using System.Collections.Immutable;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Tests.Stores;

public abstract partial class SweepStoreContract
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task Fail_ByTheHolder_CountsAnAttemptAndKeepsThePause()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0"), Job("1")], default);
        Claim claim = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "silo", 1, s_lease, default));

        await Store.FailAsync(claim, "no memory", s_pause, default);

        Assert.Equal("1", Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "other", 10, s_lease, default)).Job.Key);
        await PassAsync(s_pause * 0.9);
        Assert.Empty(await Store.ClaimAsync(ClaimFilter.Any, "other", 10, s_lease, default));
        await PassAsync(s_pause * 0.1);
        Claim next = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "other", 10, s_lease, default));
        Assert.Equal(claim with { Epoch = 2, Silo = "other", Attempts = 1, LastError = "no memory" }, next);
    }

    [Fact]
    public async Task Fail_AgainAndAgain_CountsEachAndKeepsTheLastError()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0")], default);
        for (int attempt = 0; attempt < 3; attempt++)
        {
            Claim claim = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "silo", 1, s_lease, default));
            Assert.Equal(attempt, claim.Attempts);
            await Store.FailAsync(claim, $"error {attempt}", TimeSpan.Zero, default);
        }

        Claim last = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "silo", 1, s_lease, default));
        Assert.Equal((3, "error 2", 4L), (last.Attempts, last.LastError, last.Epoch));
    }

    [Fact]
    public async Task Fail_AReasonWithControlCharacters_IsKeptOnOneLine()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0")], default);
        await Store.FailAsync(Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "silo", 1, s_lease, default)), OddText, TimeSpan.Zero, default);

        Assert.Equal(PlainText, Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "silo", 1, s_lease, default)).LastError);
        Assert.EndsWith(PlainText, (await Store.ReadEventsAsync("a", 0, 10, default))[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fail_AfterReopening_IsRemembered()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0")], default);
        await Store.FailAsync(Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "silo", 1, s_lease, default)), "no memory", TimeSpan.Zero, default);

        await ReopenAsync();

        Claim next = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "silo", 1, s_lease, default));
        Assert.Equal((1, "no memory"), (next.Attempts, next.LastError));
    }

    [Fact]
    public async Task Fail_ByAFormerHolder_IsPassedOver()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0")], default);
        Claim late = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "late", 1, s_lease, default));
        await PassAsync(s_lease);
        Claim next = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "next", 1, s_lease, default));

        await Store.FailAsync(late, "too late", s_pause, default);

        Assert.Equal([true], All(await Store.RenewAsync([next], s_lease, default)));
        await Store.ReleaseAsync([next], default);
        Claim third = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "third", 1, s_lease, default));
        Assert.Equal((1, Claim.SiloLost), (third.Attempts, third.LastError));
    }

    [Fact]
    public async Task Fail_AfterTheResult_IsPassedOver()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0")], default);
        Claim claim = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "silo", 1, s_lease, default));
        await Store.TryRecordAsync(claim, JobResult.Of("1"), [], default);

        await Store.FailAsync(claim, "too late", TimeSpan.Zero, default);

        Assert.Empty(await Store.ClaimAsync(ClaimFilter.Any, "silo", 1, s_lease, default));
        Assert.True((await Store.ReadStatusAsync("a", default)).IsFinished);
    }

    [Fact]
    public async Task Release_ByTheHolder_CountsNoAttempt()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0")], default);
        Claim first = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "silo", 1, s_lease, default));
        await Store.ReleaseAsync([first], default);
        Claim second = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "silo", 1, s_lease, default));
        Assert.Equal((0, null), (second.Attempts, second.LastError));
        await Store.FailAsync(second, "no memory", TimeSpan.Zero, default);
        Claim third = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "silo", 1, s_lease, default));

        await Store.ReleaseAsync([third], default);

        Claim last = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "silo", 1, s_lease, default));
        Assert.Equal((1, "no memory", 4L), (last.Attempts, last.LastError, last.Epoch));
    }

    [Fact]
    public async Task Claim_LeasesRanOutAgainAndAgain_CountsEach()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0")], default);
        for (int attempt = 0; attempt < 3; attempt++)
        {
            Assert.Equal(attempt, Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, $"silo {attempt}", 1, s_lease, default)).Attempts);
            await PassAsync(s_lease);
        }

        Claim last = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "silo", 1, s_lease, default));
        Assert.Equal((3, Claim.SiloLost), (last.Attempts, last.LastError));
        ImmutableArray<StoreEvent> failed = [.. (await Store.ReadEventsAsync("a", 0, 100, default)).Where(entry => entry.Kind == StoreEventKind.AttemptFailed)];
        Assert.Equal(3, failed.Length);
        Assert.All(failed, (entry, index) => Assert.Contains($"silo {index}", entry.Text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(SweepPhase.Paused)]
    [InlineData(SweepPhase.Stopped)]
    [InlineData(SweepPhase.Cancelled)]
    public async Task Change_RunsAgain_ForgetsAttempts(SweepPhase phase)
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0"), Job("1")], default);
        ImmutableArray<Claim> claims = await Store.ClaimAsync(ClaimFilter.Any, "silo", 2, s_lease, default);
        await Store.FailAsync(claims[0], "no memory", s_pause, default);
        await Store.FailAsync(claims[1], "no memory", TimeSpan.Zero, default);
        Claim held = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "silo", 1, s_lease, default));
        Assert.Equal(1, held.Attempts);
        await Store.ChangeAsync("a", control => control with { Priority = 1 }, default); // it went on running: nothing is forgotten
        Assert.Empty(await Store.ClaimAsync(ClaimFilter.Any, "silo", 1, s_lease, default));

        await Store.ChangeAsync("a", control => control with { Phase = phase }, default);
        await Store.ChangeAsync("a", control => control with { Phase = SweepPhase.Running }, default);
        await Store.ReleaseAsync([held], default);

        Assert.Equal([(0, null), (0, null)], (await Store.ClaimAsync(ClaimFilter.Any, "silo", 10, s_lease, default)).Select(claim => (claim.Attempts, claim.LastError)));
    }

    [Fact]
    public async Task TryRecord_AJobThatIsSetAside_IsToldAndContradictsNoLateResult()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default with { MaxAttempts = 1 }, [Job("0"), Job("1")], default);
        ImmutableArray<Claim> claims = await Store.ClaimAsync(ClaimFilter.Any, "silo", 2, s_lease, default);
        await Store.TryRecordAsync(claims[1], JobResult.Failed("a broken layer"), [], default); // its own failure, at once
        await Store.FailAsync(claims[0], "no memory", TimeSpan.Zero, default);
        Claim last = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "silo", 1, s_lease, default));

        Assert.Equal(RecordOutcome.Recorded, await Store.TryRecordAsync(last, JobResult.SetAside(1, "no memory"), [], default));
        Assert.Equal(RecordOutcome.Superseded, await Store.TryRecordAsync(claims[0], JobResult.Of("{}"), [], default));

        StoreEvent told = Assert.Single(await Store.ReadEventsAsync("a", 0, 100, default), entry => entry.Kind == StoreEventKind.SetAside);
        Assert.Contains("no memory", told.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindResults_OfASubject_GivesThoseOfEverySweep()
    {
        Job narrow = Job("narrow") with { Subject = "layer" }, wide = Job("wide") with { Subject = "layer" }, failed = Job("failed") with { Subject = "layer" };
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0"), narrow, failed], default);
        await Store.AddSweepAsync(Sweep("b"), SweepControl.Default, [wide, Job("open") with { Subject = "layer" }], default);
        ImmutableArray<Claim> claims = await Store.ClaimAsync(ClaimFilter.Any with { SweepId = "a" }, "silo", 3, s_lease, default);
        await Store.TryRecordAsync(claims[2], JobResult.Failed("no"), [], default);
        await Store.TryRecordAsync(claims[1], JobResult.Of("1"), [], default);
        await Store.TryRecordAsync(claims[0], JobResult.Of("0"), [], default);
        Claim last = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any with { SweepId = "b" }, "silo", 1, s_lease, default));
        Assert.Equal(wide, last.Job);
        await Store.TryRecordAsync(last, JobResult.Of("2"), [], default);

        await ReopenAsync();

        Assert.Equal(
            [new RecordedResult(2, 1, narrow, JobResult.Of("1")), new RecordedResult(1, 0, wide, JobResult.Of("2"))],
            (await Store.FindResultsAsync("layer", default)).OrderBy(result => result.Result.Payload, StringComparer.Ordinal));
        Assert.Equal([new RecordedResult(3, 0, Job("0"), JobResult.Of("0"))], All(await Store.FindResultsAsync("0", default)));
        Assert.Empty(await Store.FindResultsAsync("narrow", default)); // it has another subject
        Assert.Empty(await Store.FindResultsAsync("absent", default));
        Assert.Equal([Job("0"), narrow, failed], (await Store.ReadJobsAsync("a", 0, 10, default)).Select(job => job.Job));
        Assert.Equal([failed, narrow, Job("0")], (await Store.ReadResultsAsync("a", 0, 10, default)).Select(result => result.Job));
    }
}
