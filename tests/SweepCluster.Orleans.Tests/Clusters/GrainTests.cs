using System.Collections.Concurrent;
using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;
using SweepCluster.Orleans.Jobs;
using SweepCluster.Orleans.Silos;
using SweepCluster.Orleans.Sweeps;
using SweepCluster.Orleans.Tests.Jobs;
using SweepCluster.Sweeps.Plans;

namespace SweepCluster.Orleans.Tests.Clusters;

/// <summary>Jobs in the grains of several silos in one process, seen and stopped from elsewhere.</summary>
public sealed class GrainTests
{
    private static readonly string s_trial = FakeJobs.Trial(Plan.Baseline).Key;

    [Fact]
    public async Task Run_JobsOfEveryKind_RunInGrainsOnTheSiloThatClaimedThem()
    {
        HeldJobs held = new();
        await using TestSilos silos = await TestSilos.StartAsync(3, (name, _) => held.HostOf(name));
        await SubmitAsync(silos, "s", FakeJobs.Layer("w"), FakeJobs.Probe("p"), FakeJobs.Trial(Plan.Baseline), FakeJobs.Coordinator(0));
        silos.BeginToWork();
        string layer = await held.WaitForAsync("layer w"), probe = await held.WaitForAsync("probe p"), trial = await held.WaitForAsync(s_trial);

        SweepView view = await silos.Client.LookAsync("s", default);

        Assert.Equal(new SweepCounts(4, 0, 3, 0, SweepPhase.Running, false), view.Counts);
        Assert.Empty(view.Silent);
        Assert.Equal(
            [(layer, JobKind.Layer, "w"), (probe, JobKind.Probe, "p"), (trial, JobKind.Trial, Plan.Baseline.Label)],
            view.Silos.SelectMany(silo => silo.Work.Select(item => (silo.Name, item.Kind, item.Subject))).OrderBy(item => item.Kind));
        Assert.Equal([layer, probe], (await PlacesAsync(silos, nameof(LayerGrain))).Order());
        Assert.Equal([trial], await PlacesAsync(silos, nameof(TrialGrain)));
        Assert.Empty(await PlacesAsync(silos, nameof(CoordinatorGrain)));

        foreach (string key in (string[])["layer w", "probe p", s_trial])
        {
            held.Release(key);
        }

        string coordinator = await held.WaitForAsync("round 0");
        Assert.Equal([coordinator], await PlacesAsync(silos, nameof(CoordinatorGrain)));
        held.Release("round 0");
        await foreach (SweepCounts counts in silos.Client.WatchAsync("s", default))
        {
            Assert.True(counts.Results <= counts.Jobs);
        }

        Assert.True((await silos.Silos[0].Store.ReadStatusAsync("s", default)).IsFinished);
    }

    [Fact]
    public async Task Look_SiloWhoseThreadsAllCompute_IsAnswered()
    {
        using CancellationTokenSource enough = new();
        using ComputeThreads compute = new(Environment.ProcessorCount);
        TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        StubHost busy = new((_, stop) => compute.RunAsync(
            _ =>
            {
                begun.TrySetResult();
                double sum = 0;
                while (!enough.IsCancellationRequested)
                {
                    sum += Math.Sqrt(sum + 1);
                }

                return FakeJobs.Done;
            },
            stop));
        await using TestSilos silos = await TestSilos.StartAsync(1, (_, _) => busy);
        await SubmitAsync(silos, "s", FakeJobs.Layer("w"));
        silos.BeginToWork();
        await begun.Task;
        for (int i = 1; i < Environment.ProcessorCount; i++)
        {
            _ = busy.RunAsync(FakeJobs.Claim(FakeJobs.Layer($"other {i}")), default); // every thread for arithmetic
        }

        for (int i = 0; i < 20; i++)
        {
            SweepView view = await silos.Client.LookAsync("s", default); // while the work goes on: it ends when the test says so

            Assert.Equal("w", Assert.Single(Assert.Single(view.Silos).Work).Subject);
            Assert.Empty(view.Silent);
        }

        await enough.CancelAsync();
        await foreach (SweepCounts counts in silos.Client.WatchAsync("s", default))
        {
            Assert.Equal(1, counts.Jobs);
        }
    }

    [Fact]
    public async Task Cancel_FromAnotherSilo_StopsTheJobWhichIsNotClaimedAgainUntilTheSweepIsResumed()
    {
        HeldJobs held = new();
        await using TestSilos silos = await TestSilos.StartAsync(2, (name, _) => held.HostOf(name));
        await SubmitAsync(silos, "s", FakeJobs.Layer("w"));
        await SubmitAsync(silos, "other", FakeJobs.Layer("v"));
        silos.BeginToWork();
        string holder = await held.WaitForAsync("layer w"), other = await held.WaitForAsync("layer v");
        Assert.NotEqual(holder, other);
        ISweepGrain sweep = silos.Grains(silos.AddressOf(silos.Silos.Single(silo => silo.Name == other))).GetGrain<ISweepGrain>("s");

        Assert.Equal(SweepPhase.Cancelled, await sweep.CancelAsync());

        await foreach (SweepCounts counts in silos.Client.WatchAsync("s", default)) // ends at once: it is over
        {
            Assert.Equal((SweepPhase.Cancelled, 0), (counts.Phase, counts.Results));
        }

        await held.WaitForEndAsync("layer w");
        Assert.Equal("v", Assert.Single(Assert.Single((await silos.Client.LookAsync("other", default)).Silos).Work).Subject); // untouched
        Assert.Equal(SweepPhase.Running, await silos.Client.ResumeAsync("s", default));
        await held.WaitForAsync("layer w", epoch: 2);
        held.Release("layer w");
        held.Release("layer v");
        await foreach (SweepCounts counts in silos.Client.WatchAsync("s", default))
        {
            Assert.Equal(0, counts.Failures);
        }

        Assert.Equal(0, (await silos.Silos[0].Store.ReadStatusAsync("s", default)).Failures);
        Assert.True((await silos.Silos[0].Store.ReadStatusAsync("s", default)).IsFinished);
    }

    [Fact]
    public async Task Pause_FromOutside_LetsTheRunningJobEndAndBeginsNoOther()
    {
        HeldJobs held = new();
        await using TestSilos silos = await TestSilos.StartAsync(1, (name, _) => held.HostOf(name));
        await SubmitAsync(silos, "s", FakeJobs.Layer("w"), FakeJobs.Coordinator(0));
        silos.BeginToWork();
        await held.WaitForAsync("layer w");

        Assert.Equal(SweepPhase.Paused, await silos.Client.PauseAsync("s", default));
        held.Release("layer w");

        await foreach (SweepCounts counts in silos.Client.WatchAsync("s", default))
        {
            if (counts.Results == 1)
            {
                Assert.Equal((SweepPhase.Paused, 0), (counts.Phase, counts.Leased));
                break;
            }
        }

        Assert.Equal(SweepPhase.Running, await silos.Client.ResumeAsync("s", default));
        await held.WaitForAsync("round 0");
        held.Release("round 0");
    }

    [Fact]
    public async Task Pause_FinishedOrUnknownSweep_IsRefusedInTheProgramsOwnWords()
    {
        await using TestSilos silos = await TestSilos.StartAsync(1, (_, _) => new StubHost((_, _) => Task.FromResult(FakeJobs.Done)));
        await SubmitAsync(silos, "s", FakeJobs.Layer("w"));
        silos.BeginToWork();
        await foreach (SweepCounts counts in silos.Client.WatchAsync("s", default))
        {
            Assert.Equal(1, counts.Jobs);
        }

        WrongPhaseException finished = await Assert.ThrowsAsync<WrongPhaseException>(() => silos.Client.PauseAsync("s", default));
        await Assert.ThrowsAsync<NoSuchSweepException>(() => silos.Client.CancelAsync("none", default));

        Assert.EndsWith("found it finished, expected one that goes on.", finished.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_JobThatOutlastsManyCalls_RunsOnce()
    {
        HeldJobs held = new();
        ConcurrentQueue<string> calls = new();
        StubHost counted = new(held.HostOf("silo 0").RunAsync);
        await using TestSilos silos = await TestSilos.StartAsync(
            1, (_, _) => counted,
            silo => silo.AddIncomingGrainCallFilter(call =>
            {
                if (call.InterfaceMethod.DeclaringType == typeof(IJobGrain))
                {
                    calls.Enqueue(call.MethodName);
                    if (calls.Count == 5)
                    {
                        held.Release("layer w");
                    }
                }

                return call.Invoke();
            }),
            isImpatient: true);
        await SubmitAsync(silos, "s", FakeJobs.Layer("w"));
        silos.BeginToWork();

        await foreach (SweepCounts counts in silos.Client.WatchAsync("s", default))
        {
            Assert.Equal(1, counts.Jobs);
        }

        Assert.True(calls.Count >= 5, $"The grain was called {calls.Count} times.");
        Assert.Single(counted.Claims);
    }

    [Fact]
    public async Task Run_GrainOnASiloThatDoesNotHoldTheJob_SaysSo()
    {
        await using TestSilos silos = await TestSilos.StartAsync(1, (_, actors) => actors);

        Assert.Equal(JobState.NotHere, await silos.Cluster.Client.GetGrain<ITrialGrain>("nobody|s|p").RunAsync(new JobId("s", 0, 1)));
    }

    [Fact]
    public async Task Look_UnknownSweep_IsRefusedByName()
    {
        await using TestSilos silos = await TestSilos.StartAsync(2, (_, actors) => actors);

        ArgumentException look = await Assert.ThrowsAsync<ArgumentException>(() => silos.Client.LookAsync("none", default));
        ArgumentException watch = await Assert.ThrowsAsync<ArgumentException>(() => silos.Client.WatchFrontierAsync("none", default).GetAsyncEnumerator().MoveNextAsync().AsTask());

        Assert.StartsWith("No sweep has the id none.", look.Message, StringComparison.Ordinal);
        Assert.StartsWith("No sweep has the id none.", watch.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WatchFrontier_SweepThatNoSiloCanOpen_SaysWhyInTheProgramsOwnWords()
    {
        await using TestSilos silos = await TestSilos.StartAsync(1, (_, actors) => actors);
        await SubmitAsync(silos, "s", FakeJobs.Layer("w"));

        SweepSetAsideException error = await Assert.ThrowsAsync<SweepSetAsideException>(
            () => silos.Client.WatchFrontierAsync("s", default).GetAsyncEnumerator().MoveNextAsync().AsTask());

        Assert.StartsWith("sweep s: set aside on this silo until it is started again: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SiloGrain_SiloThatIsNoMember_IsUnavailable()
    {
        await using TestSilos silos = await TestSilos.StartAsync(1, (_, actors) => actors);
        string gone = SiloAddress.New(System.Net.IPAddress.Loopback, 1, 1).ToParsableString();

        await Assert.ThrowsAsync<SiloUnavailableException>(() => silos.Cluster.Client.GetGrain<ISiloGrain>(gone).LookAsync());
    }

    private static Task<bool> SubmitAsync(TestSilos silos, string id, params Job[] jobs) =>
        silos.Silos[0].Store.AddSweepAsync(FakeJobs.Sweep(id), SweepControl.Default, jobs, default);

    /// <summary>Names of the silos on which grains of a class are.</summary>
    private static async Task<string[]> PlacesAsync(TestSilos silos, string grain) => [..
        (await silos.Management.GetDetailedGrainStatistics())
        .Where(activation => activation.GrainType.Contains(grain, StringComparison.Ordinal))
        .Select(activation => silos.Of(activation.SiloAddress).Name)];
}
