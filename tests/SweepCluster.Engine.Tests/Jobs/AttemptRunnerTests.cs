using System.Text.Json;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;
using SweepCluster.Sweeps.Plans;
using SweepCluster.Sweeps.Trials;

namespace SweepCluster.Engine.Tests.Jobs;

public sealed class AttemptRunnerTests : LoopFixture
{
    private static readonly SweepControl s_limited = SweepControl.Default with { TimeLimit = TimeSpan.FromMinutes(10), MaxAttempts = 2 };

    [Fact]
    public async Task Run_AnErrorThatMayPass_TriesTheJobAgainAfterAPauseThatDoubles()
    {
        await AddAsync(3);
        int attempts = 0;

        await PassAsync(StartAsync(claim => claim.Job.Key == "1" && ++attempts < 4 ? throw new IOException("No space\nleft on device") : DelegateHost.Done));

        Assert.True((await Store.ReadStatusAsync(SweepId, default)).IsFinished);
        Assert.All((await FailuresAsync()).Values, Assert.Null);
        Assert.Equal(3, Finished.Count);
        Assert.Equal([("1", "IOException: No space left on device")], Store.Failed.Select(failed => (failed.Key, failed.Reason)).Distinct());
        Assert.Collection(
            Store.Failed.Select(failed => failed.Pause.TotalSeconds),
            pause => Assert.InRange(pause, 1, 1.1),
            pause => Assert.InRange(pause, 2, 2.2),
            pause => Assert.InRange(pause, 4, 4.4));
    }

    [Fact]
    public async Task Run_AnErrorWithControlCharacters_IsTextThatEveryStoreHolds()
    {
        await AddAsync(2);
        int attempts = 0;

        await PassAsync(StartAsync(claim =>
            claim.Job.Key == "0" ? throw new InvalidOperationException("found a\0b") : ++attempts == 1 ? throw new IOException("cut \uD83D") : DelegateHost.Done));

        Assert.Equal("InvalidOperationException: found a\uFFFDb", (await FailuresAsync())["0"]);
        Assert.Equal("IOException: cut \uFFFD", Assert.Single(Store.Failed).Reason);
    }

    [Theory]
    [InlineData("No space left on device : '/tmp/sweep-silo-0a1b/s-1/tmp/{0}/net.mlpackage/weight.bin'", "No space left on device : 'weight.bin'")]
    [InlineData("No space left on device : '/tmp/sweep-silo-0a1b/s-1/tmp/{0}'", "No space left on device : '*'")]
    [InlineData("/tmp/sweep-silo-0a1b/s-1/files/net.mlpackage: found NaN in /data/net.", "net.mlpackage: found NaN in /data/net.")]
    public async Task Run_AnErrorNamesTheSilosOwnFolder_ReadsTheSameOnEverySilo(string message, string expected)
    {
        await AddAsync(2, SweepControl.Default with { MaxAttempts = 1 });
        Options = Options with { Folder = "/tmp/sweep-silo-0a1b" };
        string found = message.Replace("{0}", Guid.NewGuid().ToString("N"), StringComparison.Ordinal);

        await PassAsync(StartAsync(claim => throw (claim.Job.Key == "0" ? new IOException(found) : new InvalidOperationException(found))));

        Dictionary<string, string?> failures = await FailuresAsync();
        Assert.Equal($"set aside after 1 attempts without a result; the last: IOException: {expected}", failures["0"]);
        Assert.Equal($"InvalidOperationException: {expected}", failures["1"]);
    }

    [Fact]
    public async Task Run_EveryAttemptAtAJobFails_SetsItAsideAndTheOthersGoOn()
    {
        await AddAsync(4, SweepControl.Default with { MaxAttempts = 3 });

        await PassAsync(StartAsync(claim => claim.Job.Key == "1" ? throw new InsufficientMemoryException("too large") : DelegateHost.Done));

        Dictionary<string, string?> failures = await FailuresAsync();
        Assert.Equal("set aside after 3 attempts without a result; the last: InsufficientMemoryException: too large", failures["1"]);
        Assert.Equal([null, null, null], failures.Where(entry => entry.Key != "1").Select(entry => entry.Value));
        Assert.Equal(3, Store.Failed.Count);
    }

    [Fact]
    public async Task Run_CoordinationFailsAgainAndAgain_StopsTheSweepUntilItIsResumed()
    {
        await AddAsync([Trial(0), new Job(JobKind.Coordinate, "round 0", "{}")], SweepControl.Default with { MaxAttempts = 2 });
        bool mended = false;
        JobOutcome Work(Claim claim) => claim.Job.Kind == JobKind.Coordinate && !mended ? throw new InvalidOperationException("no such plan") : DelegateHost.Done;

        SweepStoppedException stopped = await Assert.ThrowsAsync<SweepStoppedException>(() => PassAsync(StartAsync(Work)));

        Assert.Equal("sweep a: was stopped: its coordination came to no result in 2 attempts; the last: InvalidOperationException: no such plan", stopped.Message);
        Assert.Equal(SweepPhase.Stopped, (await Store.ReadStatusAsync(SweepId, default)).Control.Phase);

        mended = true;
        await Store.ChangeAsync(SweepId, control => control with { Phase = SweepPhase.Running, Reason = null }, default);
        await PassAsync(StartAsync(Work));

        Assert.True((await Store.ReadStatusAsync(SweepId, default)).IsFinished);
    }

    [Fact]
    public async Task Run_TheUncompressedModelFailsAgainAndAgain_StopsTheSweep()
    {
        string payload = JsonSerializer.Serialize(new JobPayloads.Trial(Plan.Baseline, SampleRange.Choice, 0, 8), EngineJson.Default.TrialPayload);
        await AddAsync([new Job(JobKind.Trial, "baseline", payload), Trial(1)], SweepControl.Default with { MaxAttempts = 1 });

        SweepStoppedException stopped = await Assert.ThrowsAsync<SweepStoppedException>(() => PassAsync(StartAsync(
            claim => claim.Job.Key == "baseline" ? throw new Engine.Runs.BaselineFailedException("net: NaN.") : DelegateHost.Done)));

        Assert.Equal("sweep a: was stopped: the uncompressed model came to no result in 1 attempts; the last: net: NaN.", stopped.Message);
        Assert.DoesNotContain("baseline", (await FailuresAsync()).Keys); // the other job may have come before the stop or not
    }

    [Fact]
    public async Task Run_AJobThatFailedTwice_RunsAlone()
    {
        await AddAsync(2);
        Options = Options with { Slots = 3 };
        TaskCompletionSource both = new(), claimed = new(), end = new();
        Store.OnClaim = claim =>
        {
            if (claim.Job.Key != "2")
            {
                return claim;
            }

            claimed.TrySetResult();
            return claim with { Attempts = 2 };
        };
        int running = 0;
        List<(string Key, int Before, int After)> ran = [];
        Task loop = StartAsync(async (claim, _) =>
        {
            int before = Interlocked.Increment(ref running);
            if (claim.Sequence < 2)
            {
                if (before == 2)
                {
                    both.SetResult();
                }

                await end.Task;
            }

            await YieldAsync();
            lock (ran)
            {
                ran.Add((claim.Job.Key, before, Interlocked.Decrement(ref running)));
            }

            return DelegateHost.Done;
        });

        await both.Task; // two run, the suspect comes to the third slot
        await Store.AppendJobsAsync(SweepId, 2, [Trial(2), Trial(3), Trial(4)], default);
        await claimed.Task;
        await YieldAsync();
        end.SetResult();
        await PassAsync(loop);

        Assert.Equal(5, ran.Count);
        Assert.Contains(("2", 1, 0), ran); // nobody was there when it began, nor when it ended

        static async Task YieldAsync()
        {
            for (int i = 0; i < 100; i++)
            {
                await Task.Yield(); // others could begin now, if they were let
            }
        }
    }

    [Fact]
    public async Task Run_AJobThatTakesTooLong_IsCancelledAndInTheEndSetAside()
    {
        await AddAsync(1, s_limited);
        using SemaphoreSlim begun = new(0);
        int cancelled = 0;
        Task loop = StartAsync(async (_, cancellationToken) =>
        {
            TaskCompletionSource stopped = new();
            using CancellationTokenRegistration registration = cancellationToken.Register(stopped.SetResult);
            begun.Release();
            await stopped.Task;
            Interlocked.Increment(ref cancelled);
            throw new OperationCanceledException(cancellationToken);
        });

        for (int attempt = 0; attempt < 2; attempt++)
        {
            await PassUntilAsync(begun.WaitAsync(), loop);
            while (Volatile.Read(ref cancelled) == attempt)
            {
                Time.Move(TimeSpan.FromMinutes(1)); // the limit's timer may not be there yet
                await Task.WhenAny(loop, Task.Delay(TimeSpan.FromMilliseconds(1)));
            }
        }

        await PassAsync(loop);
        Assert.Equal("set aside after 2 attempts without a result; the last: took longer than the limit of 10 min", (await FailuresAsync())["0"]);
        Assert.Equal(2, cancelled);
    }

    [Fact]
    public async Task Run_AJobThatTakesTooLongAndDoesNotListen_IsGivenToOthersAtOnce()
    {
        await AddAsync(1, s_limited);
        Options = Options with { Lease = TimeSpan.FromDays(10) };
        TaskCompletionSource begun = new(), end = new();
        Task loop = StartAsync(async (_, _) =>
        {
            begun.TrySetResult();
            await end.Task;
            return DelegateHost.Done;
        });
        await begun.Task;

        while (Store.Failed.IsEmpty)
        {
            Time.Move(TimeSpan.FromMinutes(1)); // the limit's timer may not be there yet
            await Task.WhenAny(loop, Task.Delay(TimeSpan.FromMilliseconds(1)));
        }

        Time.Move(TimeSpan.FromSeconds(2));
        Claim other = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "other", 1, TimeSpan.FromHours(1), default));
        Assert.Equal(1, other.Attempts);
        await Store.TryRecordAsync(other, JobResult.Of("{}"), [], default);
        end.SetResult();
        await PassAsync(loop);
        Assert.Empty(Finished);
    }

    [Fact]
    public async Task Run_AJobThatEndsAsItsTimeIsOver_HasItsResult()
    {
        TaskCompletionSource<JobOutcome> job = new();
        Claim claim = new(SweepId, 0, Trial(0), 1, "test") { TimeLimit = TimeSpan.FromMinutes(10) };
        using HeldClaim held = new(claim);
        AttemptRunner runner = new(
            Store, new EndingHost(job.Task), Options, new LeaseKeeper(Store, Options, Time), new Prefetch(1), new SetAsideSweeps(Time), new NextLook(Time), Time);
        HeldBackContext context = new();
        ValueTask<(JobOutcome Outcome, TimeSpan Elapsed)?> running = context.Run(() => runner.RunAsync(held, default));

        Time.Move(TimeSpan.FromMinutes(10)); // the limit has been hit, but the runner has not heard of it yet
        job.SetResult(DelegateHost.Done);
        context.RunAll();

        Assert.Same(DelegateHost.Done, (await running)?.Outcome);
        Assert.Empty(Store.Failed);
    }

    [Fact]
    public async Task Run_SomebodyStopsAJobAtItsHost_GivesItBackWithoutBlame()
    {
        await AddAsync(2);
        using CancellationTokenSource stopped = new();
        await stopped.CancelAsync();
        int attempts = 0;

        Task loop = StartAsync(claim => claim.Job.Key == "0" && ++attempts <= 3 ? throw new OperationCanceledException(stopped.Token) : DelegateHost.Done);
        while (Store.Asked.Count < 2)
        {
            await Task.Yield();
        }

        Assert.Equal((1, 0), (attempts, Finished.Count)); // the sweep is not taken up again at once
        await PassAsync(loop);
        Assert.Empty(Store.Failed);
        Assert.Equal(["0", "0", "0"], Store.Released);
        Assert.Equal(2, Finished.Count);
    }

    [Fact]
    public async Task Run_OneJobAfterTheOtherFails_SlowsDown()
    {
        await AddAsync(4);

        await PassAsync(StartAsync(_ => throw new IOException("No space left on device")));

        Assert.Equal(20, Store.Failed.Count);
        double[] waits = [.. LoopTime.Waits.Select(wait => wait.TotalSeconds)];
        Assert.Equal([4, 8, 16, 32, .. Enumerable.Repeat(60.0, 12)], waits.Where(wait => wait is > 2 and <= 60 and not 5)); // less it also waits for jobs, and 5 s for an answer when it leaves
    }

    [Fact]
    public async Task Run_AnotherResultThanTheRecorded_EndsTheLoop()
    {
        await AddAsync(3);
        Store.OnRecord = claim => throw new ResultConflictException($"job {claim.Sequence}: found another result.");

        await Assert.ThrowsAsync<ResultConflictException>(() => PassAsync(StartAsync(_ => DelegateHost.Done)));

        Assert.Empty(Store.Failed);
    }

    [Fact]
    public async Task Run_TheStoreIsLostInAJob_EndsTheLoopAndBlamesNobody()
    {
        await AddAsync(3);

        await Assert.ThrowsAsync<StoreUnavailableException>(() => PassAsync(StartAsync(_ => throw new StoreUnavailableException("gone", null))));

        Assert.Empty(Store.Failed);
        Assert.Equal(0, (await Store.ReadStatusAsync(SweepId, default)).Leased);
    }

    [Fact]
    public async Task Run_AnotherAttemptWasFirst_CountsNothing()
    {
        await AddAsync(2);
        Store.OnClaim = claim =>
        {
            if (claim.Job.Key == "0")
            {
                Store.TryRecordAsync(claim, JobResult.Of("{}"), [], default).Wait();
            }

            return claim;
        };

        await PassAsync(StartAsync(_ => DelegateHost.Done));

        Assert.Equal("1", Assert.Single(Finished).Claim.Job.Key);
    }

    private async Task PassUntilAsync(Task condition, Task loop)
    {
        await PassAsync(Task.WhenAny(condition, loop));
        Assert.True(condition.IsCompleted);
    }

    private sealed class EndingHost(Task<JobOutcome> job) : IJobHost
    {
        public Task<JobOutcome> RunAsync(Claim claim, CancellationToken cancellationToken) => job;
    }

    /// <summary>Holds back what follows an await until it is told to go on.</summary>
    private sealed class HeldBackContext : SynchronizationContext
    {
        private readonly Queue<Action> _held = new();

        public override void Post(SendOrPostCallback d, object? state) => _held.Enqueue(() => d(state));

        public T Run<T>(Func<T> work)
        {
            SynchronizationContext? before = Current;
            SetSynchronizationContext(this);
            try
            {
                return work();
            }
            finally
            {
                SetSynchronizationContext(before);
            }
        }

        public void RunAll()
        {
            while (_held.TryDequeue(out Action? next))
            {
                Run<object?>(() =>
                {
                    next();
                    return null;
                });
            }
        }
    }
}
