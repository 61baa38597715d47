using System.Collections.Immutable;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Tests.Stores;

/// <summary>What every store promises. Each store's tests derive from this class.</summary>
public abstract partial class SweepStoreContract : IAsyncLifetime
{
    private static readonly TimeSpan s_lease = TimeSpan.FromMinutes(30); // no test runs so long: leases end only when a test lets them

    private protected ISweepStore Store { get; private set; } = null!;

    /// <summary>Opens the store of this test; called again after it was disposed of, it must find what was acknowledged.</summary>
    private protected abstract Task<ISweepStore> OpenAsync();

    /// <summary>Lets time pass for leases.</summary>
    private protected abstract Task PassAsync(TimeSpan time);

    public virtual async Task InitializeAsync() => Store = await OpenAsync();

    public virtual async Task DisposeAsync() => await Store.DisposeAsync();

    [Fact]
    public async Task AddSweep_Twice_AddsItOnce()
    {
        Assert.True(await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("1")], default));
        Assert.False(await Store.AddSweepAsync(Sweep("a") with { Request = "{\"elsewhere\":1}" }, SweepControl.Default, [Job("2")], default));

        Assert.Equal([Sweep("a")], All(await Store.ListSweepsAsync(default)));
        Assert.Equal([new QueuedJob(0, Job("1"))], All(await Store.ReadJobsAsync("a", 0, 10, default)));
    }

    [Fact]
    public async Task AddSweep_SameIdOtherModel_Conflicts()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [], default);

        await Assert.ThrowsAsync<StoreConflictException>(() => Store.AddSweepAsync(Sweep("a") with { ModelHash = "other" }, SweepControl.Default, [], default));
    }

    [Fact]
    public async Task Sweeps_AfterReopening_AreThereInOrderWithTheirText()
    {
        SweepRecord odd = Sweep("b") with { Spec = "line\nüml \"quoted\" </script> \u0001", DataHash = null, Request = "{ \"spaces\" : [1, 2.50e3] }" };
        await Store.AddSweepAsync(odd, SweepControl.Default, [], default);
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [], default);

        await ReopenAsync();

        Assert.Equal([odd, Sweep("a")], All(await Store.ListSweepsAsync(default)));
    }

    [Fact]
    public async Task AppendJobs_AtAnotherSequence_ConflictsAndWritesNothing()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("1")], default);

        await Assert.ThrowsAsync<StoreConflictException>(() => Store.AppendJobsAsync("a", 0, [Job("2")], default));
        await Assert.ThrowsAsync<StoreConflictException>(() => Store.AppendJobsAsync("a", 2, [Job("2")], default));

        await ReopenAsync();
        Assert.Equal(1, (await Store.ReadStatusAsync("a", default)).Jobs);
    }

    [Fact]
    public async Task AppendJobs_WithAKeyThatIsTaken_AppendsNone()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("1")], default);

        await Assert.ThrowsAsync<StoreConflictException>(() => Store.AppendJobsAsync("a", 1, [Job("2"), Job("1")], default));
        await Assert.ThrowsAsync<StoreConflictException>(() => Store.AppendJobsAsync("a", 1, [Job("2"), Job("2")], default));

        Assert.Equal(1, (await Store.ReadStatusAsync("a", default)).Jobs);
    }

    [Fact]
    public async Task AppendJobs_TwoCoordinatorsAtOnce_OneWins()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [], default);

        Task[] attempts = [.. Enumerable.Range(0, 8).Select(index => Store.AppendJobsAsync("a", 0, [Job($"{index}"), Job($"{index}b")], default))];
        await Task.WhenAll(attempts.Select(attempt => attempt.ContinueWith(_ => { }, TaskScheduler.Default)));

        Assert.Equal(1, attempts.Count(attempt => attempt.IsCompletedSuccessfully));
        ImmutableArray<QueuedJob> jobs = await Store.ReadJobsAsync("a", 0, 10, default);
        Assert.Equal(2, jobs.Length);
        Assert.Equal(jobs[0].Job.Key + "b", jobs[1].Job.Key);
    }

    [Fact]
    public async Task ReadJobs_FromAPlaceWithALimit_GivesThatPart()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0"), Job("1"), Job("2"), Job("3")], default);

        Assert.Equal(["1", "2"], (await Store.ReadJobsAsync("a", 1, 2, default)).Select(job => job.Job.Key));
        Assert.Empty(await Store.ReadJobsAsync("a", 4, 2, default));
    }

    [Fact]
    public async Task Claim_SeveralJobs_GivesEachOnceInOrder()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0"), Job("1"), Job("2")], default);

        ImmutableArray<Claim> first = await Store.ClaimAsync(ClaimFilter.Any, "silo", 2, s_lease, default);
        ImmutableArray<Claim> second = await Store.ClaimAsync(ClaimFilter.Any, "other", 2, s_lease, default);

        long life = first[0].Life;
        Assert.Equal([new Claim("a", 0, Job("0"), 1, "silo") { Life = life }, new Claim("a", 1, Job("1"), 1, "silo") { Life = life }], All(first));
        Assert.Equal([new Claim("a", 2, Job("2"), 1, "other") { Life = life }], All(second));
        Assert.Empty(await Store.ClaimAsync(ClaimFilter.Any, "third", 2, s_lease, default));
        Assert.Equal(new SweepStatus(3, 0, 3), (await Store.ReadStatusAsync("a", default)) with { Added = null });
    }

    [Fact]
    public async Task Claim_FromManyThreads_GivesNoJobTwice()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [.. Enumerable.Range(0, 200).Select(index => Job($"{index}"))], default);

        List<Claim>[] taken = await Task.WhenAll(Enumerable.Range(0, 8).Select(silo => Task.Run(async () =>
        {
            List<Claim> claims = [];
            while (await Store.ClaimAsync(ClaimFilter.Any, $"{silo}", 3, s_lease, default) is { IsEmpty: false } some)
            {
                claims.AddRange(some);
            }

            return claims;
        })));

        Assert.Equal(Enumerable.Range(0, 200).Select(index => (long)index), taken.SelectMany(claims => claims).Select(claim => claim.Sequence).Order());
    }

    [Fact]
    public async Task Claim_LeaseRanOut_IsGivenAgainWithAHigherEpoch()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0")], default);
        Claim late = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "late", 1, s_lease, default));

        await PassAsync(s_lease * 0.9);
        Assert.Empty(await Store.ClaimAsync(ClaimFilter.Any, "next", 1, s_lease, default));
        await PassAsync(s_lease * 0.1);
        Claim next = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "next", 1, s_lease, default));

        Assert.Equal(late with { Epoch = 2, Silo = "next", Attempts = 1, LastError = "its silo was lost" }, next);
        Assert.Equal([false, true], All(await Store.RenewAsync([late, next], s_lease, default)));
    }

    [Fact]
    public async Task Renew_BeforeTheEnd_KeepsTheClaim()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0")], default);
        ImmutableArray<Claim> claims = await Store.ClaimAsync(ClaimFilter.Any, "silo", 1, s_lease, default);

        await PassAsync(s_lease * 0.75);
        Assert.Equal([true], All(await Store.RenewAsync(claims, s_lease, default)));
        await PassAsync(s_lease * 0.75);

        Assert.Empty(await Store.ClaimAsync(ClaimFilter.Any, "other", 1, s_lease, default));
    }

    [Fact]
    public async Task Release_ByTheHolder_FreesTheJob()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0")], default);
        ImmutableArray<Claim> claims = await Store.ClaimAsync(ClaimFilter.Any, "silo", 1, s_lease, default);

        await Store.ReleaseAsync(claims, default);

        Assert.Equal(2, Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "other", 1, s_lease, default)).Epoch);
    }

    [Fact]
    public async Task Release_ByAFormerHolder_LeavesTheNewClaimAlone()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0")], default);
        ImmutableArray<Claim> late = await Store.ClaimAsync(ClaimFilter.Any, "late", 1, s_lease, default);
        await PassAsync(s_lease);
        ImmutableArray<Claim> next = await Store.ClaimAsync(ClaimFilter.Any, "next", 1, s_lease, default);

        await Store.ReleaseAsync(late, default);

        Assert.Empty(await Store.ClaimAsync(ClaimFilter.Any, "third", 1, s_lease, default));
        Assert.Equal([true], All(await Store.RenewAsync(next, s_lease, default)));
    }

    [Fact]
    public async Task TryRecord_FirstResult_IsRecordedAndReadAfterReopening()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0"), Job("1")], default);
        ImmutableArray<Claim> claims = await Store.ClaimAsync(ClaimFilter.Any, "silo", 2, s_lease, default);
        JobResult odd = JobResult.Of("{\"value\":0.1, \"tiny\":5E-324,\"text\":\"a\\u00e9\"}");
        JobResult failed = JobResult.Failed("layer 'x': \"quoted\"");

        Assert.Equal(RecordOutcome.Recorded, await Store.TryRecordAsync(claims[1], odd, [], default));
        Assert.Equal(RecordOutcome.Recorded, await Store.TryRecordAsync(claims[0], failed, [], default));
        await ReopenAsync();

        Assert.Equal(
            [new RecordedResult(1, 1, Job("1"), odd), new RecordedResult(2, 0, Job("0"), failed)],
            All(await Store.ReadResultsAsync("a", 0, 10, default)));
        Assert.Equal(new SweepStatus(2, 2, 0) { Failures = 1 }, (await Store.ReadStatusAsync("a", default)) with { Added = null });
        Assert.True((await Store.ReadStatusAsync("a", default)).IsFinished);
        Assert.Empty(await Store.ClaimAsync(ClaimFilter.Any, "silo", 2, s_lease, default));
    }

    [Fact]
    public async Task TryRecord_EqualResultOfALateAttempt_IsSuperseded()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0")], default);
        Claim late = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "late", 1, s_lease, default));
        await PassAsync(s_lease);
        Claim next = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "next", 1, s_lease, default));

        Assert.Equal(RecordOutcome.Recorded, await Store.TryRecordAsync(late, JobResult.Of("1"), [], default));
        Assert.Equal(RecordOutcome.Superseded, await Store.TryRecordAsync(next, JobResult.Of("1"), [], default));

        Assert.Single(await Store.ReadResultsAsync("a", 0, 10, default));
        Assert.Equal([false], All(await Store.RenewAsync([next], s_lease, default)));
    }

    [Fact]
    public async Task TryRecord_OtherResult_IsAnErrorAndTheFirstStands()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0")], default);
        Claim claim = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "silo", 1, s_lease, default));
        await Store.TryRecordAsync(claim, JobResult.Of("1"), [], default);

        ResultConflictException error = await Assert.ThrowsAsync<ResultConflictException>(
            () => Store.TryRecordAsync(claim, JobResult.Of("1.0"), [], default));
        await Assert.ThrowsAsync<ResultConflictException>(() => Store.TryRecordAsync(claim, JobResult.Failed("no"), [], default));

        Assert.Contains("job 0 (Trial 0), epoch 1 on silo", error.Message, StringComparison.Ordinal);
        await ReopenAsync();
        Assert.Equal(JobResult.Of("1"), Assert.Single(await Store.ReadResultsAsync("a", 0, 10, default)).Result);
    }

    [Fact]
    public async Task TryRecord_AClaimThatWasNeverGiven_IsRefused()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0"), Job("1")], default);
        Claim given = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "silo", 1, s_lease, default));

        await Assert.ThrowsAsync<ArgumentException>(() => Store.TryRecordAsync(given with { Sequence = 1, Job = Job("1") }, JobResult.Of("1"), [], default));
        await Assert.ThrowsAsync<ArgumentException>(() => Store.TryRecordAsync(given with { Epoch = 2 }, JobResult.Of("1"), [], default));
    }

    [Fact]
    public async Task TryRecord_AFailureWithControlCharacters_IsRecordedOnOneLine()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0"), Job("1"), Job("2")], default);
        ImmutableArray<Claim> claims = await Store.ClaimAsync(ClaimFilter.Any, "silo", 3, s_lease, default);

        RecordOutcome[] outcomes = await Task.WhenAll(
            Store.TryRecordAsync(claims[0], JobResult.Failed(OddText), [], default),
            Store.TryRecordAsync(claims[1], JobResult.Of("1"), [], default), // may share its transaction
            Store.TryRecordAsync(claims[2], JobResult.SetAside(5, OddText), [], default));

        Assert.All(outcomes, outcome => Assert.Equal(RecordOutcome.Recorded, outcome));
        Assert.Equal(RecordOutcome.Superseded, await Store.TryRecordAsync(claims[0], JobResult.Failed(OddText), [], default)); // the same again: no contradiction
        Assert.Equal(
            [JobResult.Failed(PlainText), JobResult.Of("1"), JobResult.SetAside(5, PlainText)],
            (await Store.ReadResultsAsync("a", 0, 10, default)).OrderBy(result => result.JobSequence).Select(result => result.Result));
    }

    [Fact]
    public async Task TryRecord_Coordinator_AppendsItsRoundWithItsResult()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Coordinate("c0")], default);
        Claim claim = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "silo", 1, s_lease, default));

        await Store.TryRecordAsync(claim, JobResult.Of("{}"), [Job("0"), Coordinate("c1")], default);
        await ReopenAsync();

        Assert.Equal(["c0", "0", "c1"], (await Store.ReadJobsAsync("a", 0, 10, default)).Select(job => job.Job.Key));
        Assert.False((await Store.ReadStatusAsync("a", default)).IsFinished);
    }

    [Fact]
    public async Task TryRecord_CoordinatorAfterAnotherAppended_ConflictsAndRecordsNothing()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Coordinate("c0")], default);
        Claim claim = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "silo", 1, s_lease, default));
        await Store.AppendJobsAsync("a", 1, [Job("grown")], default);

        await Assert.ThrowsAsync<StoreConflictException>(() => Store.TryRecordAsync(claim, JobResult.Of("{}"), [Job("0")], default));

        Assert.Empty(await Store.ReadResultsAsync("a", 0, 10, default));
    }

    [Fact]
    public async Task Claim_Coordinator_WaitsForEveryJobBeforeIt()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0"), Job("1"), Coordinate("c"), Job("grown")], default);
        ImmutableArray<Claim> claims = await Store.ClaimAsync(ClaimFilter.Any, "silo", 10, s_lease, default);
        Assert.Equal(["0", "1", "grown"], claims.Select(claim => claim.Job.Key));

        await Store.TryRecordAsync(claims[2], JobResult.Of("1"), [], default);
        await Store.TryRecordAsync(claims[0], JobResult.Of("1"), [], default);
        Assert.Empty(await Store.ClaimAsync(ClaimFilter.Any, "silo", 10, s_lease, default));
        await Store.TryRecordAsync(claims[1], JobResult.Failed("no"), [], default);

        Assert.Equal("c", Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "silo", 10, s_lease, default)).Job.Key);
    }

    [Fact]
    public async Task Claim_WithAFilter_TakesOnlyWhatItAdmits()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0")], default);
        await Store.AddSweepAsync(Sweep("b"), SweepControl.Default, [Job("0")], default);
        await Store.AddSweepAsync(Sweep("newer") with { Version = "9.0.0" }, SweepControl.Default, [Job("0")], default);

        Assert.Equal("b", Assert.Single(await Store.ClaimAsync(ClaimFilter.Any with { SweepId = "b" }, "silo", 10, s_lease, default)).SweepId);
        Assert.Empty(await Store.ClaimAsync(new ClaimFilter(null, "0.1.0", ["a"]), "silo", 10, s_lease, default));
        Assert.Equal("newer", Assert.Single(await Store.ClaimAsync(ClaimFilter.Any with { Version = "9.0.0" }, "silo", 10, s_lease, default)).SweepId);
        Assert.Equal("a", Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "silo", 10, s_lease, default)).SweepId);
    }

    [Fact]
    public async Task TryRecord_ManyAtOnce_GivesEachOneAPlaceWithoutGaps()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [.. Enumerable.Range(0, 300).Select(index => Job($"{index}"))], default);
        ImmutableArray<Claim> claims = await Store.ClaimAsync(ClaimFilter.Any, "silo", 300, s_lease, default);

        RecordOutcome[] outcomes = await Task.WhenAll(claims.Concat(claims).Select(claim => Store.TryRecordAsync(claim, JobResult.Of($"{claim.Sequence}"), [], default)));

        Assert.Equal(300, outcomes.Count(outcome => outcome == RecordOutcome.Recorded));
        ImmutableArray<RecordedResult> results = await Store.ReadResultsAsync("a", 0, 1000, default);
        Assert.Equal(Enumerable.Range(1, 300).Select(index => (long)index), results.Select(result => result.Sequence));
        Assert.All(results, result => Assert.Equal($"{result.JobSequence}", result.Result.Payload));
        Assert.Equal(new SweepStatus(300, 300, 0), (await Store.ReadStatusAsync("a", default)) with { Added = null });
    }

    [Fact]
    public async Task ReadResults_AfterASequence_GivesOnlyWhatIsNew()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0"), Job("1"), Job("2")], default);
        foreach (Claim claim in await Store.ClaimAsync(ClaimFilter.Any, "silo", 3, s_lease, default))
        {
            await Store.TryRecordAsync(claim, JobResult.Of($"{claim.Sequence}"), [], default);
        }

        Assert.Equal([1L], (await Store.ReadResultsAsync("a", 1, 1, default)).Select(result => result.JobSequence));
        Assert.Equal([1L, 2L], (await Store.ReadResultsAsync("a", 1, 10, default)).Select(result => result.JobSequence));
        Assert.Empty(await Store.ReadResultsAsync("a", 3, 10, default));
    }

    [Fact]
    public async Task Sweeps_SideBySide_DoNotMix()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("same")], default);
        await Store.AddSweepAsync(Sweep("b"), SweepControl.Default, [Job("same")], default);
        ImmutableArray<Claim> claims = await Store.ClaimAsync(ClaimFilter.Any, "silo", 10, s_lease, default);
        Assert.Equal(["a", "b"], claims.Select(claim => claim.SweepId));

        await Store.TryRecordAsync(claims[1], JobResult.Of("2"), [], default);

        Assert.Equal(0, (await Store.ReadStatusAsync("a", default)).Results);
        Assert.True((await Store.ReadStatusAsync("b", default)).IsFinished);
    }

    [Fact]
    public async Task WaitForChange_Nothing_WaitsUntilSomethingIsRecorded()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0")], default);
        Claim claim = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "silo", 1, s_lease, default));
        long seen = await Store.WaitForChangeAsync(0, default);
        Task<long> waiting = Store.WaitForChangeAsync(seen, default);
        Assert.False(waiting.IsCompleted);

        await Store.TryRecordAsync(claim, JobResult.Of("1"), [], default);

        Assert.NotEqual(seen, await waiting);
    }

    [Fact]
    public async Task WaitForChange_Canceled_StopsWaiting()
    {
        using CancellationTokenSource stop = new();
        Task<long> waiting = Store.WaitForChangeAsync(await Store.WaitForChangeAsync(0, default), stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    /// <summary>What a broken file or a command may say: it holds a NUL, which PostgreSQL takes in no text, and half a character.</summary>
    private const string OddText = "no \0tensor\twith \r\n this\u0085name: \ud83d'";

    /// <summary>The same on one line, as it is kept.</summary>
    private const string PlainText = "no tensor with this name: \ufffd'";

    private protected static SweepRecord Sweep(string id) => new(id, $"sweep {id}", "spec", "model", "data", "0.1.0", "{}");

    private protected static Job Job(string key) => new(JobKind.Trial, key, $"{{\"plan\":\"{key}\"}}");

    private protected static Job Coordinate(string key) => new(JobKind.Coordinate, key, "{}");

    /// <summary>For assertions: xunit compares an immutable array by its reference.</summary>
    private protected static IEnumerable<T> All<T>(ImmutableArray<T> items) => items;

    private protected async Task ReopenAsync()
    {
        await Store.DisposeAsync();
        Store = await OpenAsync();
    }
}
