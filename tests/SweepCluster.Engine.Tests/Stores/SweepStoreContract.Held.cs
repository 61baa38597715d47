using System.Collections.Immutable;
using SweepCluster.Engine.Jobs;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Tests.Stores;

public abstract partial class SweepStoreContract
{
    [Fact]
    public async Task ListHeld_JobsOfSeveralSilos_TellsEachBySiloSweepAndPlace()
    {
        await Store.AddSweepAsync(Sweep("b"), SweepControl.Default, [Job("0"), Job("1"), Job("2")], default);
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0")], default);
        await Store.ClaimAsync(ClaimFilter.Any with { SweepId = "b" }, "beta", 1, s_lease, default);
        await Store.ClaimAsync(ClaimFilter.Any with { SweepId = "b" }, "alpha", 1, s_lease, default);
        Claim other = Assert.Single(await Store.ClaimAsync(ClaimFilter.Any with { SweepId = "a" }, "alpha", 1, s_lease, default));
        await PassAsync(s_lease * 0.25);

        ImmutableArray<HeldJob> held = await Store.ListHeldAsync(default);

        Assert.Equal([("alpha", "a", 0L), ("alpha", "b", 1L), ("beta", "b", 0L)], held.Select(job => (job.Silo, job.SweepId, job.Sequence)));
        Assert.Equal(other.Job, held[0].Job);
        Assert.All(held, job => Assert.InRange(job.Age, s_lease * 0.25, s_lease * 0.5));
        Assert.All(held, job => Assert.False(job.IsCopy));
    }

    [Fact]
    public async Task ListHeld_RecordedReleasedAndRunOut_TellsNoneOfThem()
    {
        await Store.AddSweepAsync(Sweep("a"), SweepControl.Default, [Job("0"), Job("1"), Job("2"), Job("3")], default);
        ImmutableArray<Claim> claims = await Store.ClaimAsync(ClaimFilter.Any, "silo", 4, s_lease * 0.5, default);
        await Store.TryRecordAsync(claims[0], JobResult.Of("1"), [], default);
        await Store.ReleaseAsync([claims[1]], default);
        await PassAsync(s_lease * 0.25);
        await Store.RenewAsync([claims[3]], s_lease, default);
        await PassAsync(s_lease * 0.25);

        HeldJob held = Assert.Single(await Store.ListHeldAsync(default));

        Assert.Equal(3, held.Sequence);
        Assert.InRange(held.Age, s_lease * 0.5, s_lease); // since it was claimed, not since it was renewed
    }

    [Theory]
    [InlineData(JobKind.Layer, """{"weight":"conv1","schemes":["x"]}""", "conv1")]
    [InlineData(JobKind.Probe, """{"layer":"conv2","schemes":["x"],"start":0,"count":5}""", "conv2")]
    [InlineData(JobKind.Coordinate, """{"round":3}""", null)]
    [InlineData(JobKind.Trial, """{"of":"another version"}""", null)]
    [InlineData(JobKind.Layer, "no JSON", null)]
    public void About_Job_IsItsLayerAsFarAsThisVersionCanRead(JobKind kind, string payload, string? about) =>
        Assert.Equal(about, new HeldJob("a", 0, new Job(kind, "key", payload), "silo", TimeSpan.Zero, IsCopy: false).About);
}
