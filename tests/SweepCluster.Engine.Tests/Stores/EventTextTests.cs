using SweepCluster.Engine.Stores;

namespace SweepCluster.Engine.Tests.Stores;

public sealed class EventTextTests
{
    [Fact]
    public void Joined_SiloWithMemory_HasAUnit() => Assert.Equal(
        "a joined: version 0.1.0, 4 slots, 8.59 GB of memory", EventText.Joined(new SiloRecord("a", "0.1.0", new SiloCapacity(4, 8L << 30, false))));

    [Fact]
    public void Changed_PhaseAndPriority_AreInTheWordsOfTheList() => Assert.Equal(
        "'tiny': phase running -> paused, priority 0 -> 3", EventText.Changed("tiny", SweepControl.Default, SweepControl.Default with { Phase = SweepPhase.Paused, Priority = 3 }));

    [Fact]
    public void Changed_TimeLimit_IsWrittenAsCommandsTakeIt() => Assert.Equal(
        "'tiny': time limit none -> 10m", EventText.Changed("tiny", SweepControl.Default, SweepControl.Default with { TimeLimit = TimeSpan.FromMinutes(10) }));
}
