using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;
using SweepCluster.Testing;

namespace SweepCluster.Engine.Tests.Jobs;

public sealed class ClaimQueueTests : LoopFixture
{
    [Fact]
    public async Task Run_ShortJobs_AsksForMoreAndMoreAtATime()
    {
        await AddAsync(600);

        await StartAsync(_ => DelegateHost.Done); // the clock stands still

        Assert.Equal([1, 2, 4, 8, 16, 32, 64, 128, 256, 512], Store.Asked.Take(10));
        Assert.Equal(600, Finished.Count);
    }

    [Fact]
    public async Task Run_JobsOfASecond_AsksForOneAtATime()
    {
        await AddAsync(20);

        await StartAsync(_ =>
        {
            Time.Move(TimeSpan.FromSeconds(1));
            return DelegateHost.Done;
        });

        Assert.All(Store.Asked, asked => Assert.Equal(1, asked));
        Assert.Empty(Store.Released);
    }

    [Fact]
    public async Task Run_NothingLeftToClaim_StartsACopyOfALateJobAndTheFirstResultStands()
    {
        await AddAsync(2);
        Claim late = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any, "other", 1, TimeSpan.FromHours(1), default));
        Store.OnCopy = () => late with { Silo = "test", IsCopy = true };

        await PassAsync(StartAsync(claim =>
        {
            if (claim.IsCopy)
            {
                Store.OnCopy = () => null;
            }

            return DelegateHost.Done;
        }));

        Assert.Equal(["0", "1"], Finished.Select(job => job.Claim.Job.Key).Order());
        Assert.True(Finished.Single(job => job.Claim.Job.Key == "0").Claim.IsCopy);
        Assert.Equal(RecordOutcome.Superseded, await Store.TryRecordAsync(late, JobResult.Of("{}"), [], default));
    }

    [Fact]
    public async Task Run_SweepIsPaused_WaitsUntilItGoesOn()
    {
        await AddAsync(2, SweepControl.Default with { Phase = SweepPhase.Paused });
        Task loop = StartAsync(_ => DelegateHost.Done);
        await LookAsync(3);
        Assert.False(loop.IsCompleted);
        Assert.Empty(Finished);

        await Store.ChangeAsync(SweepId, control => control with { Phase = SweepPhase.Running }, default);

        await PassAsync(loop);
        Assert.Equal(2, Finished.Count);
    }

    [Theory]
    [InlineData(SweepPhase.Cancelled, null, "sweep a: was cancelled.")]
    [InlineData(SweepPhase.Stopped, "no disk", "sweep a: was stopped: no disk")]
    public async Task Run_SweepThatSomebodyStopped_EndsAndSaysSo(SweepPhase phase, string? reason, string message)
    {
        await AddAsync(2, SweepControl.Default with { Phase = phase, Reason = reason });

        SweepStoppedException stopped = await Assert.ThrowsAsync<SweepStoppedException>(() => PassAsync(StartAsync(_ => DelegateHost.Done)));

        Assert.Equal(message, stopped.Message);
    }

    [Fact]
    public async Task Run_SweepThatIsRemoved_EndsAndSaysSo()
    {
        await AddAsync(2, SweepControl.Default with { Phase = SweepPhase.Paused });
        Task loop = StartAsync(_ => DelegateHost.Done);

        await Store.RemoveSweepAsync(SweepId, default);

        Assert.Equal("sweep a: was removed.", (await Assert.ThrowsAsync<SweepStoppedException>(() => PassAsync(loop))).Message);
    }

    [Fact]
    public async Task Run_SweepThatIsRemovedWhileAJobRuns_PassesTheResultOver()
    {
        await AddAsync(1);
        using CancellationTokenSource stop = new();
        TaskCompletionSource begun = new(), end = new();
        Task loop = StartAsync(
            async (claim, _) =>
            {
                if (claim.SweepId == SweepId)
                {
                    begun.SetResult();
                    await end.Task;
                }
                else
                {
                    await stop.CancelAsync(); // reached the next sweep
                }

                return DelegateHost.Done;
            },
            sweepId: null,
            stop.Token);
        await begun.Task;
        await Store.ChangeAsync(SweepId, control => control with { Phase = SweepPhase.Cancelled }, default);
        await Store.RemoveSweepAsync(SweepId, default);
        await Store.AddSweepAsync(new SweepRecord("b", "b", "", "", null, "", "{}"), SweepControl.Default, [Trial(0)], default);
        end.SetResult();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PassAsync(loop));

        Assert.True((await Store.ReadStatusAsync("b", default)).IsFinished);
    }

    [Fact]
    public async Task Run_SweepThatMustWait_IsLeftAloneForAWhileAndThenTakenUp()
    {
        await AddAsync(2);
        int refused = 0;

        await PassAsync(StartAsync(_ => ++refused <= 3 ? throw new SweepSetAsideException("no room", null, TimeSpan.FromSeconds(1)) : DelegateHost.Done));

        Assert.Equal(2, Finished.Count);
        Assert.Empty(Store.Failed);
        Assert.True(Time.GetUtcNow() - HandTime.Start >= TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Run_OnlyAJobThatRestsIsLeft_IsTakenUpWhenItsPauseIsOver()
    {
        await AddAsync(1);
        Options = Options with { Poll = TimeSpan.FromHours(10) };
        int attempts = 0;

        await PassAsync(StartAsync(_ => ++attempts == 1 ? throw new IOException("No space left on device") : DelegateHost.Done));

        Assert.Single(Finished);
        Assert.InRange(LoopTime.Waits.First(wait => wait != Options.Lease / 3), TimeSpan.Zero, TimeSpan.FromSeconds(1.1));
    }

    [Fact]
    public async Task Silo_TwoOfOneProcess_HaveDifferentNames() =>
        await Task.Run(() => Assert.NotEqual(new JobLoopOptions().Silo, new JobLoopOptions().Silo));
}
