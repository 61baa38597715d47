using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;
using SweepCluster.Graphs;
using SweepCluster.Orleans.Jobs;

namespace SweepCluster.Orleans.Tests.Jobs;

/// <summary>A job runs whatever the cluster is like.</summary>
public sealed class GrainJobHostTests
{
    public static TheoryData<string, int> Troubles => new()
    {
        { nameof(SiloUnavailableException), 3 }, // may pass: tried again, with a limit
        { nameof(TimeoutException), 3 },
        { nameof(ObjectDisposedException), 1 }, // this silo leaves the cluster
        { nameof(InvalidOperationException), 1 },
    };

    [Fact]
    public async Task Run_NoMemberOfACluster_RunsByAPlainCall()
    {
        StubHost plain = new((_, _) => Task.FromResult(FakeJobs.Done));
        Claim claim = FakeJobs.Claim(FakeJobs.Layer("w"));

        JobOutcome outcome = await Host(plain).RunAsync(claim, default);

        Assert.Same(FakeJobs.Done, outcome);
        Assert.Same(claim, Assert.Single(plain.Claims));
    }

    [Theory, MemberData(nameof(Troubles))]
    public async Task Run_GrainsCannotBeReached_RunsAllTheSameOnce(string trouble, int calls)
    {
        StubHost plain = new((_, _) => Task.FromResult(FakeJobs.Done));
        (IGrainFactory grains, Func<int> called) = Unreachable.Create(() => trouble switch
        {
            nameof(SiloUnavailableException) => new SiloUnavailableException(),
            nameof(TimeoutException) => new TimeoutException(),
            nameof(ObjectDisposedException) => new ObjectDisposedException("host"),
            _ => new InvalidOperationException(),
        });
        GrainJobHost host = Host(plain);
        host.Sit(new ClusterSeat(grains, "here"));

        JobOutcome outcome = await host.RunAsync(FakeJobs.Claim(FakeJobs.Layer("w")), default);

        Assert.Same(FakeJobs.Done, outcome);
        Assert.Single(plain.Claims);
        Assert.Equal(calls, called());
    }

    [Fact]
    public async Task Run_AJobThatFails_FailsWithTheVerySameError()
    {
        BadInputException error = new("layer 'x': found NaN.");
        StubHost plain = new((_, _) => Task.FromException<JobOutcome>(error));

        Assert.Same(error, await Assert.ThrowsAsync<BadInputException>(() => Host(plain).RunAsync(FakeJobs.Claim(FakeJobs.Layer("w")), default)));
    }

    [Fact]
    public async Task Run_ClaimLost_StopsTheJobAndForgetsIt()
    {
        using CancellationTokenSource lost = new();
        TaskCompletionSource begun = new();
        StubHost plain = new(async (_, stop) =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, stop);
            return FakeJobs.Done;
        });
        SiloWork work = new("a silo", 1, plain, TimeProvider.System);
        Task<JobOutcome> running = new GrainJobHost(work, TimeProvider.System).RunAsync(FakeJobs.Claim(FakeJobs.Probe("p")), lost.Token);
        await begun.Task;
        WorkItem item = Assert.Single(work.Items);

        await lost.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal((JobKind.Probe, "p", new JobId("a sweep", 3, 1)), (item.Kind, item.Subject, item.Job));
        Assert.Empty(work.Items);
    }

    [Fact]
    public async Task Stop_AnotherSweep_LeavesTheJob()
    {
        TaskCompletionSource<JobOutcome> end = new();
        SiloWork work = new("a silo", 1, new StubHost((_, stop) => end.Task.WaitAsync(stop)), TimeProvider.System);
        Task<JobOutcome> running = new GrainJobHost(work, TimeProvider.System).RunAsync(FakeJobs.Claim(FakeJobs.Layer("w")), default);

        Assert.Equal(0, work.Stop("another sweep"));
        end.SetResult(FakeJobs.Done);
        Assert.Same(FakeJobs.Done, await running);
        Assert.Equal(0, work.Stop("a sweep"));
    }

    [Fact]
    public async Task Stop_ItsSweep_SetsTheSweepAsideForAMoment()
    {
        SiloWork work = new("a silo", 1, new StubHost(async (_, stop) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, stop);
            return FakeJobs.Done;
        }), TimeProvider.System);
        Task<JobOutcome> running = new GrainJobHost(work, TimeProvider.System).RunAsync(FakeJobs.Claim(FakeJobs.Layer("w")), default);

        Assert.Equal(1, work.Stop("a sweep"));

        SweepSetAsideException error = await Assert.ThrowsAsync<SweepSetAsideException>(() => running); // given back, no attempt counted, the silo goes on
        Assert.NotNull(error.Pause);
    }

    [Fact]
    public async Task Run_PayloadOfAnotherVersion_IsRefusedAsItIsWithoutACluster()
    {
        StubHost plain = new((_, _) => Task.FromResult(FakeJobs.Done));

        await Assert.ThrowsAsync<BadInputException>(() => Host(plain).RunAsync(FakeJobs.Claim(new Job(JobKind.Trial, "k", "[]")), default));

        Assert.Empty(plain.Claims);
    }

    private static GrainJobHost Host(IJobHost plain) => new(new SiloWork("a silo", 1, plain, TimeProvider.System), TimeProvider.System);
}
