using System.Collections.Immutable;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Tests.Stores;

public sealed partial class PostgresStoreTests
{
    private static readonly TimeSpan s_leastAge = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task ClaimCopy_JobIsNotLate_GivesNone()
    {
        await HoldAsync("first");

        Assert.Null(await CopyAsync("second"));
        await PassAsync(s_leastAge * 0.9);
        Assert.Null(await CopyAsync("second"));
    }

    [Fact]
    public async Task ClaimCopy_JobIsLate_GivesOneCopyToAnotherSilo()
    {
        Claim first = await HoldAsync("first", SweepControl.Default with { MaxAttempts = 3, TimeLimit = TimeSpan.FromHours(1) });
        await PassAsync(s_leastAge);

        Assert.Null(await CopyAsync("first")); // it is at it already
        Claim? copy = await CopyAsync("second");
        Assert.Null(await CopyAsync("third"));

        Assert.Equal(first with { Epoch = 2, Silo = "second", IsCopy = true }, copy);
        Assert.Equal([true, true], All(await Store.RenewAsync([first, copy!], s_lease, default)));
        Assert.Empty(await Store.ClaimAsync(ClaimFilter.Any, "third", 10, s_lease, default));
        Assert.Equal(1, (await Store.ReadStatusAsync("a", default)).Leased);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public async Task TryRecord_HolderAndCopy_TheFirstOneStands(int winner, int loser)
    {
        Claim[] both = [await HoldAsync("first"), await CopyWhenLateAsync("second")];

        Assert.Equal(RecordOutcome.Recorded, await Store.TryRecordAsync(both[winner], JobResult.Of("1"), [], default));
        Assert.Equal([false, false], All(await Store.RenewAsync(both, s_lease, default)));
        Assert.Equal(RecordOutcome.Superseded, await Store.TryRecordAsync(both[loser], JobResult.Of("1"), [], default));
        await Assert.ThrowsAsync<ResultConflictException>(() => Store.TryRecordAsync(both[loser], JobResult.Of("2"), [], default));

        Assert.Equal(JobResult.Of("1"), Assert.Single(await Store.ReadResultsAsync("a", 0, 10, default)).Result);
        Assert.True((await Store.ReadStatusAsync("a", default)).IsFinished);
    }

    [Fact]
    public async Task Claim_HolderIsLostWhileTheCopyLives_TheCopyIsTheHolder()
    {
        Claim first = await HoldAsync("first");
        Claim copy = await CopyWhenLateAsync("second");
        await PassAsync(s_lease * 0.75);
        await Store.RenewAsync([copy], s_lease, default);
        await PassAsync(s_lease * 0.75);

        Assert.Empty(await Store.ClaimAsync(ClaimFilter.Any, "third", 10, s_lease, default));
        Assert.Equal([false, true], All(await Store.RenewAsync([first, copy], s_lease, default)));
        Assert.Equal("first", Assert.Single(await FailedAttemptsAsync()));
        Claim next = await CopyWhenLateAsync("third"); // it is late too, and has no copy
        Assert.Equal((3L, 1, Claim.SiloLost), (next.Epoch, next.Attempts, next.LastError));
        Assert.Equal(RecordOutcome.Recorded, await Store.TryRecordAsync(copy, JobResult.Of("1"), [], default));
    }

    [Fact]
    public async Task Claim_HolderAndCopyAreLost_GivesAnEpochAboveBoth()
    {
        Claim first = await HoldAsync("first");
        Claim copy = await CopyWhenLateAsync("second");
        await PassAsync(s_lease);

        Claim next = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "third", 10, s_lease, default));

        Assert.Equal((3L, 2, Claim.SiloLost, false), (next.Epoch, next.Attempts, next.LastError, next.IsCopy));
        Assert.Equal([false, false, true], All(await Store.RenewAsync([first, copy, next], s_lease, default)));
        Assert.Equal(["first", "second"], await FailedAttemptsAsync());
        Assert.Equal(RecordOutcome.Recorded, await Store.TryRecordAsync(copy, JobResult.Of("1"), [], default)); // results are functions of their jobs
    }

    [Fact]
    public async Task ClaimCopy_TheCopyIsLost_GivesAnotherWithAHigherEpoch()
    {
        Claim first = await HoldAsync("first");
        Claim copy = await CopyWhenLateAsync("second");
        await PassAsync(s_lease * 0.75);
        await Store.RenewAsync([first], s_lease, default);
        await PassAsync(s_lease * 0.75);

        Claim? next = await CopyAsync("third");

        Assert.Equal((3L, 1), (next!.Epoch, next.Attempts));
        Assert.Equal([true, false, true], All(await Store.RenewAsync([first, copy, next], s_lease, default)));
        Assert.Equal(["second"], await FailedAttemptsAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task End_OfTheHolder_LeavesTheCopyAsHolder(bool fails)
    {
        Claim first = await HoldAsync("first");
        Claim copy = await CopyWhenLateAsync("second");

        await (fails ? Store.FailAsync(first, "no memory", TimeSpan.FromHours(1), default) : Store.ReleaseAsync([first], default));

        Assert.Empty(await Store.ClaimAsync(ClaimFilter.Any, "third", 10, s_lease, default));
        Assert.Equal([false, true], All(await Store.RenewAsync([first, copy], s_lease, default)));
        await Store.ReleaseAsync([copy], default);
        Claim next = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "third", 10, s_lease, default));
        Assert.Equal((3L, fails ? 1 : 0, fails ? "no memory" : null), (next.Epoch, next.Attempts, next.LastError));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task End_OfTheCopy_LeavesTheHolder(bool fails)
    {
        Claim first = await HoldAsync("first");
        Claim copy = await CopyWhenLateAsync("second");

        await (fails ? Store.FailAsync(copy, "no memory", TimeSpan.FromHours(1), default) : Store.ReleaseAsync([copy], default));

        Assert.Equal([true, false], All(await Store.RenewAsync([first, copy], s_lease, default)));
        Claim? next = await CopyAsync("third");
        Assert.Equal((3L, fails ? 1 : 0, fails ? "no memory" : null), (next!.Epoch, next.Attempts, next.LastError));
    }

    [Fact]
    public async Task ClaimCopy_OtherJobsTookLong_WaitsForThreeTimesTheirTime()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [.. Enumerable.Range(0, 21).Select(index => Job($"{index}")), Layer("layer")], default);
        ImmutableArray<Claim> claims = await Store.ClaimAsync(ClaimFilter.Any, "first", 20, s_lease, default);
        foreach (Claim claim in claims[..10])
        {
            await Store.TryRecordAsync(claim, JobResult.Of("1"), [], default); // at once
        }

        await PassAsync(s_leastAge * 4);
        foreach (Claim claim in claims[10..])
        {
            await Store.TryRecordAsync(claim, JobResult.Of("1"), [], default);
        }

        Claim late = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "first", 1, s_lease, default));
        await PassAsync(s_leastAge * 11);
        Assert.Null(await CopyAsync("second"));
        Claim layer = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "first", 1, s_lease, default)); // of another kind, of which nothing is known
        await PassAsync(s_leastAge * 1.5); // the results took a little more than four times as long, for they were recorded in turn

        Assert.Equal([late.Sequence, layer.Sequence], [(await CopyAsync("second"))!.Sequence, (await CopyAsync("second"))!.Sequence]);
        Assert.Null(await CopyAsync("second"));
    }

    [Fact]
    public async Task ClaimCopy_Coordinator_GivesNone()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Coordinate("c")], default);
        Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "first", 1, s_lease, default));
        await PassAsync(s_leastAge * 10);

        Assert.Null(await CopyAsync("second"));
    }

    [Fact]
    public async Task ClaimCopy_SweepIsNotForThisSilo_GivesNone()
    {
        await HoldAsync("first");
        await PassAsync(s_leastAge);

        Assert.Null(await Store.ClaimCopyAsync(ClaimFilter.Any with { Version = "9.0.0" }, "second", s_leastAge, s_lease, default));
        Assert.Null(await Store.ClaimCopyAsync(ClaimFilter.Any with { Except = ["a"] }, "second", s_leastAge, s_lease, default));
        await Store.ChangeAsync("a", control => control with { Phase = SweepPhase.Paused }, default);
        Assert.Null(await CopyAsync("second"));
    }

    [Fact]
    public async Task ClaimCopy_SweepRunsACommand_GivesNone()
    {
        await Store.AddSweepAsync(Sweep("a") with { Needs = SweepNeeds.None with { RunsCommand = true } }, SweepControl.Default, [Job("0")], default);
        Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "first", 1, s_lease, default));
        await PassAsync(s_leastAge * 10);

        Assert.Null(await CopyAsync("second")); // what a command measures need not be the same twice
    }

    private async Task<Claim> HoldAsync(string silo, SweepControl? control = null)
    {
        await Store.AddSweepAsync(Sweep("a"), control ?? SweepControl.Default, [Job("0")], default);
        return Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, silo, 1, s_lease, default));
    }

    private Task<Claim?> CopyAsync(string silo) => Store.ClaimCopyAsync(ClaimFilter.Any, silo, s_leastAge, s_lease, default);

    private async Task<Claim> CopyWhenLateAsync(string silo)
    {
        await PassAsync(s_leastAge);
        return (await CopyAsync(silo))!;
    }

    private async Task<IEnumerable<string>> FailedAttemptsAsync() => (await Store.ReadEventsAsync("a", 0, 100, default))
        .Where(entry => entry.Kind == StoreEventKind.AttemptFailed).Select(entry => entry.Text.Split(" on ")[1].Split(':')[0]);

    private static Job Layer(string key) => new(JobKind.Layer, key, "{}");
}
