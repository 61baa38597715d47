using SweepCluster.Engine.Clusters;
using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Tests.Clusters;

/// <summary>Why a sweep waits, in words.</summary>
public sealed class StandstillTests
{
    private static readonly SweepListing s_sweep = new(
        new SweepRecord("a", "a", "spec", "model", "data", "0.1.0", "{}") { Needs = new SweepNeeds(100L << 20, 10L << 20, RunsCommand: false) }, new SweepStatus(10, 4, 0));

    [Fact]
    public void Of_SomebodyCanTakeIt_IsNull()
    {
        Assert.Null(Standstill.Of(s_sweep, [Silo("old", "0.0.9"), Silo("able", "0.1.0")]));
        Assert.Null(Standstill.Of(s_sweep with { Status = new SweepStatus(10, 4, 1) }, [])); // a silo that was struck off may still hold a job
    }

    [Fact]
    public void Of_ASweepThatIsNotToRun_IsNull()
    {
        Assert.Null(Standstill.Of(s_sweep with { Status = new SweepStatus(10, 10, 0) }, []));
        Assert.Null(Standstill.Of(s_sweep with { Status = s_sweep.Status with { Control = SweepControl.Default with { Phase = SweepPhase.Paused } } }, []));
    }

    [Fact]
    public void Of_NoSilo_SaysSo() => Assert.Equal("no silo is there", Standstill.Of(s_sweep, []));

    [Fact]
    public void Of_SilosOfOtherVersionsAlone_NamesTheVersions() => Assert.Equal(
        "it is of version 0.1.0, and none of the silos that are there (3) is: they are of 0.2.0, 0.3.0; start a silo of 0.1.0, or hand its spec in again with a program of their version",
        Standstill.Of(s_sweep, [Silo("a", "0.3.0"), Silo("b", "0.2.0"), Silo("c", "0.2.0")]));

    [Fact]
    public void Of_SilosThatAreTooSmall_GivesTheReasonsOfSome() => Assert.Equal(
        "none of the silos that are there (5) can take it: s0: 110 MiB of memory are needed on its 1 slots, it has 50 MiB; s1: 110 MiB of memory are needed on its 1 slots, it has 50 MiB; "
            + "s2: 110 MiB of memory are needed on its 1 slots, it has 50 MiB; ..",
        Standstill.Of(s_sweep, [.. Enumerable.Range(0, 5).Select(i => Silo($"s{i}", "0.1.0", memory: 50L << 20))]));

    private static SiloStatus Silo(string name, string version, long memory = 1L << 30) =>
        new(new SiloRecord(name, version, new SiloCapacity(1, memory, AllowsCommands: false)), default, TimeSpan.Zero, 0);
}
