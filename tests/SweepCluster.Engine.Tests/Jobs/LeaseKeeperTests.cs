using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Tests.Jobs;

public sealed class LeaseKeeperTests : LoopFixture
{
    private TimeSpan Third => Options.Lease / 3;

    [Fact]
    public async Task Run_AClaimIsLost_CancelsItsJobAndTheSlotGoesOn()
    {
        await AddAsync(2);
        TaskCompletionSource begun = new(), cancelled = new();
        Task loop = StartAsync(async (claim, cancellationToken) =>
        {
            if (claim.Job.Key == "0" && claim.Epoch == 1)
            {
                using CancellationTokenRegistration registration = cancellationToken.Register(cancelled.SetResult);
                begun.SetResult();
                await cancelled.Task;
                cancellationToken.ThrowIfCancellationRequested();
            }

            return DelegateHost.Done;
        });
        await begun.Task;

        await RenewAsync();
        Assert.False(cancelled.Task.IsCompleted);
        Store.Holds = claim => claim.Job.Key != "0";
        Time.Move(Third);
        await cancelled.Task;
        Store.Holds = _ => true;

        await PassAsync(loop);
        Assert.Empty(Store.Failed); // no blame
        Assert.Equal(["0", "1"], Finished.Select(job => job.Claim.Job.Key).Order());
    }

    [Fact]
    public async Task Run_TheSweepIsCancelled_StopsItsJobsWithinARenewalPeriod()
    {
        await AddAsync(2);
        TaskCompletionSource begun = new(), cancelled = new();
        Task loop = StartAsync(async (_, cancellationToken) =>
        {
            using CancellationTokenRegistration registration = cancellationToken.Register(cancelled.SetResult);
            begun.SetResult();
            await cancelled.Task;
            throw new OperationCanceledException(cancellationToken);
        });
        await begun.Task;

        await Store.ChangeAsync(SweepId, control => control with { Phase = SweepPhase.Cancelled }, default);
        Time.Move(Third);
        await cancelled.Task;

        SweepStoppedException stopped = await Assert.ThrowsAsync<SweepStoppedException>(() => PassAsync(loop));
        Assert.Equal("sweep a: was cancelled.", stopped.Message);
    }

    [Fact]
    public async Task Run_ToTheEnd_IsSeenThreeTimesALeaseAndLeaves()
    {
        await AddAsync(1);
        TaskCompletionSource begun = new(), end = new();
        Task loop = StartAsync(async (_, _) =>
        {
            begun.SetResult();
            await end.Task;
            return DelegateHost.Done;
        });
        await begun.Task;
        Assert.Equal(1, Store.Beats);

        for (int beats = 2; beats <= 4; beats++)
        {
            await RenewAsync();
            Assert.Equal(beats, Store.Beats);
        }

        Assert.Equal(new SiloRecord("test", Engine.Sessions.SweepModel.Version, Options.Capacity!), Store.Joined);
        Assert.Null(Store.Left);
        end.SetResult();
        await PassAsync(loop);
        Assert.Equal("test", Store.Left);
    }

    [Fact]
    public async Task Run_JobsClaimedAheadThatNoSlotBegins_AreGivenBack()
    {
        await AddAsync(40);
        TaskCompletionSource begun = new(), end = new();
        Task loop = StartAsync(async (claim, _) =>
        {
            if (claim.Sequence == 10) // shorter ones before it: more than one is claimed at a time by now
            {
                begun.TrySetResult();
                await end.Task;
            }

            return DelegateHost.Done;
        });
        await begun.Task;
        long leased = (await Store.ReadStatusAsync(SweepId, default)).Leased;

        await RenewAsync();
        Assert.Empty(Store.Released); // they have not waited for long
        await RenewAsync();

        Assert.True(leased > 1);
        Assert.Equal(1, (await Store.ReadStatusAsync(SweepId, default)).Leased);
        end.SetResult();
        await PassAsync(loop);
        Assert.Equal(40, Finished.Count);
    }
}
